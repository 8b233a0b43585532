"""HandOver: pass the named baton from one hand to the other, in the air."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import product

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene, Table
from vla_humanoid.schema import OTHER_SIDE, SIDES, WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.geometry import to_body, yaw_quat
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import HandTo, Skill
from vla_humanoid.tasks.core.predicates import is_off_table, is_standing
from vla_humanoid.tasks.core.progress import nearness
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.tabletop import (
    FRICTION,
    FRICTIONS,
    MASS_FACTORS,
    sample_table,
    table_of,
)
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.handing import HANDING

ROWS = ((0.285, 0.300), (0.435, 0.450))
"""How far ahead the nearer and the farther baton lie [m]."""
ASIDE, TURN = 0.03, 0.12
"""Largest shift to a side [m], and turn from straight across [rad]."""
AT_HAND, AWAY = 0.05, 0.09
"""Distance of a hand's pinch from a baton that it may hold, and from one that it does not [m]."""
UP = 0.06
"""Height above where it lay at which a baton is in the air [m]."""
HOLD_TIME = 0.5
"""How long the hand that was given it must hold it alone [s]."""
WRONG_HAND = "wrong_hand"
"""Failure: the hand that was to be given the baton took it by itself."""


@dataclass(frozen=True)
class HandOverGoal:
    """Which baton, by its name in the scene, goes to which hand, "left" or "right"."""

    object: str
    hand: str


class HandOver(SpokenTask[HandOverGoal]):
    """A table with 2 batons across; one hand is to pick one up and pass it to the other."""

    name = "HandOver"
    goal_type = HandOverGoal
    sentences = HANDING
    time_limit = 25.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample two batons, one behind the other; the axes are those of things on tables."""
        table = sample_table(random)
        colors = random.stream("objects").permutation(list(COLORS))
        batons = tuple(_baton(str(colors[k]), k, random, table) for k in range(len(ROWS)))
        return randomize_appearance(Scene(table=table, objects=batons), random)

    def goals(self, scene: Scene) -> tuple[HandOverGoal, ...]:
        """Return each baton to each hand."""
        return tuple(HandOverGoal(it.name, side) for it, side in product(scene.objects, SIDES))

    def subgoals(self, goal: HandOverGoal, scene: Scene) -> tuple[str, ...]:
        """Return: pick it up with one hand, take it with the other, let go."""
        color = named(scene.objects, goal.object).color
        return (
            f"pick up the {color} baton with your {OTHER_SIDE[goal.hand]} hand",
            f"take it with your {goal.hand} hand",
            f"let go of it with your {OTHER_SIDE[goal.hand]} hand",
        )

    def plan(self, goal: HandOverGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: hand it over."""
        return (HandTo(goal.object, goal.hand),)

    def judge(self, goal: HandOverGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return HandOverJudge(goal, scene)


class HandOverJudge(EpisodeJudge):
    """Judges one episode.

    Success: the giving hand has held the named baton in the air alone, and then the other hand
    holds it there alone, by its pinch within `AT_HAND` m and the giving one's beyond `AWAY` m, for
    `HOLD_TIME` s without interruption; the robot stands. Failure: the other baton is in the air,
    the hand that was to be given it takes it first, or a baton falls off the table.
    """

    def __init__(self, goal: HandOverGoal, scene: Scene) -> None:
        super().__init__()
        self._target = named(scene.objects, goal.object)
        self._batons = scene.objects
        self._table = table_of(scene)
        self._taker, self._giver = goal.hand, OTHER_SIDE[goal.hand]
        self._was_given = False
        self._received = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(HOLD_TIME), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        away = {side: _distance(self._target, side, state) for side in SIDES}
        taken, given = (
            _is_up(self._target, state) and away[by] < AT_HAND and away[other] > AWAY
            for by, other in ((self._taker, self._giver), (self._giver, self._taker))
        )
        self._was_given |= given
        is_received = self._was_given and taken and is_standing(state.robot)
        both = max(away.values()) < AT_HAND
        return Judgement(
            success=self._received.update(is_received, state.time),
            failure=self._failure(state, taken),
            subgoal=3 if is_received else (2 if both else 1) if self._was_given else 0,
            progress=self._progress(away, is_received),
        )

    def _failure(self, state: WorldState, taken: bool) -> str | None:
        wrong: dict[Hashable, str] = {
            it.name: WRONG_OBJECT
            for it in self._batons
            if it is not self._target and _is_up(it, state)
        }
        if taken and not self._was_given:
            wrong[self._taker] = WRONG_HAND
        lost: dict[Hashable, str] = {
            it.name: DROPPED
            for it in self._batons
            if is_off_table(state.objects[it.name], self._table.height)
        }
        return self._losses.update(lost, state.time) or self._mistakes.update(wrong, state.time)

    def _progress(self, away: dict[str, float], is_received: bool) -> float:
        if not self._was_given:
            return 0.4 * nearness(away[self._giver])
        return 0.5 + 0.3 * nearness(away[self._taker]) + 0.1 * is_received


def _is_up(baton: GraspableObject, state: WorldState) -> bool:
    return bool(state.objects[baton.name].pose.position[2] > baton.position[2] + UP)


def _distance(baton: GraspableObject, side: str, state: WorldState) -> float:
    """Return the distance of a hand's pinch from the line along the middle of a baton [m]."""
    x, y, z = to_body(state.objects[baton.name].pose, pinch_point(state.robot, side)).tolist()
    half_length = 0.5 * baton.scale * OBJECTS[baton.shape].size[1]
    return math.hypot(x, y - float(np.clip(y, -half_length, half_length)), z)


def _baton(color: str, row: int, random: EpisodeRandom, table: Table) -> GraspableObject:
    model, of = OBJECTS["baton"], f"baton {row}"
    x, y, turn = (
        random.uniform("object_pose", bounds, 0.5 * sum(bounds), f"{of} {what}")
        for what, bounds in (
            ("ahead", ROWS[row]),
            ("aside", (-ASIDE, ASIDE)),
            ("turn", (-TURN, TURN)),
        )
    )
    return GraspableObject(
        name=f"{color}_baton",
        shape="baton",
        color=color,
        rgb=COLORS[color],
        position=(x, y, table.height + model.half_height),
        quat_wxyz=yaw_quat(turn),
        mass=random.uniform("object_mass", MASS_FACTORS, 1.0, of) * model.mass,
        friction=random.uniform("object_friction", FRICTIONS, FRICTION, of),
    )
