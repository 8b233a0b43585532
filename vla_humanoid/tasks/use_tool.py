"""UseTool: pull the named object, which is out of reach, near with a hook."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene, Shape, Table
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.handling import is_let_go, is_lifted
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.hooking import hook_of, hook_side, hookable, hooking, new_hook
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named, sample_kinds
from vla_humanoid.tasks.core.placement import Item, Region, place
from vla_humanoid.tasks.core.plan import Pick, PullNear, Skill
from vla_humanoid.tasks.core.predicates import is_at_rest, is_off_table, is_standing
from vla_humanoid.tasks.core.progress import hand_nearness, nearness
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.reach import reaches
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.table_layout import (
    OBJECT_CLEARANCE,
    OBJECT_SCALES,
    TABLE_HEIGHTS,
    stood_object,
)
from vla_humanoid.tasks.core.tabletop import new_object, object_count, sample_table, table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.pulling import PULLING

SHAPES: tuple[Shape, ...] = ("cube", "cylinder", "can", "hexagonal prism", "cup")
"""What can be pulled: nothing that rolls, or that a hook hardly fits around."""
FEWEST_OBJECTS, MOST_OBJECTS = 2, 3
AHEAD, INWARDS, OUTWARDS = (0.565, 0.60), -0.12, 0.18
"""Where middles of objects may be: ahead, and how far to the side of the hook and to the other [m].
"""
WITHIN_REACH = 0.24
"""Distance from the near edge of the table within which an object is near [m]."""
PULLED = 0.06
"""By how much another object may come nearer [m]."""
HOLD_TIME = 0.5
"""How long the object must rest where it was pulled to [s]."""
BY_HAND = "by_hand"
"""Failure: a hand moved what was to be pulled with the hook."""


@dataclass(frozen=True)
class UseToolGoal:
    """Which object, by its name in the scene."""

    object: str


class UseTool(SpokenTask[UseToolGoal]):
    """A table with a hook within reach and 2 or 3 objects beyond; one is to be pulled near."""

    name = "UseTool"
    goal_type = UseToolGoal
    sentences = PULLING
    time_limit = 25.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a hook to one side, and objects at the back."""
        table, rng = sample_table(random), random.stream("object_pose")
        hook = new_hook(random, table)
        kinds = sample_kinds(SHAPES, MOST_OBJECTS, random.stream("objects"))
        things = [new_object(color, shape, random) for color, shape in kinds]
        side = hook_side(np.array(hook.quat_wxyz))
        spots, turns = place([_item(it, side) for it in things], rng), rng.random((len(things), 3))
        stood = tuple(
            stood_object(thing, spot, turn, table)
            for thing, spot, turn in zip(things, spots, turns, strict=True)
        )
        count = object_count(random, MOST_OBJECTS, FEWEST_OBJECTS)
        scene = Scene(table=table, objects=(*stood[:count], hook))
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[UseToolGoal, ...]:
        """Return each object that is too far away."""
        far = near_line(table_of(scene))
        return tuple(UseToolGoal(it.name) for it in hookable(scene) if it.position[0] > far)

    def subgoals(self, goal: UseToolGoal, scene: Scene) -> tuple[str, ...]:
        """Return: take the hook, pull."""
        thing = named(scene.objects, goal.object)
        return "pick up the hook", f"pull the {thing.color} {thing.shape} towards you with it"

    def plan(self, goal: UseToolGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: pick the hook up, pull with it."""
        tool = hook_of(scene).name
        return Pick(tool), PullNear(goal.object, tool, near_line(table_of(scene)))

    def judge(self, goal: UseToolGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return UseToolJudge(goal, scene)


class UseToolJudge(EpisodeJudge):
    """Judges one episode.

    Success: the middle of the named object is on the table within `WITHIN_REACH` m of its near edge
    and at rest, hands are away from it, and the robot stands: all of it for `HOLD_TIME` s without
    interruption. Failure: the object moves while a hand is at it, another one has come nearer by
    `PULLED` m, or the object or the hook has fallen off the table.
    """

    def __init__(self, goal: UseToolGoal, scene: Scene) -> None:
        super().__init__()
        self._table, self._hook = table_of(scene), hook_of(scene)
        self._target = named(scene.objects, goal.object)
        self._others = [it for it in hookable(scene) if it is not self._target]
        self._near = near_line(self._table)
        self._pulled = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(0.0), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        body = state.objects[self._target.name]
        left = max(float(body.pose.position[0]) - self._near, 0.0)
        is_free = is_let_go(self._target, state)
        is_pulled = left == 0.0 and is_at_rest(body) and is_free and is_standing(state.robot)
        lost: dict[Hashable, str] = {
            it.name: DROPPED
            for it in (self._target, self._hook)
            if is_off_table(state.objects[it.name], self._table.height)
        }
        hook = state.objects[self._hook.name].pose.position
        is_held = is_lifted(self._hook, state) or left < self._target.position[0] - self._near
        return Judgement(
            success=self._pulled.update(is_pulled, state.time),
            failure=self._losses.update(lost, state.time)
            or self._mistakes.update(self._wrong(state), state.time),
            subgoal=2 if left == 0.0 else int(is_held),
            progress=0.3 * hand_nearness(state.robot, hook) + 0.6 * nearness(left),
        )

    def _wrong(self, state: WorldState) -> dict[Hashable, str]:
        wrong: dict[Hashable, str] = {
            it.name: WRONG_OBJECT
            for it in self._others
            if state.objects[it.name].pose.position[0] < it.position[0] - PULLED
        }
        is_moved = not is_at_rest(state.objects[self._target.name])
        if is_moved and not is_let_go(self._target, state):
            wrong[self._target.name] = BY_HAND
        return wrong


def near_line(table: Table) -> float:
    """Return how far ahead the middle of an object may be that is near, world frame [m]."""
    return table.position[0] - 0.5 * table.size[0] + WITHIN_REACH


def _item(thing: GraspableObject, side: str) -> Item:
    """Return an object as something to place out of reach of hands, and in that of the hook."""
    aside = (INWARDS, OUTWARDS) if side == "left" else (-OUTWARDS, -INWARDS)
    radius = OBJECT_SCALES[1] * OBJECTS[thing.shape].footprint_radius

    def is_hookable(x: float, y: float) -> bool:
        hand_x, hand_y, _ = hooking(x, y, radius, side)
        return all(reaches(side, (hand_x, hand_y, height)) for height in TABLE_HEIGHTS)

    return Item(thing.name, radius, OBJECT_CLEARANCE, Region(AHEAD, aside), is_hookable)
