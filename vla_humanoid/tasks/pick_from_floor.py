"""PickFromFloor: squat, pick the named object from a low table, and stand up with it."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import get_args

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene, Shape, Table
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.handling import is_lifted
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named, sample_kinds
from vla_humanoid.tasks.core.placement import Item, Region, place
from vla_humanoid.tasks.core.plan import Pick, Skill, Squat
from vla_humanoid.tasks.core.predicates import is_off_table, pelvis_height
from vla_humanoid.tasks.core.progress import hand_nearness
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.reach import PELVIS_HEIGHT
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.table_layout import (
    OBJECT_CLEARANCE,
    OBJECT_SCALES,
    behind_edge,
    reachable,
    stood_object,
)
from vla_humanoid.tasks.core.tabletop import new_object, object_count, table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.picking_up import PICKING_UP

HEIGHTS, HEIGHT = (0.34, 0.44), 0.39
"""Of the table [m]."""
TABLE_SIZE, EDGE = (0.4, 1.0), 0.30
"""Extent of its top, and distance to its near edge [m]."""
REGION = Region(x=(0.33, 0.46), y=(-0.32, 0.32))
"""Where objects may be [m]."""
MOST_OBJECTS = 3
DEPTH, STANDING = 0.50, 0.74
"""Heights of the pelvis at which the expert picks, and stands afterwards [m]."""
LEAN_DEPTH = 0.06
"""How much lower hands reach, as a robot that squats leans further forward [m]."""
UP = 0.68
"""Height of the pelvis above which the robot has stood up [m]."""
RAISED = 0.12
"""How far above where it stood the object must be held [m]."""
IN_HAND = 0.12
"""Largest distance between an object and the pinch of the hand that holds it [m]."""
HOLD_TIME = 1.0
"""How long it must be held so [s]."""
WRONG_TIME = 0.5
"""How long another object must be off the table to count [s]."""


@dataclass(frozen=True)
class PickFromFloorGoal:
    """Which object, by its name in the scene."""

    object: str


class PickFromFloor(SpokenTask[PickFromFloorGoal]):
    """A table at the height of the knees with 2 or 3 objects; the robot is to pick up one."""

    name = "PickFromFloor"
    goal_type = PickFromFloorGoal
    sentences = PICKING_UP
    time_limit = 20.0
    walks = True  # No steps, but the height of the pelvis, which the same modes command.

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a low table and objects within reach of a robot that squats."""
        height = random.uniform("table_height", HEIGHTS, HEIGHT)
        table = Table((EDGE + 0.5 * TABLE_SIZE[0], 0.0), height, TABLE_SIZE)
        kinds = sample_kinds(get_args(Shape), MOST_OBJECTS, random.stream("objects"))
        things = [new_object(color, shape, random) for color, shape in kinds]
        spot_rng, turn_rng = random.stream("object_pose").spawn(2)
        spots = place([_item(thing, table) for thing in things], spot_rng)
        turns = turn_rng.random((len(things), 3))
        objects = [
            stood_object(thing, spot, turn, table)
            for thing, spot, turn in zip(things, spots, turns, strict=True)
        ]
        count = object_count(random, len(objects))
        return randomize_appearance(Scene(table=table, objects=tuple(objects[:count])), random)

    def goals(self, scene: Scene) -> tuple[PickFromFloorGoal, ...]:
        """Return each object."""
        return tuple(PickFromFloorGoal(thing.name) for thing in scene.objects)

    def subgoals(self, goal: PickFromFloorGoal, scene: Scene) -> tuple[str, ...]:
        """Return: down, pick, up."""
        thing = named(scene.objects, goal.object)
        return "squat down", f"pick up the {thing.color} {thing.shape}", "stand up with it"

    def plan(self, goal: PickFromFloorGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: squat, pick, stand up."""
        return Squat(DEPTH, 0.3), Pick(goal.object), Squat(STANDING, HOLD_TIME)

    def judge(self, goal: PickFromFloorGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return PickFromFloorJudge(goal, scene)


class PickFromFloorJudge(EpisodeJudge):
    """Judges one episode.

    Success: the robot stands upright and holds the named object `RAISED` above where it stood, for
    `HOLD_TIME`. Failure: the object falls off the table, or another one is picked up.
    """

    def __init__(self, goal: PickFromFloorGoal, scene: Scene) -> None:
        super().__init__()
        self._table = table_of(scene)
        self._target = named(scene.objects, goal.object)
        self._others = [thing for thing in scene.objects if thing is not self._target]
        self._held = Hold(HOLD_TIME)
        self._mistakes = Mistakes(WRONG_TIME)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        is_in_hand = is_lifted(self._target, state) and _is_in_hand(self._target, state)
        raised = state.objects[self._target.name].pose.position[2] - self._target.position[2]
        is_up = pelvis_height(state.robot) > UP
        held = self._held.update(bool(is_in_hand and raised > RAISED and is_up), state.time)
        is_down = pelvis_height(state.robot) < 0.5 * (DEPTH + UP)
        return Judgement(
            success=held,
            failure=self._failure(state),
            subgoal=(3 if held else 2) if is_in_hand else int(is_down),
            progress=self._progress(state, is_in_hand),
        )

    def _progress(self, state: WorldState, is_in_hand: bool) -> float:
        """Return 0.5 for the hand at the object, more for how far the robot is up with it."""
        if not is_in_hand:
            return 0.5 * hand_nearness(state.robot, state.objects[self._target.name].pose.position)
        up = (pelvis_height(state.robot) - DEPTH) / (UP - DEPTH)
        return 0.5 + 0.4 * min(max(up, 0.0), 1.0)

    def _failure(self, state: WorldState) -> str | None:
        lifted: dict[Hashable, str] = {
            thing.name: WRONG_OBJECT
            for thing in self._others
            if is_lifted(thing, state) and _is_in_hand(thing, state)
        }
        mistake = self._mistakes.update(lifted, state.time)
        is_off = is_off_table(state.objects[self._target.name], self._table.height)
        return DROPPED if is_off else mistake


def _is_in_hand(thing: GraspableObject, state: WorldState) -> bool:
    place = state.objects[thing.name].pose.position
    away = min(float(np.linalg.norm(pinch_point(state.robot, s) - place)) for s in SIDES)
    return away < IN_HAND


def _item(thing: GraspableObject, table: Table) -> Item:
    """Return an object as something to place where the hand of a squatting robot reaches it."""
    model = OBJECTS[thing.shape]
    radius = OBJECT_SCALES[1] * model.footprint_radius
    # As far below the pelvis as it would be for a robot that stands.
    heights = [
        height
        + PELVIS_HEIGHT
        - DEPTH
        + LEAN_DEPTH
        + scale * (model.half_height + model.grasp_height)
        for height in HEIGHTS
        for scale in OBJECT_SCALES
    ]
    region = behind_edge(REGION, table, radius)
    return Item(thing.name, radius, OBJECT_CLEARANCE, region, reachable(heights, hands=1))
