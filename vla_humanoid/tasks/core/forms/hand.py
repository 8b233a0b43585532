"""Hand: the same goals, with the hand named that is to reach them."""

from dataclasses import dataclass, replace

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import OTHER_SIDE, SIDES, WorldState
from vla_humanoid.tasks.core.forms.form_task import FormTask
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.core.task import Judge, Verdict
from vla_humanoid.tasks.language.clauses import Frame
from vla_humanoid.tasks.language.grammar import normalized

WRONG_HAND = "wrong_hand"
"""Failure: the other hand moved the object, or the named one did not."""
MOVING_SPEED = 0.05
"""Speed from which an object is being moved [m/s]."""
GRASP_DISTANCE = 0.12
"""Distance of a pinch from an object's centre up to which that hand moves it [m]."""
MOVING_TIME = 0.25
"""How long a hand must move an object for that to count [s]."""

FRAMES = tuple(
    Frame(template)
    for template in (
        "with your {side} hand, {clause}",
        "{clause} with your {side} hand",
        "using your {side} hand, {clause}",
        "use your {side} hand to {clause}",
        "use only your {side} hand: {clause}",
        "{clause}, but only with your {side} hand",
        "{clause}; use your {side} hand",
        "please {clause} with your {side} hand",
        "could you {clause} with your {side} hand?",
        "I want you to {clause} with your {side} hand",
        "your {side} hand should do this: {clause}",
        "keep your {other} hand away and {clause} with the {side} one",
    )
)


@dataclass(frozen=True)
class HandGoal:
    """A goal of the base and the side whose hand is to reach it."""

    goal: Roles
    side: str


class HandTask(FormTask[HandGoal]):
    """A task with a hand that is named."""

    form = "hand"
    goal_type = HandGoal

    @classmethod
    def fits(cls, base: SpokenTask[Roles]) -> bool:
        """Tell whether one hand moves an object in a task."""
        return bool(base.handled)

    def find_goals(self, scene: Scene) -> tuple[HandGoal, ...]:
        """Return each goal with each hand that can reach it."""
        return tuple(
            HandGoal(goal, side)
            for goal in self.base_goals(scene)
            for side in self.base.hands(goal, scene)
        )

    def hand(self, goal: HandGoal) -> str:
        """Return the side whose hand must be used."""
        return goal.side

    def differs(self, goal: HandGoal, other: object, scene: Scene) -> bool:
        """Tell whether a goal asks for something else, or for another hand."""
        return goal != other

    def stages(self, goal: HandGoal, scene: Scene) -> tuple[tuple[Roles, ...], ...]:
        """Return the one goal."""
        return ((goal.goal,),)

    def word(
        self, goal: HandGoal, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw a sentence: a clause with the hand."""
        frame = FRAMES[int(rng.integers(len(FRAMES)))]
        clause, templates = self.draw_clause(goal.goal, scene, rng)
        parts = {"clause": clause, "side": goal.side, "other": OTHER_SIDE[goal.side]}
        return frame.fill(parts), (frame.template, *templates)

    def understand(self, sentence: str, scene: Scene) -> HandGoal:
        """Return what is to be done and with which hand.

        Raises:
            ValueError: if it is no such sentence, or not possible in this scene.
        """
        found = {
            HandGoal(goal, parts["side"])
            for frame in FRAMES
            for parts in frame.splits(normalized(sentence))
            if parts["side"] in SIDES
            and parts.get("other", OTHER_SIDE[parts["side"]]) != parts["side"]
            if (goal := self.clause_goal(parts["clause"], scene)) is not None
        }
        return self.only(found, sentence, scene)

    def subgoals(self, goal: HandGoal, scene: Scene) -> tuple[str, ...]:
        """Name the same steps, the first with the hand."""
        first, *rest = self.base.subgoals(goal.goal, scene)
        return f"{first} with your {goal.side} hand", *rest

    def judge(self, goal: HandGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        thing = self.base.meaning(goal.goal)[self.base.handled]
        return HandJudge(super().judge(goal, scene), thing, goal.side)


class HandJudge(Judge):
    """Judges as another judge does, and by which hand moves an object.

    A hand moves it while the object is faster than `MOVING_SPEED` and this hand's pinch is the
    nearer one, within `GRASP_DISTANCE` of it. Success needs the named hand to have moved it for
    `MOVING_TIME`; it is a failure if the other one does so.

    Args:
        judge: of the rest.
        thing: name of the object.
        side: of the named hand.
    """

    def __init__(self, judge: Judge, thing: str, side: str) -> None:
        self._judge = judge
        self._thing = thing
        self._side = side
        self._moving = {side: Hold(MOVING_TIME) for side in SIDES}
        self._was_used = False
        self._final: Verdict | None = None

    def update(self, state: WorldState) -> Verdict:
        """Take the world state after a policy step and return how the episode stands."""
        if self._final is not None:
            return self._final
        verdict = self._judge.update(state)
        moving = moving_hand(state, self._thing)
        has_moved = {
            side: hold.update(side == moving, state.time) for side, hold in self._moving.items()
        }
        self._was_used |= has_moved[self._side]
        is_wrong = has_moved[OTHER_SIDE[self._side]] or (verdict.success and not self._was_used)
        if is_wrong and verdict.failure is None:
            verdict = replace(verdict, success=False, failure=WRONG_HAND, reward=0.0)
        if verdict.success or verdict.failure is not None:
            self._final = verdict
        return verdict


def moving_hand(state: WorldState, thing: str) -> str | None:
    """Return the side whose hand moves an object now, or None."""
    body = state.objects[thing]
    if float(np.linalg.norm(body.twist.linear)) < MOVING_SPEED:
        return None
    distances = {
        side: float(np.linalg.norm(pinch_point(state.robot, side) - body.pose.position))
        for side in SIDES
    }
    nearer = min(distances, key=lambda side: distances[side])
    return nearer if distances[nearer] <= GRASP_DISTANCE else None
