"""Sort: put everything of the named colour or shape into the container, and nothing else."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from vla_humanoid.assets.scene import Container, ContainerShape, GraspableObject, Scene, Shape
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.groups import attributes, members
from vla_humanoid.tasks.core.handling import is_in, is_let_go, is_placed_in
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named, sample_kinds
from vla_humanoid.tasks.core.plan import Pick, Place, Skill
from vla_humanoid.tasks.core.predicates import is_off_table, is_standing
from vla_humanoid.tasks.core.progress import moving_progress
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.table_layout import lay_out
from vla_humanoid.tasks.core.tabletop import (
    hands_for,
    new_container,
    new_object,
    object_count,
    sample_table,
    table_of,
)
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.sorting import SORTING
from vla_humanoid.tasks.language.words import PREPOSITIONS

FEWEST_OBJECTS, MOST_OBJECTS = 4, 5
GROUP_SIZE = 2
"""How many things have in common what the sentence names."""
CONTAINER_SHAPES = get_args(ContainerShape)
ENLARGED = 1.25
"""How much larger than elsewhere containers are: two things and a hand beside them fit in."""
SPREAD: Mapping[ContainerShape, tuple[float, float]] = {
    "plate": (0.0, 0.036),
    "bowl": (0.0, 0.032),
    "bin": (0.030, 0.030),
    "tray": (0.0, 0.043),
}
"""How far from the container's middle the two are put, one on either side, in its own frame [m]."""
HOLD_TIME = 0.5
"""How long things must rest where they were put for that to count [s]."""


@dataclass(frozen=True)
class SortGoal:
    """Which colour or shape goes into which container, by its name in the scene."""

    group: str
    container: str


class Sort(SpokenTask[SortGoal]):
    """A table with a container and 4 or 5 objects, which pair up by colour or shape."""

    name = "Sort"
    goal_type = SortGoal
    sentences = SORTING
    time_limit = 40.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample objects in which there are two pairs or more."""
        table = sample_table(random)
        (color, shape), *_ = sample_kinds(CONTAINER_SHAPES, 1, random.stream("containers"))
        container, things = new_container(color, shape, random), _sample_things(random)
        container = replace(container, scale=ENLARGED * container.scale)
        layouts = random.stream("object_pose")
        containers, things = lay_out([container], things, table, layouts, ENLARGED)
        count = object_count(random, len(things), FEWEST_OBJECTS)
        scene = Scene(table=table, objects=things[:count], containers=containers)
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[SortGoal, ...]:
        """Return each pair that hands can take to the container."""
        return tuple(
            SortGoal(group, container.name)
            for group in _pairs(scene.objects)
            for container in scene.containers
            if all(hands_for(scene, thing, container) for thing in members(scene.objects, group))
        )

    def parts(self, goal: SortGoal, scene: Scene) -> tuple[Mapping[str, str], ...]:
        """Return that each of them is asked for."""
        wanted = members(scene.objects, goal.group)
        return tuple({"object": thing.name, "container": goal.container} for thing in wanted)

    def subgoals(self, goal: SortGoal, scene: Scene) -> tuple[str, ...]:
        """Return: put one of them there, then the other."""
        container = named(scene.containers, goal.container)
        where = f"{PREPOSITIONS[container.shape]} the {container.color} {container.shape}"
        sample = members(scene.objects, goal.group)[0]
        what = f"{goal.group} things" if goal.group == sample.color else f"{goal.group}s"
        return f"put one of the {what} {where}", f"put the other of the {what} {where}"

    def plan(self, goal: SortGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: pick and place, one after the other, side by side."""
        container = named(scene.containers, goal.container)
        things = sorted(members(scene.objects, goal.group), key=lambda it: it.position[1])
        placed = list(zip(things, _spots(container), strict=True))
        are_left = {thing.position[1] > container.position[1] for thing in things}
        if len(are_left) == 1:
            # Both from one side: the second is not carried over the first, which may stand tall.
            order = placed if True in are_left else placed[::-1]
        else:
            # The farther one first: it is not in the hand's way to the nearer one.
            order = sorted(placed, key=lambda item: -item[1][0])
        return tuple(
            skill
            for thing, spot in order
            for skill in (Pick(thing.name), Place(thing.name, goal.container, spot))
        )

    def judge(self, goal: SortGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return SortJudge(goal, scene)


class SortJudge(EpisodeJudge):
    """Judges one episode.

    Success: every object of the named colour or shape lies in the container, which stands upright
    on the table, and no other one, both hands are away from them, and the robot stands: all of it
    for `HOLD_TIME` without interruption. Failure: another object was put there, or something that
    is needed has fallen off the table.
    """

    def __init__(self, goal: SortGoal, scene: Scene) -> None:
        super().__init__()
        self._table = table_of(scene)
        self._container = named(scene.containers, goal.container)
        self._wanted = members(scene.objects, goal.group)
        self._others = [thing for thing in scene.objects if thing not in self._wanted]
        self._sorted = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(HOLD_TIME), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        there = [self._is_placed(thing, state) for thing in self._wanted]
        wrong: dict[Hashable, str] = {
            thing.name: WRONG_OBJECT for thing in self._others if self._is_placed(thing, state)
        }
        lost: dict[Hashable, str] = {
            it.name: DROPPED
            for it in (*self._wanted, self._container)
            if is_off_table(state.objects[it.name], self._table.height)
        }
        is_done = all(there) and not wrong and is_standing(state.robot)
        return Judgement(
            success=self._sorted.update(is_done, state.time),
            failure=self._losses.update(lost, state.time)
            or self._mistakes.update(wrong, state.time),
            subgoal=sum(there),
            progress=float(np.mean([self._progress(thing, state) for thing in self._wanted])),
        )

    def _is_placed(self, thing: GraspableObject, state: WorldState) -> bool:
        return is_placed_in(thing, self._container, state, self._table)

    def _progress(self, thing: GraspableObject, state: WorldState) -> float:
        where = state.objects[thing.name].pose.position
        place = state.objects[self._container.name].pose.position
        return moving_progress(
            state.robot,
            where,
            float(np.linalg.norm(where - place)),
            is_there=is_in(thing, self._container, state),
            is_let_go=is_let_go(thing, state),
        )


def _spots(container: Container) -> list[tuple[float, float]]:
    """Return where in a container two things go, ahead and left of its middle [m], right first."""
    x, y = (container.scale * part for part in SPREAD[container.shape])
    yaw = 2.0 * math.atan2(container.quat_wxyz[3], container.quat_wxyz[0])
    # What is as good in several directions is best side by side.
    yaws = {"tray": [yaw], "bin": [yaw + k * 0.5 * math.pi for k in range(4)]}
    cosine, sine = max(
        ((math.cos(angle), math.sin(angle)) for angle in yaws.get(container.shape, [0.0])),
        key=lambda turn: abs(turn[1] * x + turn[0] * y),
    )
    spot = (cosine * x - sine * y, sine * x + cosine * y)
    return sorted([spot, (-spot[0], -spot[1])], key=lambda place: place[1])


def _sample_things(random: EpisodeRandom) -> list[GraspableObject]:
    """Sample objects, not yet placed, of which the fewest that may stay have two pairs already."""
    rng = random.stream("objects")
    while True:
        kinds = sample_kinds(get_args(Shape), MOST_OBJECTS, rng)
        things = [new_object(color, shape, random) for color, shape in kinds]
        if all(len(_pairs(things[:count])) >= 2 for count in (FEWEST_OBJECTS, MOST_OBJECTS)):
            return things


def _pairs(things: tuple[GraspableObject, ...] | list[GraspableObject]) -> tuple[str, ...]:
    """Return the colours and shapes that two of the things have."""
    return tuple(name for name in attributes(things) if len(members(things, name)) == GROUP_SIZE)
