"""``vla-humanoid``: a thin face over the rooms.

What a command needs is imported when it runs, so that ``--help`` answers at once.
"""

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import tyro
from tyro.conf import FlagCreatePairsOff, Positional, PositionalMetavarFromFieldName, arg

from vla_humanoid.assets.usd.requirements import UsdExportError, require_usd
from vla_humanoid.assets.usd.target import check_target
from vla_humanoid.data_collection.errors import (
    CollectionError,
    GenerationError,
    GenerationInterrupted,
)
from vla_humanoid.sims.graphics import GraphicsUnavailable

if TYPE_CHECKING:
    from rich.console import Console


def generate(
    task: Positional[str],
    output: Path,
    episodes: int = 50,
    seed: int = 0,
    workers: int = 2,
    cameras: tuple[str, ...] = ("head", "right_wrist"),
    image_size: int = 224,
    randomization: Annotated[tuple[str, ...], arg(metavar="default|none|AXIS...")] = ("default",),
    control_mode: str = "end_effector",
    keep_failures: bool = False,
    overwrite: bool = False,
    resume: bool = False,
    engine: str = "mujoco",
    physics: str = "",
    device: str = "",
    language: Annotated[tuple[str, ...], arg(metavar="plain|all|FORM...")] = ("plain",),
    split: str = "all",
) -> int:
    """Generate demonstrations of a task, or of all, with the scripted expert.

    Args:
        task: name of the task, such as PickPlace; `vla-humanoid envs` lists them. Or all.
        output: HDF5 file to write; while the run goes on it links to OUTPUT.parts. With all, a
            folder, in which each task has a file.
        episodes: number of successful episodes wanted.
        seed: of the run; the same seed gives the same file for any number of workers.
        workers: number of processes; with engine isaaclab, of worlds in one process.
        cameras: any of head, left_wrist, right_wrist, external; none of them for no images.
        image_size: edge of the square images [pixels], 16 to 1024.
        randomization: default (all axes), none, or some of lighting, colors, textures, camera,
            object_pose, object_size, object_mass, object_friction, table_height, distractors,
            actuator_strength, joint_friction, initial_posture, pushes, observation_noise,
            floor_friction, floor_slope, payload.
        control_mode: end_effector, arm_joints or right_arm; tasks that walk take the first two.
        keep_failures: record failed episodes as well; they are listed in mask/failed.
        overwrite: replace an output that is there.
        resume: complete an output that an interrupted run left; give the same arguments again.
        engine: mujoco, physx for NVIDIA PhysX (extra [physx]; images are the same), or isaaclab
            (extra [isaac], with images of its own).
        physics: what Isaac Lab drives: ovphysx, the default, newton, or physx inside Isaac Sim.
        device: cuda:0 for a GPU, with engine physx or isaaclab; a CPU if it is not given.
        language: plain, all (that fit the task), or some of relation, negation, sequence, hand,
            counting, condition, correction.
        split: all, train, or unseen_object, unseen_color, unseen_shape, unseen_pair, unseen_layout,
            unseen_template, unseen_composition.
    """
    from vla_humanoid.data_collection import generation, many_tasks, progress
    from vla_humanoid.data_collection.requests import generation_request

    console = _console()
    request = partial(
        generation_request,
        episodes=episodes,
        seed=seed,
        cameras=cameras,
        image_size=image_size,
        randomization=randomization,
        control_mode=control_mode,
        keep_failures=keep_failures,
        overwrite=overwrite,
        resume=resume,
        engine=engine,
        physics=physics,
        device=device,
        language=language,
        split=split,
    )

    def carry_out(run: many_tasks.Run) -> generation.Summary:
        with progress.report_progress(console) as on_progress:
            summary = generation.generate(
                run.config,
                run.output,
                workers=workers,
                existing=run.existing,
                on_progress=on_progress,
            )
        progress.print_summary(console, summary)
        return summary

    if task != many_tasks.ALL_TASKS:
        config, existing = request(task=task)
        carry_out(many_tasks.Run(config, output, existing))
        return 0
    runs, left_out = many_tasks.runs_of_all_tasks(output, lambda name: request(task=name))
    for one in left_out:
        console.print(f"left out    {one.task}: {one.reason}", soft_wrap=True)
    output.mkdir(parents=True, exist_ok=True)
    many_tasks.carry_out(runs, carry_out)
    return 0


def inspect(
    file: Positional[Path],
    video: Annotated[tuple[int, Path] | None, arg(metavar="K OUT.mp4")] = None,
    sheet: Annotated[Path | None, arg(metavar="OUT.png")] = None,
) -> int:
    """List what is inside a dataset file.

    Args:
        file: HDF5 file.
        video: write episode K (from 0) as a video.
        sheet: write a contact sheet: frames of the first episodes with their instructions.
    """
    from vla_humanoid.data_collection.dataset import open_dataset
    from vla_humanoid.data_collection.inspection import describe_dataset

    console = _console()
    with open_dataset(file) as dataset:
        console.print(describe_dataset(dataset))
        if video is not None:
            from vla_humanoid.data_collection.pictures import write_video

            write_video(dataset, video[0], video[1])
            console.print(f"video: {video[1]}", soft_wrap=True)
        if sheet is not None:
            from vla_humanoid.data_collection.pictures import write_contact_sheet

            write_contact_sheet(dataset, sheet)
            console.print(f"contact sheet: {sheet}", soft_wrap=True)
    return 0


def replay(
    file: Positional[Path], episodes: tuple[int, ...] = (), engine: str | None = None
) -> int:
    """Carry recorded actions out again and compare what happens with the record.

    The initial state is rebuilt from the recorded seed and compared with the recorded one.
    Exits with 1 if a recorded success does not succeed again, which in another engine than the
    recorded one may well be.

    Args:
        file: HDF5 file.
        episodes: numbers of the episodes, from 0; all if none is given.
        engine: mujoco or physx; by default the one that the file was made with.
    """
    from vla_humanoid.data_collection.dataset import open_dataset
    from vla_humanoid.data_collection.replay_report import report_replay

    with open_dataset(file) as dataset:
        all_repeated = report_replay(dataset, episodes, _console(), engine)
    return 0 if all_repeated else 1


def export_usd(
    output: Path,
    task: str | None = None,
    seed: int = 0,
    randomization: Annotated[tuple[str, ...], arg(metavar="default|none|AXIS...")] = ("default",),
    catalogue: bool = False,
    overwrite: bool = False,
) -> int:
    """Write robot, objects and scene as USD files, for Isaac Sim, PhysX and Newton.

    Without a task the robot alone is written, or the whole catalogue. It needs the extra [physx].

    Args:
        output: folder to write to; it must not exist yet.
        task: whose world, such as PickPlace; `vla-humanoid envs` lists them.
        seed: of the episode that the world belongs to.
        randomization: as for `generate`.
        catalogue: the robot and one of everything that a scene may hold, for engine="isaaclab".
        overwrite: replace an earlier export that is there.
    """
    if catalogue and task is not None:
        raise UsdExportError("The catalogue belongs to no task; leave out --task or --catalogue.")
    if task is None and (seed != 0 or randomization != ("default",)):
        raise UsdExportError("--seed and --randomization choose an episode; name its --task, too.")
    require_usd()  # These take no time; what follows loads for seconds.
    check_target(output, overwrite)
    from vla_humanoid.envs import usd_scene
    from vla_humanoid.sims.isaaclab.catalogue import export_catalogue

    if catalogue:
        files = export_catalogue(output, overwrite=overwrite)
    elif task is None:
        files = usd_scene.export_robot(output, overwrite=overwrite)
    else:
        files = usd_scene.export_episode(
            task, seed, output, randomization=randomization, overwrite=overwrite
        )
    console = _console()
    for file in files.all:
        console.print(str(file), soft_wrap=True)
    return 0


def envs() -> int:
    """List the registered environments."""
    from vla_humanoid.data_collection.environment import registered_envs

    console = _console()
    for name in registered_envs():
        console.print(name, soft_wrap=True)
    return 0


def doctor() -> int:
    """Say what works on this machine, and what to do about what does not.

    Exits with 1 if something that is needed does not work.
    """
    from rich.table import Table

    from vla_humanoid.doctor import run_doctor

    table = Table("", "status", "found")
    checks = run_doctor()
    for check in checks:
        table.add_row(check.name, check.status, check.detail)
    console = _console()
    console.print(table)
    for check in checks:
        if check.remedy:  # Outside of the table, which would break commands that are to be copied.
            console.print(f"{check.name}: {check.remedy}", soft_wrap=True)
    return 1 if any(check.status == "missing" for check in checks) else 0


@contextmanager
def _termination_interrupts() -> Iterator[None]:
    """Let what is under way clear up after itself when the process is asked to end by SIGTERM."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Only that one may say what a signal does.
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _console() -> "Console":
    """Return a console that prints words in brackets, such as extras, as they stand."""
    from rich.console import Console

    return Console(markup=False, emoji=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: done. 1: it did not succeed. 2: the request is wrong. 130: interrupted.
    """
    commands = {
        command.__name__.replace("_", "-"): command
        for command in (generate, inspect, replay, export_usd, envs, doctor)
    }
    try:
        with _termination_interrupts():
            return tyro.extras.subcommand_cli_from_dict(
                commands,
                prog="vla-humanoid",
                description="Humanoid demonstrations for vision-language-action models.",
                args=arguments,
                config=(FlagCreatePairsOff, PositionalMetavarFromFieldName),
            )
    except (GraphicsUnavailable, UsdExportError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except CollectionError as error:
        sys.stderr.write(f"error: {error}\n")
        if isinstance(error, GenerationInterrupted):
            return 130
        return 1 if isinstance(error, GenerationError) else 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
