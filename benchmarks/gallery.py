"""Writes docs/tasks: a page for every task, with a picture, sentences, rules and figures.

Nothing on these pages is typed by hand: pictures are of an expert at work, words come from the
tasks themselves, figures from the log that `benchmarks/experts.py` keeps.
"""

import inspect
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro
from expert_log import Attempt, ExpertLog
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.progress import track

from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import EpisodeRun
from vla_humanoid.data_collection.statistics import wilson_interval
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import POLICY_RATE
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import Task

PAGES = Path(__file__).parents[1] / "docs" / "tasks"
SEED = 1
"""Of the episode that is shown."""
FRAME = 208
"""Height and width of a picture [px]."""
SENTENCES = 6
QUALITY = 85
"""Of JPEG, out of 100."""


@dataclass(frozen=True)
class Shown:
    """The episode that a page shows.

    Args:
        frames: at the beginning, in the middle and at the end, each what the external camera saw
            above what the head saw, (2 FRAME, FRAME, 3).
        instruction: what the robot was told.
        subgoals: the steps of the goal.
    """

    frames: tuple[NDArray[np.uint8], ...]
    instruction: str
    subgoals: tuple[str, ...]


def main(tasks: tuple[str, ...] = (), pages: Path = PAGES) -> None:
    """Write the pages.

    Args:
        tasks: whose pages to write; none stands for all. The table of contents has them all.
        pages: folder that they go to; the log of the experts is in it.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    (pages / "images").mkdir(parents=True, exist_ok=True)
    attempts = ExpertLog(pages / "experts.csv").read()
    for name in track(tasks or task_names(), "pages", console=Console(stderr=True)):
        shown = show(name)
        strip = Image.fromarray(np.hstack(shown.frames))
        strip.save(pages / "images" / f"{name}.jpg", quality=QUALITY)
        own = [one for one in attempts if one.task == name]
        (pages / f"{name}.md").write_text(page_of(load_task(name), shown, own))
    (pages / "README.md").write_text(contents_of(attempts))


def show(name: str) -> Shown:
    """Let the expert do an episode of a task, and look at it."""
    options = {"cameras": ("external", "head"), "image_size": FRAME}
    env = make_env(f"VLAHumanoid-{name}-v0", options)
    bare = env.unwrapped
    assert isinstance(bare, HumanoidEnv)
    run = EpisodeRun(env, Expert(bare), SEED)
    frames = [_seen(run)]
    while run.outcome is None:
        run.step()
        frames.append(_seen(run))
    episode = bare.episode
    subgoals = bare.task.subgoals(episode.goal, episode.scene)
    env.close()
    chosen = frames[0], frames[len(frames) // 2], frames[-1]
    return Shown(chosen, episode.instruction.text, subgoals)


def _seen(run: EpisodeRun) -> NDArray[np.uint8]:
    views = [run.moment.observation[f"images/{camera}"] for camera in ("external", "head")]
    return np.vstack([np.asarray(view, np.uint8) for view in views])


def page_of(task: Task[object], shown: Shown, attempts: list[Attempt]) -> str:
    """Return a task's page."""
    scene = task.sample_scene(EpisodeRandom(SEED, DEFAULT_AXES))
    goals = task.goals(scene)
    judge = task.judge(goals[0], scene)
    rng = np.random.default_rng(SEED)
    told = [task.instruct(goals[k % len(goals)], scene, rng).text for k in range(SENTENCES)]
    lines = [
        f"# {task.name}",
        "",
        f"![{shown.instruction}](images/{task.name}.jpg)",
        "",
        f'*"{shown.instruction}"*: the beginning, the middle and the end, from outside and '
        "through the head camera.",
        "",
        _described(type(task)),
        "",
        f'`gymnasium.make("VLAHumanoid-{task.name}-v0")`; at most {task.time_limit:g} s'
        f"{'; the robot walks' if task.walks else ''}.",
        "",
        "## Sentences",
        "",
        f"This scene has {len(goals)} goals. Some of what the robot may be told in it:",
        "",
        *(f"- {sentence}" for sentence in told),
        "",
        "Steps: " + "; ".join(shown.subgoals) + ".",
        "",
        "## Success",
        "",
        _described(type(judge)),
        "",
        "## Expert",
        "",
        *_figures(attempts),
        "",
        "Written by `benchmarks/gallery.py`; do not edit.",
    ]
    return "\n".join(lines) + "\n"


def _described(kind: type) -> str:
    """Return what a class says of itself, without its arguments, its constants spelled out."""
    text = inspect.getdoc(kind) or ""
    known = vars(sys.modules[kind.__module__])

    def spelled_out(match: re.Match[str]) -> str:
        value = known.get(match[1])
        return f"`{match[1]}` ({value:g})" if isinstance(value, float | int) else match[0]

    return re.sub("`([A-Z_]+)`", spelled_out, text.split("\nArgs:")[0].strip())


def _figures(attempts: list[Attempt]) -> list[str]:
    if not attempts:
        return ["Not measured yet: `python benchmarks/experts.py`."]
    rows = [
        "Everything randomized, fresh seeds.",
        "",
        "| engine | successes | 95 % Wilson interval | falls | length |",
        "| --- | --- | --- | --- | --- |",
    ]
    for engine in sorted({one.engine for one in attempts}):
        own = [one for one in attempts if one.engine == engine]
        rows.append(f"| {engine} | {' | '.join(_summary(own))} |")
    return rows


def _summary(attempts: list[Attempt]) -> tuple[str, str, str, str]:
    successes = sum(one.success for one in attempts)
    low, high = wilson_interval(successes, len(attempts))
    falls = sum(one.failure == "fallen" for one in attempts)
    steps = [one.steps for one in attempts if one.success]
    length = f"{np.median(steps) / POLICY_RATE:.1f} s" if steps else ""
    return (
        f"{successes} of {len(attempts)}",
        f"{100 * low:.0f} to {100 * high:.0f} %",
        str(falls),
        length,
    )


def contents_of(attempts: list[Attempt]) -> str:
    """Return the table of all tasks."""
    engines = sorted({one.engine for one in attempts})
    heads = [
        "task",
        "for instance",
        *(f"expert, {engine}" for engine in engines),
        "falls",
        "length",
    ]
    lines = [
        "# The tasks",
        "",
        "Successes of the expert over fresh seeds, everything randomized. Written by "
        "`benchmarks/gallery.py` from what `benchmarks/experts.py` measured; do not edit.",
        "",
        f"| {' | '.join(heads)} |",
        f"|{' --- |' * len(heads)}",
    ]
    for name in task_names():
        task = load_task(name)
        scene = task.sample_scene(EpisodeRandom(SEED, DEFAULT_AXES))
        sentence = task.instruct(task.goals(scene)[0], scene, np.random.default_rng(SEED)).text
        own = [one for one in attempts if one.task == name]
        rates = (_rate([one for one in own if one.engine == engine]) for engine in engines)
        cells = [f"[{name}]({name}.md)", sentence, *rates]
        _, _, falls, length = _summary(own)
        lines.append(f"| {' | '.join([*cells, falls if own else '', length])} |")
    return "\n".join(lines) + "\n"


def _rate(attempts: list[Attempt]) -> str:
    if not attempts:
        return ""
    successes, interval, _, _ = _summary(attempts)
    return f"{successes} ({interval})"


if __name__ == "__main__":
    tyro.cli(main)
