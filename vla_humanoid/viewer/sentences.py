"""From a sentence in a user's words to one of a scene's goals."""

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.task import Task
from vla_humanoid.viewer.errors import InvalidSetting


def goal_of(sentence: str, task: Task[object], scene: Scene) -> int:
    """Return the index of the goal that a sentence asks for.

    Raises:
        InvalidSetting: if it asks for none; the message lists a sentence for each goal there is.
    """
    try:
        goal = task.understand(sentence, scene)
    except ValueError as error:
        here = "; ".join(examples(task, scene))
        raise InvalidSetting(
            "sentence", f"The expert does not know what to do for {sentence!r} here. Say: {here}."
        ) from error
    return task.goals(scene).index(goal)


def examples(task: Task[object], scene: Scene) -> tuple[str, ...]:
    """Return one sentence for each of a scene's goals, always the same."""
    rng = np.random.default_rng(0)
    return tuple(task.instruct(goal, scene, rng).text for goal in task.goals(scene))
