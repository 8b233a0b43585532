"""PushTo: push the named object along the table onto the named spot."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene, Table, TableMark
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.handling import is_let_go
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named, sample_kinds
from vla_humanoid.tasks.core.placement import Item, Region, place
from vla_humanoid.tasks.core.plan import PushOnto, Skill
from vla_humanoid.tasks.core.predicates import is_at_rest, is_off_table, is_standing
from vla_humanoid.tasks.core.progress import moving_progress
from vla_humanoid.tasks.core.pushing import PUSHED, can_be_pushed
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stacking import stands_on_table
from vla_humanoid.tasks.core.table_layout import object_item, stood_object
from vla_humanoid.tasks.core.tabletop import new_object, object_count, sample_table, table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.pushing import PUSHING

FEWEST_OBJECTS, MOST_OBJECTS, MARKS = 2, 3, 2
MARK_RADIUS = 0.05
MARK_REGION = Region(x=(0.30, 0.44), y=(-0.28, 0.28))
MARK_CLEARANCE = 0.03
"""Least gap between a spot and anything else [m]."""
LIFTED = 0.02
"""How far the underside of what is pushed may come off the table [m]."""
NEAR = 0.08
"""Distance of a pinch from an object that a hand has been put to [m]."""
HOLD_TIME = 0.5
"""How long an object must rest on a spot for that to count [s]."""
WRONG_MARK, WAS_LIFTED = "wrong_mark", "lifted"
"""Failures: the named object was pushed onto another spot, or not pushed but lifted."""


@dataclass(frozen=True)
class PushToGoal:
    """Which object goes onto which spot, by their names in the scene."""

    object: str
    mark: str


class PushTo(SpokenTask[PushToGoal]):
    """A table with 2 or 3 low objects and two painted spots."""

    name = "PushTo"
    goal_type = PushToGoal
    sentences = PUSHING
    time_limit = 20.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample objects and spots; at least two pushes are possible with the fewest objects."""
        table, layouts = sample_table(random), random.stream("object_pose")
        kinds = sample_kinds(PUSHED, MOST_OBJECTS, random.stream("objects"))
        things = [new_object(color, shape, random) for color, shape in kinds]
        colors = random.stream("marks").permutation(list(COLORS))[:MARKS].tolist()
        count = object_count(random, MOST_OBJECTS, FEWEST_OBJECTS)
        while True:
            placed, marks = _laid_out(things, colors, table, layouts)
            # With all of them in the way, so that their number changes nothing else.
            pairs = product(placed[:FEWEST_OBJECTS], marks)
            if sum(can_be_pushed(thing, mark, placed) for thing, mark in pairs) >= 2:
                break
        scene = Scene(table=table, objects=placed[:count], marks=marks)
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[PushToGoal, ...]:
        """Return each object with each spot that it can be pushed straight onto."""
        return tuple(
            PushToGoal(thing.name, mark.name)
            for thing, mark in product(scene.objects, scene.marks)
            if can_be_pushed(thing, mark, scene.objects)
        )

    def subgoals(self, goal: PushToGoal, scene: Scene) -> tuple[str, ...]:
        """Return: put a hand to it, push it there, let go."""
        thing, mark = named(scene.objects, goal.object), named(scene.marks, goal.mark)
        return (
            f"put a hand to the {thing.color} {thing.shape}",
            f"push it onto the {mark.color} spot",
            "let go of it",
        )

    def plan(self, goal: PushToGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: push it there."""
        return (PushOnto(goal.object, goal.mark),)

    def judge(self, goal: PushToGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return PushToJudge(goal, scene)


class PushToJudge(EpisodeJudge):
    """Judges one episode.

    Success: the middle of the named object is over the named spot, it stands upright on the table,
    at rest, both hands are away from it, and the robot stands: all of it for `HOLD_TIME` without
    interruption. Failure: it came off the table by more than `LIFTED`, it was pushed onto another
    spot, another object onto any spot, or it has fallen off the table.
    """

    def __init__(self, goal: PushToGoal, scene: Scene) -> None:
        super().__init__()
        self._scene, self._table = scene, table_of(scene)
        self._thing = named(scene.objects, goal.object)
        self._mark = named(scene.marks, goal.mark)
        self._pushed = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(HOLD_TIME), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        thing, body = self._thing, state.objects[self._thing.name]
        standing = self._table.height + thing.scale * OBJECTS[thing.shape].half_height
        at_once: dict[Hashable, str] = {}
        if is_off_table(body, self._table.height):
            at_once[DROPPED] = DROPPED
        if body.pose.position[2] > standing + LIFTED:
            at_once[WAS_LIFTED] = WAS_LIFTED
        distance = _distance(thing, self._mark, state)
        is_there, is_free = distance < self._mark.radius, is_let_go(thing, state)
        is_done = self._is_placed(thing, self._mark, state) and is_standing(state.robot)
        return Judgement(
            success=self._pushed.update(is_done, state.time),
            failure=self._losses.update(at_once, state.time)
            or self._mistakes.update(self._wrong(state), state.time),
            subgoal=2 + is_free if is_there else int(_is_near(thing, state)),
            progress=moving_progress(
                state.robot, body.pose.position, distance, is_there=is_there, is_let_go=is_free
            ),
        )

    def _wrong(self, state: WorldState) -> dict[Hashable, str]:
        """Return the failure that each object on a spot amounts to which nobody asked for."""
        return {
            (thing.name, mark.name): WRONG_MARK if thing is self._thing else WRONG_OBJECT
            for thing, mark in product(self._scene.objects, self._scene.marks)
            if (thing, mark) != (self._thing, self._mark) and self._is_placed(thing, mark, state)
        }

    def _is_placed(self, thing: GraspableObject, mark: TableMark, state: WorldState) -> bool:
        body = state.objects[thing.name]
        is_there = _distance(thing, mark, state) < mark.radius
        is_still = is_at_rest(body) and stands_on_table(thing, body, self._table)
        return is_there and is_still and is_let_go(thing, state)


def _distance(thing: GraspableObject, mark: TableMark, state: WorldState) -> float:
    x, y, _ = state.objects[thing.name].pose.position
    return math.hypot(x - mark.position[0], y - mark.position[1])


def _is_near(thing: GraspableObject, state: WorldState) -> bool:
    where = state.objects[thing.name].pose.position
    hands = (pinch_point(state.robot, side) for side in SIDES)
    return any(float(np.linalg.norm(hand - where)) < NEAR for hand in hands)


def _laid_out(
    things: list[GraspableObject], colors: list[str], table: Table, rng: np.random.Generator
) -> tuple[tuple[GraspableObject, ...], tuple[TableMark, ...]]:
    """Return objects and spots, all clear of each other."""
    marks = [
        TableMark(f"{color}_spot", color, COLORS[color], (0.0, 0.0), MARK_RADIUS)
        for color in colors
    ]
    items = [object_item(thing, table) for thing in things]
    items += [
        Item(mark.name, mark.radius, MARK_CLEARANCE, MARK_REGION, lambda x, y: True)
        for mark in marks
    ]
    spots, turns = place(items, rng), rng.random((len(things), 3))
    stood = zip(things, spots, turns, strict=False)
    painted = zip(marks, spots[len(things) :], strict=True)
    return (
        tuple(stood_object(thing, spot, turn, table) for thing, spot, turn in stood),
        tuple(replace(mark, position=spot) for mark, spot in painted),
    )
