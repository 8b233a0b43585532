"""PlaceUpright: stand the named thing up that lies on the table."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import get_args

import numpy as np

from vla_humanoid.assets.scene import GraspableObject, Scene, Shape
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.geometry import tilt
from vla_humanoid.tasks.core.handling import is_let_go, is_lifted
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import Kind, named, sample_kinds
from vla_humanoid.tasks.core.lying import GRASPED_ALONG, laid_down, lying_item
from vla_humanoid.tasks.core.placement import place
from vla_humanoid.tasks.core.plan import Skill, StandUp
from vla_humanoid.tasks.core.predicates import (
    UPRIGHT_TILT,
    is_at_rest,
    is_off_table,
    is_standing,
)
from vla_humanoid.tasks.core.progress import moving_progress
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stacking import stands_on_table
from vla_humanoid.tasks.core.table_layout import object_item, stood_object
from vla_humanoid.tasks.core.tabletop import new_object, object_count, sample_table, table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.uprighting import UPRIGHTING

LYING, MOST_OBJECTS = len(SIDES), 4
"""Number of objects that lie, one for each hand, and of all objects at most."""
TURNED = 0.2
"""Length that a turn by one radian counts as, for the progress [m/rad]."""
HOLD_TIME = 0.5
"""How long an object must stand for that to count [s]."""


@dataclass(frozen=True)
class PlaceUprightGoal:
    """Which object, by its name in the scene."""

    object: str


class PlaceUpright(SpokenTask[PlaceUprightGoal]):
    """A table on which two bottles, cans or cups lie and up to two other objects stand."""

    name = "PlaceUpright"
    goal_type = PlaceUprightGoal
    sentences = UPRIGHTING
    time_limit = 20.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample objects; the first lies before the left hand, the second before the right one."""
        table, rng = sample_table(random), random.stream("object_pose")
        things = [new_object(color, shape, random) for color, shape in _sample_kinds(random)]
        lying, standing = things[:LYING], things[LYING:]
        items = [lying_item(it, side, table) for it, side in zip(lying, SIDES, strict=True)]
        items += [object_item(it, table) for it in standing]
        spots, turns = place(items, rng), rng.random((MOST_OBJECTS, 3))
        placed = (
            *(
                laid_down(thing, spot, side, table, float(turn[0]))
                for thing, spot, side, turn in zip(lying, spots, SIDES, turns, strict=False)
            ),
            *(
                stood_object(thing, spot, turn, table)
                for thing, spot, turn in zip(standing, spots[LYING:], turns[LYING:], strict=True)
            ),
        )
        count = object_count(random, MOST_OBJECTS, LYING)
        return randomize_appearance(Scene(table=table, objects=placed[:count]), random)

    def goals(self, scene: Scene) -> tuple[PlaceUprightGoal, ...]:
        """Return each object that lies."""
        return tuple(PlaceUprightGoal(thing.name) for thing in scene.objects if _lies(thing))

    def subgoals(self, goal: PlaceUprightGoal, scene: Scene) -> tuple[str, ...]:
        """Return: pick it up, turn it, set it down."""
        thing = named(scene.objects, goal.object)
        return (
            f"pick up the {thing.color} {thing.shape}",
            "turn it upright and set it down",
            "let go of it",
        )

    def plan(self, goal: PlaceUprightGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: stand it up."""
        return (StandUp(goal.object),)

    def judge(self, goal: PlaceUprightGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return PlaceUprightJudge(goal, scene)


class PlaceUprightJudge(EpisodeJudge):
    """Judges one episode.

    Success: the named object stands on the table, its upper end up, at rest, both hands are away
    from it, and the robot stands: all of it for `HOLD_TIME` without interruption. Failure: another
    object that lay has been stood up so, or the named one has fallen off the table.
    """

    def __init__(self, goal: PlaceUprightGoal, scene: Scene) -> None:
        super().__init__()
        self._table = table_of(scene)
        self._thing = named(scene.objects, goal.object)
        self._others = [it for it in scene.objects if _lies(it) and it is not self._thing]
        self._placed = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(HOLD_TIME), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        thing, body = self._thing, state.objects[self._thing.name]
        wrong: dict[Hashable, str] = {
            it.name: WRONG_OBJECT for it in self._others if self._is_placed(it, state)
        }
        is_lost = is_off_table(body, self._table.height)
        lost: dict[Hashable, str] = {thing.name: DROPPED} if is_lost else {}
        is_there, is_free = stands_on_table(thing, body, self._table), is_let_go(thing, state)
        is_done = self._is_placed(thing, state) and is_standing(state.robot)
        leaning = max(tilt(body.pose.quat_wxyz) - UPRIGHT_TILT, 0.0)
        return Judgement(
            success=self._placed.update(is_done, state.time),
            failure=self._losses.update(lost, state.time)
            or self._mistakes.update(wrong, state.time),
            subgoal=2 + is_free if is_there else int(is_lifted(thing, state)),
            progress=moving_progress(
                state.robot,
                body.pose.position,
                # As far as the upper end has still to turn.
                TURNED * leaning,
                is_there=is_there,
                is_let_go=is_free,
            ),
        )

    def _is_placed(self, thing: GraspableObject, state: WorldState) -> bool:
        body = state.objects[thing.name]
        is_there = stands_on_table(thing, body, self._table) and is_at_rest(body)
        return is_there and is_let_go(thing, state)


def _lies(thing: GraspableObject) -> bool:
    return tilt(np.array(thing.quat_wxyz)) > UPRIGHT_TILT


def _sample_kinds(random: EpisodeRandom) -> tuple[Kind[Shape], ...]:
    """Sample colours and shapes, those that can be stood up before the others."""
    rng = random.stream("objects")
    while True:
        kinds = sample_kinds(get_args(Shape), MOST_OBJECTS, rng)
        if sum(shape in GRASPED_ALONG for _, shape in kinds) >= LYING:
            return tuple(sorted(kinds, key=lambda kind: kind[1] not in GRASPED_ALONG))
