"""``vla-humanoid generate``."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console


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
    ray: str | None = None,
    merge: Literal["copy", "links"] = "copy",
) -> int:
    """Generate demonstrations of a task, or of all, with the scripted expert.

    Args:
        task: name of the task, such as PickPlace; `vla-humanoid envs` lists them. Or all.
        output: HDF5 file to write; while the run goes on it links to OUTPUT.parts. With all, a
            folder, in which each task has a file.
        episodes: number of successful episodes wanted.
        seed: of the run; the same seed gives the same file for any number of workers.
        workers: number of processes, here or with --ray on the nodes, each on one core; with engine
            isaaclab, of worlds in one process.
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
        ray: address of a Ray cluster that does the work, or auto for the one that this machine
            belongs to (extra [cluster]).
        merge: copy the episodes into one file at the end, or leave them in OUTPUT.parts and links
            to them in the file, which takes no time and no space.
    """
    from vla_humanoid.data_collection import generation, many_tasks, progress
    from vla_humanoid.data_collection.requests import generation_request

    console = new_console()
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
                ray=ray,
                merge=merge,
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
