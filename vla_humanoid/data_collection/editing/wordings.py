"""Other sentences for a goal."""

from collections.abc import Collection

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.task import Task

TRIES = 200
"""Times an instruction is drawn before there are no more sentences."""


def wordings(
    task: Task[object],
    goal: object,
    scene: Scene,
    rng: np.random.Generator,
    count: int,
    taken: Collection[str] = (),
) -> tuple[str, ...]:
    """Return up to so many sentences for a goal, no two alike, each understood as this goal.

    Args:
        task: that is told.
        goal: what is to be said.
        scene: in which it is said.
        rng: of the draw.
        count: how many.
        taken: sentences that are not wanted.

    Raises:
        ValueError: if the task has no words for the goal.
    """
    found: dict[str, None] = {}
    for _ in range(TRIES):
        if len(found) >= count:
            break
        drawn = task.instruct(goal, scene, rng)
        for text in (drawn.text, *drawn.paraphrases):
            if text not in taken and text not in found and _means(task, text, goal, scene):
                found[text] = None
    return tuple(found)[:count]


def _means(task: Task[object], sentence: str, goal: object, scene: Scene) -> bool:
    try:
        return task.understand(sentence, scene) == goal
    except ValueError:
        return False
