"""``vla-humanoid scenes``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console


def scenes(
    task: Positional[str],
    output: Path,
    count: int = 1000,
    seed: int = 0,
    workers: int = 2,
    cameras: tuple[str, ...] = ("head",),
    image_size: int = 224,
    randomization: Annotated[tuple[str, ...], arg(metavar="default|none|AXIS...")] = ("default",),
    overwrite: bool = False,
    language: Annotated[tuple[str, ...], arg(metavar="plain|all|FORM...")] = ("plain",),
    split: str = "all",
) -> int:
    """Make pictures of scenes, with all that can be asked for in them and where things are.

    Nothing is done in them: a picture takes a tenth of a second, a demonstration three.

    Args:
        task: name of the task, such as PickPlace; `vla-humanoid envs` lists them.
        output: HDF5 file to write; it is there once it is whole.
        count: number of scenes.
        seed: of the run; the same seed gives the same file for any number of workers.
        workers: number of processes.
        cameras: any of head, left_wrist, right_wrist.
        image_size: edge of the square images [pixels], 16 to 1024.
        randomization: default (all axes), none, or some of them; see `vla-humanoid generate`.
        overwrite: replace an output that is there.
        language: plain, all (that fit the task), or some of its forms.
        split: all, train, or one of the unseen ones; see `vla-humanoid generate`.
    """
    from rich.progress import Progress

    from vla_humanoid.data_collection.errors import ConfigurationError
    from vla_humanoid.data_collection.requests import generation_request
    from vla_humanoid.data_collection.scenes.making import make_scenes

    if count < 1:
        raise ConfigurationError(f"count must be at least 1, not {count}.")
    config, _ = generation_request(
        task=task,
        episodes=count,
        seed=seed,
        cameras=cameras,
        image_size=image_size,
        randomization=randomization,
        control_mode="end_effector",
        keep_failures=False,
        overwrite=overwrite,
        resume=False,
        language=language,
        split=split,
    )
    console = new_console()
    with Progress(console=console) as shown:
        bar = shown.add_task("scenes", total=count)
        make_scenes(
            config, output, workers, overwrite, lambda done: shown.update(bar, completed=done)
        )
    console.print(f"{count} scenes: {output}", soft_wrap=True)
    return 0
