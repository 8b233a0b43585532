"""Turns what was asked for on the command line into a checked request."""

from collections.abc import Sequence

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.output_file import Existing
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.schema import ControlMode
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.forms import PLAIN, resolve_languages
from vla_humanoid.tasks.core.splits import check_split

EXPERT_CONTROL_MODES: tuple[ControlMode, ...] = ("end_effector", "arm_joints", "right_arm")
"""What the scripted expert acts in; in "joints" nothing keeps the robot on its feet."""
WALKING_CONTROL_MODES: tuple[ControlMode, ...] = ("end_effector", "arm_joints")
"""What it walks in; "right_arm" commands no steps."""


def generation_request(
    *,
    task: str,
    episodes: int,
    seed: int,
    cameras: Sequence[str],
    image_size: int,
    randomization: Sequence[str],
    control_mode: str,
    keep_failures: bool,
    overwrite: bool,
    resume: bool,
    engine: str = "mujoco",
    physics: str = "",
    device: str = "",
    language: Sequence[str] = (PLAIN,),
    split: str = "all",
) -> tuple[GenerationConfig, Existing]:
    """Check a request for a dataset; arguments as in `GenerationConfig`.

    Raises:
        ConfigurationError: if it cannot be carried out; the message lists what is valid.
    """
    if overwrite and resume:
        raise ConfigurationError("--overwrite and --resume contradict each other; pass one.")
    try:
        walks = load_task(task, resolve_languages(language), check_split(split)).walks
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    modes = WALKING_CONTROL_MODES if walks else EXPERT_CONTROL_MODES
    if control_mode not in modes:
        raise ConfigurationError(
            f"Demonstrations of {task} cannot be generated in control mode {control_mode!r}; "
            f"choose one of {', '.join(modes)}."
        )
    config = GenerationConfig(
        task=task,
        episodes=episodes,
        seed=seed,
        cameras=tuple(cameras),
        image_size=image_size,
        randomization=tuple(randomization),
        control_mode=control_mode,
        keep_failures=keep_failures,
        engine=engine,
        physics=physics,
        device=device,
        language=tuple(language),
        split=split,
    )
    return config, "overwrite" if overwrite else "resume" if resume else "refuse"
