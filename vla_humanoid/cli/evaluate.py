"""``vla-humanoid evaluate``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from vla_humanoid.cli.console import new_console


def evaluate(
    output: Path,
    policy: str = "shipped",
    task: tuple[str, ...] = (),
    episodes: int = 100,
    engine: str = "mujoco",
    randomization: Annotated[tuple[str, ...], arg(metavar="default|none|AXIS...")] = ("default",),
    control_mode: str = "end_effector",
    language: Annotated[tuple[str, ...], arg(metavar="plain|all|FORM...")] = ("plain",),
    split: str = "all",
    words: str = "own",
    perturb: Annotated[tuple[str, ...], arg(metavar="all|AXIS|AXIS:LEVEL...")] = (),
    induce: Annotated[tuple[str, ...], arg(metavar="drop|push...")] = (),
    accuracy: bool = False,
    execution: str = "receding_horizon",
    every: int = 0,
    delay: int = 0,
    done: float | None = None,
    live: bool = False,
    mapping: Path | None = None,
    workers: int = 2,
    ray: str | None = None,
    only_seed: int | None = None,
    clips: int = 6,
) -> int:
    """Count a policy's successes in closed loop, with intervals and causes of failure.

    An evaluation that was interrupted goes on with the same command. Results are the same for any
    number of workers.

    Args:
        output: folder for results.json, its page index.html, and the journal of episodes.
        policy: shipped for the checkpoint that comes with this package, the folder of another,
            expert, zero, random, replay:DEMOS.hdf5 for recorded episodes, or ws://HOST:PORT of a
            server.
        task: names of tasks, such as PickPlace; `vla-humanoid envs` lists them. Or all; none for
            those that the checkpoint was trained on.
        episodes: how many of each task; their seeds are the same for every policy.
        engine: mujoco, or physx for NVIDIA PhysX (extra [physx]).
        randomization: as for `generate`.
        control_mode: what actions mean, for policies that do not say so: end_effector, arm_joints
            or right_arm.
        language: as for `generate`.
        split: as for `generate`.
        words: what the policy is told: own, counterfactual (the sentence of another goal in the
            same scene, by which it is judged), blank, or foreign, both judged by the episode's
            own goal; switch (another goal in the middle of the episode, by which it is judged from
            then on); or paraphrase (its own sentence, then other wordings, each time anew).
        perturb: axes along which every episode is perturbed, one at a time, beside being run as
            it is: camera, light, texture, layout, robot_start, sensor_noise, physics, pushes,
            latency, language; each with a level from 1 to 5, or with all of them.
        induce: what every episode is disturbed by, beside being run as it is: drop (a hand is
            opened by force once it has lifted something) or push (of the torso, then).
        accuracy: whether the policy's actions are compared with the expert's, where the expert
            acts, beside.
        execution: how chunks are carried out: open_loop, receding_horizon, ensemble or real_time.
        every: steps from question to question, for receding_horizon and real_time; 0 for half as
            many as a chunk has.
        delay: steps [1/20 s] that an answer takes.
        done: progress, up to 1, from which a policy that tells how far it is has done what it was
            told: it is asked no more, and the robot holds still. It is asked to the end, if not
            given.
        live: let simulated time run against the wall clock, so that a slow policy is felt; what
            comes of it depends on the machine.
        mapping: of a policy of another embodiment on a server: a TOML or JSON file that says of
            each entry what it is to this robot (docs/mapping.md).
        workers: number of processes, here or with --ray on the nodes, each on one core.
        ray: address of a Ray cluster that runs the episodes, or auto for the one that this machine
            belongs to (extra [cluster]).
        only_seed: of the one episode to run instead of all, such as one that failed.
        clips: how many of the episodes that failed are filmed for the page; with only_seed, of
            any.
    """
    from vla_humanoid.evaluation.condition_requests import condition_request
    from vla_humanoid.evaluation.console_conditions import print_conditions
    from vla_humanoid.evaluation.console_report import print_results, report_episodes
    from vla_humanoid.evaluation.mapping import (
        keep_mapping,
        mapping_of,
        print_mapping,
        with_mapping,
    )
    from vla_humanoid.evaluation.report import write_report
    from vla_humanoid.evaluation.requests import evaluation_request
    from vla_humanoid.evaluation.results import write_results
    from vla_humanoid.evaluation.run import evaluate as run

    config, tasks = evaluation_request(
        policy=policy,
        tasks=task,
        episodes=episodes,
        workers=workers,
        engine=engine,
        randomization=randomization,
        control_mode=control_mode,
        language=language,
        split=split,
        words=words,
        execution=execution,
        every=every,
        delay=delay,
        done=done,
        live=live,
        clips=clips,
    )
    config = with_mapping(config, mapping)
    conditions = condition_request(
        policy=policy,
        tasks=tasks,
        perturb=perturb,
        induce=induce,
        words=words,
        accuracy=accuracy,
        live=live,
    )
    console = new_console()
    if (mapped := mapping_of(config)) is not None:
        print_mapping(console, mapped)
    with report_episodes(console) as on_episode:
        evaluation = run(
            config,
            tasks,
            episodes,
            output,
            conditions=conditions,
            workers=workers,
            ray=ray,
            only_seed=only_seed,
            on_episode=on_episode,
        )
    path = write_results(evaluation, output)
    keep_mapping(config, output)
    print_results(console, evaluation)
    print_conditions(console, evaluation)
    console.print(f"results     {path}", soft_wrap=True)
    with console.status("filming episodes"):
        page = write_report(evaluation, output, clips=clips, successes=only_seed is not None)
    console.print(f"page        {page}", soft_wrap=True)
    return 0
