"""Stack: put the named object on top of another one."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from typing import get_args

import numpy as np

from vla_humanoid.assets.scene import GraspableObject, Scene, Shape
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.handling import is_let_go, is_lifted
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import Kind, named, sample_kinds
from vla_humanoid.tasks.core.plan import Pick, PutOn, Skill
from vla_humanoid.tasks.core.predicates import is_off_table, is_standing
from vla_humanoid.tasks.core.progress import moving_progress
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stacking import (
    TOPS,
    can_bear,
    hands_to_stack,
    is_stacked,
    rests_on,
    top_of,
)
from vla_humanoid.tasks.core.table_layout import OBJECT_SCALES, TABLE_HEIGHTS, lay_out
from vla_humanoid.tasks.core.tabletop import (
    new_object,
    object_count,
    sample_table,
    table_of,
)
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.stacking import STACKING

MOST_OBJECTS = 5
BEARERS = 2
"""Least number of objects that can bear another one, which is the fewest objects, too."""
HIGHER_GRASP = 0.01
"""How much higher than usual things are taken: fingertips stay above what they are put on [m]."""
HOLD_TIME = 0.5
"""How long an object must rest where it was put for that to count [s]."""
WRONG_BASE = "wrong_base"
"""Failure: the named object was stacked on another one."""


@dataclass(frozen=True)
class StackGoal:
    """Which object goes on which, by their names in the scene."""

    object: str
    base: str


class Stack(SpokenTask[StackGoal]):
    """A table with 2 to 5 objects, of which two or more can bear another one."""

    name = "Stack"
    goal_type = StackGoal
    sentences = STACKING
    handled = "object"
    time_limit = 20.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample objects; the first two can go on each other, and one hand reaches both."""
        table = sample_table(random)
        things = [new_object(color, shape, random) for color, shape in _sample_kinds(random)]
        layouts = random.stream("object_pose")
        while True:
            _, placed = lay_out((), things, table, layouts)
            if _fit_together(*placed[:BEARERS]):
                break
        count = object_count(random, len(placed), BEARERS)
        return randomize_appearance(Scene(table=table, objects=placed[:count]), random)

    def goals(self, scene: Scene) -> tuple[StackGoal, ...]:
        """Return each object on each that can bear it, where one hand reaches both."""
        height = table_of(scene).height
        return tuple(
            StackGoal(thing.name, base.name)
            for thing, base in permutations(scene.objects, 2)
            if can_bear(base, thing) and hands_to_stack(thing, base, height)
        )

    def hands(self, goal: StackGoal, scene: Scene) -> tuple[str, ...]:
        """Return the sides whose hand reaches both."""
        thing, base = named(scene.objects, goal.object), named(scene.objects, goal.base)
        return hands_to_stack(thing, base, table_of(scene).height)

    def subgoals(self, goal: StackGoal, scene: Scene) -> tuple[str, ...]:
        """Return: pick it up, put it there, let go."""
        thing, base = named(scene.objects, goal.object), named(scene.objects, goal.base)
        return (
            f"pick up the {thing.color} {thing.shape}",
            f"put it on top of the {base.color} {base.shape}",
            "let go of it",
        )

    def plan(self, goal: StackGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: pick, put on."""
        return Pick(goal.object, higher=HIGHER_GRASP), PutOn(goal.object, goal.base)

    def judge(self, goal: StackGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return StackJudge(goal, scene)


class StackJudge(EpisodeJudge):
    """Judges one episode.

    Success: the named object rests on top of the named one, which stands upright on the table, both
    hands are away from it, and the robot stands: all of it for `HOLD_TIME` without interruption.
    Failure: two other objects, or one of them with another one, have been stacked so, or one of
    them has fallen off the table.
    """

    def __init__(self, goal: StackGoal, scene: Scene) -> None:
        super().__init__()
        self._scene, self._table = scene, table_of(scene)
        self._thing = named(scene.objects, goal.object)
        self._base = named(scene.objects, goal.base)
        self._stacked = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(HOLD_TIME), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        thing, base = self._thing, self._base
        is_done = is_stacked(base, thing, state, self._table) and is_standing(state.robot)
        lost: dict[Hashable, str] = {
            it.name: DROPPED
            for it in (thing, base)
            if is_off_table(state.objects[it.name], self._table.height)
        }
        is_there, is_free = rests_on(base, thing, state), is_let_go(thing, state)
        where = state.objects[thing.name].pose.position
        place = state.objects[base.name].pose.position + np.array([0.0, 0.0, top_of(base)])
        return Judgement(
            success=self._stacked.update(is_done, state.time),
            failure=self._losses.update(lost, state.time)
            or self._mistakes.update(self._wrong_stacks(state), state.time),
            subgoal=2 + is_free if is_there else int(is_lifted(thing, state)),
            progress=moving_progress(
                state.robot,
                where,
                float(np.linalg.norm(where - place)),
                is_there=is_there,
                is_let_go=is_free,
            ),
        )

    def _wrong_stacks(self, state: WorldState) -> Mapping[Hashable, str]:
        """Return the failure that each stack which nobody asked for amounts to."""
        return {
            (thing.name, base.name): WRONG_BASE if thing is self._thing else WRONG_OBJECT
            for thing, base in permutations(self._scene.objects, 2)
            if (thing, base) != (self._thing, self._base)
            and can_bear(base, thing)
            and is_stacked(base, thing, state, self._table)
        }


def _sample_kinds(random: EpisodeRandom) -> tuple[Kind[Shape], ...]:
    """Sample colours and shapes, at least two that can bear something before the others."""
    rng = random.stream("objects")
    while True:
        kinds = sample_kinds(get_args(Shape), MOST_OBJECTS, rng)
        if sum(shape in TOPS for _, shape in kinds) >= BEARERS:
            return tuple(sorted(kinds, key=lambda kind: kind[1] not in TOPS))


def _fit_together(one: GraspableObject, other: GraspableObject) -> bool:
    """Tell whether a hand can stack each on the other, at any height of the table and any size."""
    return all(
        hands_to_stack(replace(thing, scale=scale), replace(base, scale=scale), height)
        for thing, base in permutations((one, other))
        for height in TABLE_HEIGHTS
        for scale in OBJECT_SCALES
    )
