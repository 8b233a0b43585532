"""What a user chooses before an episode begins, checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.requests import EXPERT_CONTROL_MODES, WALKING_CONTROL_MODES
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.sims.engine_names import ENGINES
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.randomization import AXES, resolve_axes
from vla_humanoid.tasks.language.instruction import (
    INSTRUCTION_CHARSET,
    INSTRUCTION_MAX_LENGTH,
)
from vla_humanoid.viewer.errors import InvalidSetting

PolicyKind: TypeAlias = Literal["expert", "checkpoint", "server"]
POLICIES: tuple[PolicyKind, ...] = ("expert", "checkpoint", "server")
LARGEST_SEED = 2**31 - 1
_LONGEST_SEED = 20
"""Number of digits, leading zeros included."""


@dataclass(frozen=True)
class SessionSettings:
    """What determines an episode and what acts in it.

    Args:
        task: name of a task.
        seed: of the episode, 0 to `LARGEST_SEED`.
        sentence: what the robot is told; empty for the episode's own sentence.
        policy: what acts; one of `POLICIES`.
        location: of the policy: the folder of a checkpoint, or HOST:PORT of a server.
        randomization: axes of domain randomization that are on, in the order of `AXES`.
        control_mode: what actions mean.
        cameras: images to observe, some of `CAMERAS`, or none.
        image_size: height and width of images [px].
        engine: what simulates; one of `ENGINES`.

    Raises:
        InvalidSetting: naming the field and what is valid.
    """

    task: str = "PickPlace"
    seed: int = 0
    sentence: str = ""
    policy: PolicyKind = "expert"
    location: str = ""
    randomization: tuple[str, ...] = AXES
    control_mode: str = "end_effector"
    cameras: tuple[str, ...] = ("head",)
    image_size: int = 224
    engine: str = "mujoco"

    def __post_init__(self) -> None:
        _check_task(self.task)
        if isinstance(self.seed, bool) or not 0 <= self.seed <= LARGEST_SEED:
            raise _bad_seed(str(self.seed))
        if self.sentence != (plain := plain_sentence(self.sentence)):
            raise InvalidSetting("sentence", f"Write it without extra spaces: {plain!r}.")
        if self.policy not in POLICIES:
            raise InvalidSetting(
                "policy", f"Unknown policy {self.policy!r}; choose one of {', '.join(POLICIES)}."
            )
        _check_environment(self)

    def run_config(self) -> GenerationConfig:
        """Return the configuration of a run that has episodes of these settings, of any seed."""
        return GenerationConfig(
            self.task,
            cameras=self.cameras,
            image_size=self.image_size,
            randomization=self.randomization or ("none",),
            control_mode=self.control_mode,
            keep_failures=True,
            engine=self.engine,
        )


def parse_seed(text: str) -> int:
    """Return the seed that a user wrote.

    Raises:
        InvalidSetting: if it is not a whole number in range.
    """
    digits = text.strip()
    is_number = digits.isascii() and digits.isdecimal()
    # Python refuses to convert thousands of digits.
    if not is_number or len(digits) > _LONGEST_SEED or int(digits) > LARGEST_SEED:
        raise _bad_seed(text[: 2 * _LONGEST_SEED])
    return int(digits)


def plain_sentence(text: str) -> str:
    """Return a sentence that a user wrote with single spaces, or "" if there is none.

    Raises:
        InvalidSetting: if it is too long or holds characters that no instruction may hold.
    """
    sentence = " ".join(text.split())
    if len(sentence) > INSTRUCTION_MAX_LENGTH:
        raise InvalidSetting(
            "sentence",
            f"The sentence has {len(sentence)} characters; at most {INSTRUCTION_MAX_LENGTH} fit.",
        )
    if strange := sorted(set(sentence) - INSTRUCTION_CHARSET):
        raise InvalidSetting(
            "sentence",
            f"The sentence holds {' '.join(map(repr, strange))}; use English letters, digits and "
            ". , ; : ! ? ' -",
        )
    return sentence


def parse_policy(text: str) -> PolicyKind:
    """Return the kind of policy that a user chose.

    Raises:
        InvalidSetting: if there is no such kind.
    """
    if text not in POLICIES:
        raise InvalidSetting(
            "policy", f"Unknown policy {text!r}; choose one of {', '.join(POLICIES)}."
        )
    return cast("PolicyKind", text)


def ordered_axes(axes: Iterable[str]) -> tuple[str, ...]:
    """Return axes of randomization in the order of `AXES`.

    Raises:
        InvalidSetting: if one is unknown.
    """
    try:
        chosen = resolve_axes(axes)
    except ValueError as error:
        raise InvalidSetting("randomization", str(error)) from error
    return tuple(axis for axis in AXES if axis in chosen)


def _check_task(task: str) -> None:
    if task not in task_names():
        try:
            load_task(task)
        except ValueError as error:
            raise InvalidSetting("task", str(error)) from error


def _bad_seed(text: str) -> InvalidSetting:
    return InvalidSetting(
        "seed", f"The seed must be a whole number from 0 to {LARGEST_SEED}, not {text!r}."
    )


def _check_environment(settings: SessionSettings) -> None:
    walks = load_task(settings.task).walks
    modes = WALKING_CONTROL_MODES if walks else EXPERT_CONTROL_MODES
    if settings.control_mode not in modes:
        raise InvalidSetting(
            "control_mode",
            f"{settings.task} cannot be viewed in control mode {settings.control_mode!r}; choose "
            f"one of {', '.join(modes)}.",
        )
    if settings.engine not in ENGINES:
        raise InvalidSetting(
            "engine",
            f"Unknown engine {settings.engine!r}; choose one of {', '.join(ENGINES)}, which hold "
            "one world each.",
        )
    if settings.randomization != ordered_axes(settings.randomization):
        raise InvalidSetting("randomization", "Name each axis once, in the order of AXES.")
    try:
        settings.run_config()
    except ConfigurationError as error:
        field = "image_size" if "image_size" in str(error) else "cameras"
        raise InvalidSetting(field, str(error)) from error
