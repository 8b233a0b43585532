"""Judges goals that are made of goals: one after another, or one of several that will do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Generic

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.spoken_task import RolesT, SpokenTask
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Judge, Verdict

Stages = Sequence[Sequence[RolesT]]
"""For each stage, the goals of which any one will do; each goal counts once."""


class StagedJudge(Judge, Generic[RolesT]):
    """Judges stages in their order, by the judges of the task that they are goals of.

    A stage fails when all its goals have failed. Where what is reached lasts, all of it must still
    be so in the end.

    Args:
        task: that the goals belong to.
        stages: in order.
        scene: of the episode.
    """

    def __init__(self, task: SpokenTask[RolesT], stages: Stages[RolesT], scene: Scene) -> None:
        self._task = task
        self._scene = scene
        self._stages = stages
        self._reached: list[RolesT] = []
        self._judges = self._judges_of(stages[0])
        self._steps_behind = 0
        self._final: Verdict | None = None

    def update(self, state: WorldState) -> Verdict:
        """Take the world state after a policy step and return how the episode stands."""
        if self._final is not None:
            return self._final
        confirming = len(self._reached) == len(self._stages)
        verdict = self._confirm(state) if confirming else self._pursue(state)
        if verdict.success or verdict.failure is not None:
            self._final = verdict
        return verdict

    def _pursue(self, state: WorldState) -> Verdict:
        """Follow the goals of the present stage."""
        before = self._judges
        verdicts = {goal: judge.update(state) for goal, judge in before.items()}
        done = next((goal for goal, verdict in verdicts.items() if verdict.success), None)
        if done is not None:
            return self._advance(done, verdicts[done], state)
        standing = [verdict for verdict in verdicts.values() if verdict.failure is None]
        if not standing:
            return self._whole(_worst(verdicts))
        return self._whole(max(standing, key=lambda verdict: verdict.progress))

    def _advance(self, done: RolesT, verdict: Verdict, state: WorldState) -> Verdict:
        self._reached.append(done)
        if len(self._reached) == len(self._stages):
            if len(self._stages) == 1 or not self._task.lasting:
                return replace(self._whole(verdict), success=True, reward=1.0, progress=1.0)
            self._judges = self._judges_of(self._reached)
            return self._confirm(state)
        self._steps_behind += len(self._task.subgoals(done, self._scene))
        left = [goal for goal in self._stages[len(self._reached)] if goal not in self._reached]
        self._judges = self._judges_of(left)
        for judge in self._judges.values():
            judge.update(state)  # What is so now is nobody's mistake.
        return replace(self._whole(verdict), success=False, reward=0.0, subgoal=self._steps_behind)

    def _confirm(self, state: WorldState) -> Verdict:
        """Wait until all that was reached is so at the same time."""
        verdicts = {goal: judge.update(state) for goal, judge in self._judges.items()}
        fallen = [verdict for verdict in verdicts.values() if verdict.failure == FALLEN]
        if fallen:
            return self._whole(fallen[0])
        successes = [verdict.success for verdict in verdicts.values()]
        if all(successes):
            last = verdicts[self._reached[-1]]
            return replace(self._whole(last), success=True, reward=1.0, progress=1.0)
        if any(successes) or any(verdict.failure for verdict in verdicts.values()):
            # Verdicts stand, so what was so a while ago says nothing about now.
            self._judges = self._judges_of(self._reached)
        last = min(verdicts.values(), key=lambda verdict: verdict.progress)
        return replace(self._whole(last), success=False, failure=None, reward=0.0)

    def _whole(self, verdict: Verdict) -> Verdict:
        """Return what the verdict on a goal of the present stage says of the whole."""
        count = len(self._stages)
        behind = min(len(self._reached), count - 1)
        return replace(
            verdict,
            subgoal=self._steps_behind + verdict.subgoal,
            progress=(behind + verdict.progress) / count,
        )

    def _judges_of(self, goals: Sequence[RolesT]) -> dict[RolesT, Judge]:
        return {goal: self._task.judge(goal, self._scene) for goal in goals}


def _worst(verdicts: Mapping[RolesT, Verdict]) -> Verdict:
    """Return the failure that says most about what was done: a wrong choice, if there is one."""
    failed = list(verdicts.values())
    return next((one for one in failed if one.failure == WRONG_OBJECT), failed[0])
