"""Judges what is done to the moving part of one fixture out of several."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Fixture, Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.handles import handle_at
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.progress import hand_nearness
from vla_humanoid.tasks.core.task import WRONG_OBJECT

WRONG_WAY = "wrong_way"
"""Failure: the right thing was moved the wrong way."""
REACHING = 0.3
"""Share of the progress that is in bringing a hand to the handle."""
STARTED = 0.15
"""Share of the way after which the part counts as being moved."""


@dataclass(frozen=True)
class JointGoal:
    """Where a joint should be.

    Args:
        fixture: its name in the scene.
        low: smallest position that will do, [m] or [rad].
        high: largest one.
        hold_time: how long it must be there [s].
        wrong_move: how far another fixture may move, or this one the wrong way, [m] or [rad].
    """

    fixture: str
    low: float
    high: float
    hold_time: float
    wrong_move: float


class JointJudge(EpisodeJudge):
    """Judges one episode.

    Success: the joint is between `low` and `high` for `hold_time` without interruption, the robot
    standing. Failure: another fixture is further than `wrong_move` from where it was when judging
    began (`WRONG_OBJECT`), or this one is, away from its goal (`WRONG_WAY`).
    """

    def __init__(self, goal: JointGoal, scene: Scene) -> None:
        super().__init__()
        self._goal = goal
        self._fixture: Fixture = named(scene.fixtures, goal.fixture)
        self._held = Hold(goal.hold_time)
        self._mistakes = Mistakes(0.0)
        self._first: dict[str, float] = {}
        self._sprung = {
            fixture.name for fixture in scene.fixtures if FIXTURES[fixture.kind].stiffness > 0.0
        }

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        positions = {name: fixture.position for name, fixture in state.fixtures.items()}
        self._first = {name: self._start(name, position) for name, position in positions.items()}
        position, first = positions[self._goal.fixture], self._first[self._goal.fixture]
        is_there = self._goal.low <= position <= self._goal.high
        moved = _share_of_way(self._goal, first, position)
        point, _ = handle_at(self._fixture, position)
        reached = max(moved, hand_nearness(state.robot, np.array(point)))
        return Judgement(
            success=self._held.update(is_there, state.time),
            failure=self._mistakes.update(_wrong(self._goal, self._first, positions), state.time),
            subgoal=2 if is_there else int(moved > STARTED),
            progress=REACHING * reached + (1.0 - REACHING) * moved,
        )

    def _start(self, name: str, position: float) -> float:
        """Return where a joint was at first; what springs back begins anew from there."""
        first = self._first.get(name, position)
        return min(first, position) if name in self._sprung else first


def _share_of_way(goal: JointGoal, first: float, position: float) -> float:
    """Return the share of the way to a goal that lies behind a joint, in [0, 1]."""
    way = max(goal.low - first, first - goal.high, 0.0)
    left = max(goal.low - position, position - goal.high, 0.0)
    if left == 0.0:
        return 1.0
    return 0.0 if way == 0.0 else max(0.0, 1.0 - left / way)


def _wrong(
    goal: JointGoal, first: dict[str, float], positions: dict[str, float]
) -> dict[Hashable, str]:
    """Return which joints were moved that should not be, with the failure that this is."""
    wrong: dict[Hashable, str] = {
        name: WRONG_OBJECT
        for name, position in positions.items()
        if name != goal.fixture and abs(position - first[name]) > goal.wrong_move
    }
    start, position = first[goal.fixture], positions[goal.fixture]
    if min(goal.low, start) - position > goal.wrong_move:
        wrong[goal.fixture] = WRONG_WAY
    if position - max(goal.high, start) > goal.wrong_move:
        wrong[goal.fixture] = WRONG_WAY
    return wrong
