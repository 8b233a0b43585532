"""PourInto: pour the marbles out of the jug into the named container."""

import math
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.scene import Container, ContainerShape, Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.handling import is_lifted
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named, sample_kinds
from vla_humanoid.tasks.core.marbles import (
    jug_of,
    marbles_in,
    marbles_of,
    new_jug,
    poured_into,
)
from vla_humanoid.tasks.core.plan import Pick, Pour, Skill
from vla_humanoid.tasks.core.predicates import is_at_rest, is_off_table, is_standing
from vla_humanoid.tasks.core.progress import hand_nearness, nearness
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.table_layout import lay_out
from vla_humanoid.tasks.core.tabletop import (
    MAX_CONTAINER_RADII,
    hands_for,
    new_container,
    sample_table,
    table_of,
)
from vla_humanoid.tasks.core.task import Judge
from vla_humanoid.tasks.language.pouring import POURING

SHAPES: tuple[ContainerShape, ...] = ("bowl", "bin")
"""What holds marbles."""
MOST = 0.75
"""Part of the marbles that must get there."""
HOLD_TIME = 0.5
"""How long marbles must rest there [s]."""
WRONG_CONTAINER = "wrong_container"
"""Failure: a marble came to rest in another container."""


@dataclass(frozen=True)
class PourIntoGoal:
    """Which container, by its name in the scene."""

    container: str


class PourInto(SpokenTask[PourIntoGoal]):
    """A table with a jug with 4 to 7 marbles, and 2 containers; they are to be poured into one."""

    name = "PourInto"
    goal_type = PourIntoGoal
    sentences = POURING
    time_limit = 25.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample containers and a jug; the marbles lie on its floor."""
        table = sample_table(random)
        containers, (jug,) = lay_out(
            _sample_containers(random), [new_jug(random)], table, random.stream("object_pose")
        )
        things = (jug, *marbles_in(jug, random))
        return randomize_appearance(
            Scene(table=table, objects=things, containers=containers), random
        )

    def goals(self, scene: Scene) -> tuple[PourIntoGoal, ...]:
        """Return each container that one hand can take the jug to."""
        jug = jug_of(scene)
        return tuple(PourIntoGoal(it.name) for it in scene.containers if hands_for(scene, jug, it))

    def subgoals(self, goal: PourIntoGoal, scene: Scene) -> tuple[str, ...]:
        """Return: pick the jug up, pour."""
        container = named(scene.containers, goal.container)
        where = f"{container.color} {container.shape}"
        return "pick up the jug", f"pour the marbles into the {where}"

    def plan(self, goal: PourIntoGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: pick the jug up, pour."""
        jug = jug_of(scene).name
        return Pick(jug), Pour(jug, goal.container, MOST)

    def judge(self, goal: PourIntoGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return PourIntoJudge(goal, scene)


class PourIntoJudge(EpisodeJudge):
    """Judges one episode.

    Success: `MOST` of the marbles or more are at rest in the named container, which stands upright
    on the table, and none in another one; the robot stands: all of it for `HOLD_TIME` s without
    interruption. Failure: a marble rests in another container for as long, or so many marbles, or
    a container, fall off the table that this cannot come about any more.
    """

    def __init__(self, goal: PourIntoGoal, scene: Scene) -> None:
        super().__init__()
        self._table, self._jug = table_of(scene), jug_of(scene)
        self._marbles = marbles_of(scene)
        self._needed = math.ceil(MOST * len(self._marbles))
        self._container = named(scene.containers, goal.container)
        self._others = [it for it in scene.containers if it is not self._container]
        self._poured = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(HOLD_TIME), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        count, wrong = self._resting_in(self._container, state), self._misplaced(state)
        is_poured = count >= self._needed and not wrong and is_standing(state.robot)
        return Judgement(
            success=self._poured.update(is_poured, state.time),
            failure=self._losses.update(self._lost(state), state.time)
            or self._mistakes.update(wrong, state.time),
            subgoal=2 if is_poured else int(is_lifted(self._jug, state)),
            progress=self._progress(count, state),
        )

    def _resting_in(self, container: Container, state: WorldState) -> int:
        found = poured_into(container, self._marbles, self._jug, state, self._table)
        return sum(is_at_rest(state.objects[it.name]) for it in found)

    def _misplaced(self, state: WorldState) -> dict[Hashable, str]:
        return {it.name: WRONG_CONTAINER for it in self._others if self._resting_in(it, state)}

    def _lost(self, state: WorldState) -> dict[Hashable, str]:
        fallen = [
            it.name
            for it in (*self._marbles, self._container)
            if is_off_table(state.objects[it.name], self._table.height)
        ]
        spared = len(self._marbles) - self._needed
        is_lost = len(fallen) > spared or self._container.name in fallen
        return {"fallen": DROPPED} if is_lost else {}

    def _progress(self, count: int, state: WorldState) -> float:
        share = min(count / self._needed, 1.0)
        jug, container = (
            state.objects[name].pose.position for name in (self._jug.name, self._container.name)
        )
        off = float(np.hypot(*(jug - container)[:2]))
        on_the_way = 0.4 * hand_nearness(state.robot, jug) + 0.6 * nearness(off)
        return 0.6 * share + 0.35 * (on_the_way if share < 1.0 else 1.0)


def _sample_containers(random: EpisodeRandom) -> list[Container]:
    """Sample two containers, not yet placed."""
    rng = random.stream("containers")
    while True:
        kinds = sample_kinds(SHAPES, 2, rng)
        if sum(CONTAINERS[shape].footprint_radius for _, shape in kinds) <= MAX_CONTAINER_RADII:
            break
    return [new_container(color, shape, random) for color, shape in kinds]
