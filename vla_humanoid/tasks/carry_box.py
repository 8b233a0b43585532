"""CarryBox: carry the named box, too wide for one hand, from the table to the named counter."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import product

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import GraspableObject, Scene, StaticBox
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.counter import SLAB, counter_before, place_at_counter, slabs
from vla_humanoid.tasks.core.handling import is_let_go
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import LiftBetween, SetDown, Skill, TurnTo, WalkTo
from vla_humanoid.tasks.core.predicates import is_at_rest, is_off_table, is_standing
from vla_humanoid.tasks.core.progress import nearness
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.table_layout import TABLE_HEIGHTS
from vla_humanoid.tasks.core.tabletop import TABLE_HEIGHT, sample_table, table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.core.wide_boxes import (
    place_before,
    risen,
    sample_wide_boxes,
    stands_on_box,
    top_of,
)
from vla_humanoid.tasks.language.box_carrying import CARRYING

AHEAD, ASIDE = (-0.5, -0.2), (0.95, 1.2)
"""Where the robot works at the counters, to the left and to the right of where it begins [m]."""
UP = 0.05
"""Height above where it stood at which a box is lifted [m]."""
WALK_SCALE = 1.0
"""Distance that counts as about a quarter of the way [m]."""
HOLD_TIME = 0.5
"""How long a box must stand where it was set down [s]."""
WRONG_COUNTER = "wrong_counter"
"""Failure: the named box was set down on the other counter."""


@dataclass(frozen=True)
class CarryBoxGoal:
    """Which box goes to which counter, by their names in the scene."""

    object: str
    counter: str


class CarryBox(SpokenTask[CarryBoxGoal]):
    """A table with 2 wide boxes, and a counter to either side; one box is to go to one of them."""

    name = "CarryBox"
    goal_type = CarryBoxGoal
    sentences = CARRYING
    time_limit = 60.0
    walks = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a table with boxes ahead, and counters of different colours."""
        table = sample_table(random)
        boxes = sample_wide_boxes(random, table)
        scene = Scene(table=table, objects=boxes, boxes=_counters(random))
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[CarryBoxGoal, ...]:
        """Return each box to each counter."""
        pairs = product(scene.objects, slabs(scene))
        return tuple(CarryBoxGoal(box.name, slab.name) for box, slab in pairs)

    def subgoals(self, goal: CarryBoxGoal, scene: Scene) -> tuple[str, ...]:
        """Return: lift it, carry it, set it down, let go."""
        box, slab = named(scene.objects, goal.object), named(scene.boxes, goal.counter)
        return (
            f"lift the {box.color} box with both hands",
            f"carry it to the {slab.color} counter",
            "set it down",
            "let go of it",
        )

    def plan(self, goal: CarryBoxGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: face the box, lift it, walk, set it down."""
        here = place_before(named(scene.objects, goal.object), Stance(0.0, 0.0, 0.0))
        there = place_at_counter(scene, goal.counter)
        return (
            TurnTo(here.yaw),
            LiftBetween(goal.object),
            WalkTo(there.x, there.y, there.yaw),
            SetDown(goal.object, goal.counter),
        )

    def judge(self, goal: CarryBoxGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return CarryBoxJudge(goal, scene)


class CarryBoxJudge(EpisodeJudge):
    """Judges one episode.

    Success: the named box stands level and at rest on the named counter, both hands are away from
    it, and the robot stands: all of it for `HOLD_TIME` s without interruption. Failure: a box falls
    below table and counters, the other box stands on a counter, or the named one on the other.
    """

    def __init__(self, goal: CarryBoxGoal, scene: Scene) -> None:
        super().__init__()
        self._boxes, self._counters = scene.objects, slabs(scene)
        self._target = named(scene.objects, goal.object)
        self._counter = named(scene.boxes, goal.counter)
        self._lowest = min(table_of(scene).height, *map(top_of, self._counters))
        self._placed = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(HOLD_TIME), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        is_there = stands_on_box(self._target, self._counter, state)
        is_free = is_let_go(self._target, state)
        is_placed = _is_set_down(self._target, self._counter, state)
        lost: dict[Hashable, str] = {
            box.name: DROPPED
            for box in self._boxes
            if is_off_table(state.objects[box.name], self._lowest)
        }
        return Judgement(
            success=self._placed.update(is_placed and is_standing(state.robot), state.time),
            failure=self._losses.update(lost, state.time)
            or self._mistakes.update(self._misplaced(state), state.time),
            subgoal=3 + is_free if is_there else self._on_the_way(state),
            progress=0.9 + 0.1 * is_free if is_there else 0.9 * nearness(self._left(state), 1.0),
        )

    def _on_the_way(self, state: WorldState) -> int:
        if risen(self._target, state) < UP:
            return 0
        return 2 if self._left(state) < 0.5 * WALK_SCALE else 1

    def _left(self, state: WorldState) -> float:
        """Return how far the named box is from its counter, seen from above [m]."""
        where = state.objects[self._target.name].pose.position
        return float(np.hypot(*(where - np.array(self._counter.position))[:2]))

    def _misplaced(self, state: WorldState) -> dict[Hashable, str]:
        return {
            (box.name, slab.name): WRONG_COUNTER if box is self._target else WRONG_OBJECT
            for box, slab in product(self._boxes, self._counters)
            if not (box is self._target and slab is self._counter)
            and _is_set_down(box, slab, state)
        }


def _is_set_down(box: GraspableObject, slab: StaticBox, state: WorldState) -> bool:
    at_rest = is_at_rest(state.objects[box.name])
    return stands_on_box(box, slab, state) and at_rest and is_let_go(box, state)


def _counters(random: EpisodeRandom) -> tuple[StaticBox, ...]:
    """Sample a counter to the left and one to the right; axes "object_pose", "table_height"."""
    colors = random.stream("counters").permutation(list(COLORS))
    found: list[StaticBox] = []
    for color, side, sign in zip(colors.tolist(), SIDES, (1.0, -1.0), strict=False):
        x, y = (
            random.uniform("object_pose", bounds, 0.5 * sum(bounds), f"{side} counter {what}")
            for what, bounds in (("ahead", AHEAD), ("aside", ASIDE))
        )
        height = random.uniform("table_height", TABLE_HEIGHTS, TABLE_HEIGHT, f"{side} counter")
        place = Stance(x, sign * y, sign * 0.5 * math.pi)
        found += counter_before(place, height, color, f"{color}_{SLAB}")
    return tuple(found)
