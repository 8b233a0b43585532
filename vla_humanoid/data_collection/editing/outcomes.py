"""What recorded states fulfil, by the judges of tasks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.editing.wish import CORRECTION
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.task import Judge, Task, Verdict


@dataclass(frozen=True)
class Fulfilled:
    """A goal that an episode reached, whatever it was about.

    Args:
        goal_index: which of the scene's goals.
        goal: it.
        subgoals: its steps, in words.
        arrays: what a dataset holds about it, by path in the demo, first axis time.
    """

    goal_index: int
    goal: object
    subgoals: tuple[str, ...]
    arrays: Mapping[str, NDArray[np.generic]]

    @property
    def attributes(self) -> dict[str, str | int | bool]:
        """What a dataset says about it."""
        return {
            "goal_index": self.goal_index,
            "subgoals": json.dumps(self.subgoals),
            "success": True,
            "failure": "",
        }


def fulfilled(
    task: Task[object],
    scene: Scene,
    goal_index: int,
    worlds: Sequence[WorldState],
    *,
    dense: bool = False,
) -> Fulfilled | None:
    """Judge recorded states by another goal; None unless their last one is what fulfils it.

    An episode that goes on after the goal has been reached is not a demonstration of it.

    Args:
        task: which has the goal.
        scene: of the episode.
        goal_index: which of the scene's goals.
        worlds: at every action, then the final one.
        dense: rewards are to have what the progress grows by as well.
    """
    goal = task.goals(scene)[goal_index]
    if task.form_of(goal) == CORRECTION:
        return None
    verdicts = _verdicts(task.judge(goal, scene), worlds)
    if len(verdicts) < len(worlds) or not verdicts[-1].success:
        return None
    progress = np.array([verdict.progress for verdict in verdicts])
    rewards = np.array([verdict.reward for verdict in verdicts[1:]])
    arrays: dict[str, NDArray[np.generic]] = {
        layout.SUBGOAL: np.array([verdict.subgoal for verdict in verdicts[:-1]], np.int64),
        layout.PROGRESS: progress[:-1].astype(np.float32),
        layout.REWARDS: (rewards + np.diff(progress) if dense else rewards).astype(np.float32),
        layout.SENTENCE: np.zeros(len(rewards), np.int64),
    }
    return Fulfilled(goal_index, goal, task.subgoals(goal, scene), arrays)


def other_goals(task: Task[object], scene: Scene, goal: object) -> list[int]:
    """Return which of a scene's goals ask for something else than one of them."""
    goals = cast("tuple[object, ...]", task.goals(scene))
    return [index for index, other in enumerate(goals) if task.differs(other, goal, scene)]


def _verdicts(judge: Judge, worlds: Sequence[WorldState]) -> list[Verdict]:
    """Return what a judge says, up to where the episode ends for it."""
    verdicts: list[Verdict] = []
    for world in worlds:
        verdicts.append(judge.update(world))
        if verdicts[-1].success or verdicts[-1].failure is not None:
            break
    return verdicts
