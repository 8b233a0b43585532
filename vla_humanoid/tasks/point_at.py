"""PointAt: point with a hand at the named object or landmark."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import GraspableObject, Landmark, LandmarkShape, Scene, Shape
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import identifier, named, sample_kinds
from vla_humanoid.tasks.core.plan import PointTo, Skill
from vla_humanoid.tasks.core.pointing import (
    aim_error,
    centre,
    is_raised,
    least_separation,
    pointed_at,
)
from vla_humanoid.tasks.core.predicates import is_standing
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.table_layout import lay_out
from vla_humanoid.tasks.core.tabletop import new_object, object_count, sample_table
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.pointing import POINTING

FEWEST_OBJECTS, MOST_OBJECTS = 2, 4
LANDMARK_SHAPES: tuple[LandmarkShape, ...] = ("cone", "pillar", "crate", "barrel")
"""A large ball is left out: there may be a small one on the table."""
BEARINGS = (math.radians(25.0), math.radians(65.0))
DISTANCES = (1.6, 2.6)
"""Of the landmarks, one on either side."""
SEPARATION = math.radians(16.0)
"""Least angle between two things as a hand sees them [rad]."""
HOLD_TIME, WRONG_TIME = 1.0, 1.0
"""How long to point at something for that to count, and at something else [s]."""


@dataclass(frozen=True)
class PointAtGoal:
    """Which object or landmark, by its name in the scene."""

    thing: str


class PointAt(SpokenTask[PointAtGoal]):
    """A table with 2 to 4 objects and a landmark on the floor to either side of it."""

    name = "PointAt"
    goal_type = PointAtGoal
    sentences = POINTING
    time_limit = 10.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample things that are well apart as the hands see them."""
        table, layouts = sample_table(random), random.stream("object_pose")
        kinds = sample_kinds(get_args(Shape), MOST_OBJECTS, random.stream("objects"))
        things = [new_object(color, shape, random) for color, shape in kinds]
        while True:
            landmarks = _sample_landmarks(random, layouts)
            _, placed = lay_out((), things, table, layouts)
            if least_separation([centre(it) for it in (*placed, *landmarks)]) > SEPARATION:
                break
        count = object_count(random, len(placed), FEWEST_OBJECTS)
        scene = Scene(table=table, objects=placed[:count], landmarks=landmarks)
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[PointAtGoal, ...]:
        """Return each object and each landmark."""
        return tuple(PointAtGoal(thing.name) for thing in _things(scene))

    def subgoals(self, goal: PointAtGoal, scene: Scene) -> tuple[str, ...]:
        """Return: stretch out a hand, aim it."""
        thing = named(_things(scene), goal.thing)
        return "stretch out a hand", f"point it at the {thing.color} {thing.shape}"

    def plan(self, goal: PointAtGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: point at it a little longer than asked."""
        return (PointTo(goal.thing, seconds=HOLD_TIME + 0.5),)

    def judge(self, goal: PointAtGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return PointAtJudge(goal, scene)


class PointAtJudge(EpisodeJudge):
    """Judges one episode.

    Success: a hand that is stretched out ahead points at the named thing, and past everything else,
    for `HOLD_TIME` without interruption, without touching it; the other hand points at nothing.
    Failure: a hand points at another thing for `WRONG_TIME`.
    """

    def __init__(self, goal: PointAtGoal, scene: Scene) -> None:
        super().__init__()
        self._things = _things(scene)
        self._target = goal.thing
        self._pointed, self._mistakes = Hold(HOLD_TIME), Mistakes(WRONG_TIME)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        robot = state.robot
        centres = {thing.name: centre(thing, state) for thing in self._things}
        shown = pointed_at(robot, centres)
        raised = [side for side in SIDES if is_raised(robot, side)]
        errors = [aim_error(robot, side, centres[self._target]) for side in raised]
        wrong: dict[Hashable, str] = dict.fromkeys(shown - {self._target}, WRONG_OBJECT)
        is_there = shown == {self._target}
        return Judgement(
            success=self._pointed.update(is_there and is_standing(robot), state.time),
            failure=self._mistakes.update(wrong, state.time),
            subgoal=2 if is_there else min(len(raised), 1),
            progress=0.9 * (1.0 - math.tanh(min(errors))) if errors else 0.0,
        )


def _things(scene: Scene) -> tuple[GraspableObject | Landmark, ...]:
    return *scene.objects, *scene.landmarks


def _sample_landmarks(random: EpisodeRandom, rng: np.random.Generator) -> tuple[Landmark, ...]:
    """Sample a landmark to the left and one to the right, beyond the table."""
    kinds = sample_kinds(LANDMARK_SHAPES, 2, random.stream("landmarks"))
    marks = [
        Landmark(identifier(color, shape), shape, color, COLORS[color], (0.0, 0.0))
        for color, shape in kinds
    ]
    bearings, distances = rng.uniform(*BEARINGS, 2), rng.uniform(*DISTANCES, 2)
    yaws = rng.uniform(-math.pi, math.pi, 2).tolist()
    return tuple(
        replace(
            mark,
            position=(
                float(distance * math.cos(bearing)),
                float(side * distance * math.sin(bearing)),
            ),
            yaw=yaw,
        )
        for mark, bearing, distance, yaw, side in zip(
            marks, bearings, distances, yaws, (1.0, -1.0), strict=True
        )
    )
