"""FetchAndDeliver: walk to the table, pick the named object, carry it to a container elsewhere."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.scene import Container, GraspableObject, Scene, Table
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.counter import (
    beside,
    counter_height,
    is_over_counter,
    place_at_counter,
    place_at_table,
)
from vla_humanoid.tasks.core.delivery_layout import sample_delivery
from vla_humanoid.tasks.core.handling import is_in, is_let_go, is_lifted, is_placed_in
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import Pick, Place, Skill, WalkTo
from vla_humanoid.tasks.core.predicates import is_off_table, is_standing
from vla_humanoid.tasks.core.progress import nearness
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.delivering import DELIVERING
from vla_humanoid.tasks.language.words import PREPOSITIONS

HOLD_TIME = 0.5
"""How long an object must rest where it was put for that to count [s]."""
WALK_SCALE = 1.0
"""Distance that counts as about a quarter of the way [m]."""
TAKEN_AWAY = 0.25
"""Distance from where it stood at which an object is no longer there [m]."""
WRONG_CONTAINER = "wrong_container"
"""Failure: the named object was put somewhere else."""


@dataclass(frozen=True)
class FetchAndDeliverGoal:
    """Which object goes where, by their names in the scene."""

    object: str
    container: str


class FetchAndDeliver(SpokenTask[FetchAndDeliverGoal]):
    """A table ahead with 2 or 3 objects, and a counter to one side with 2 containers."""

    name = "FetchAndDeliver"
    goal_type = FetchAndDeliverGoal
    sentences = DELIVERING
    time_limit = 60.0
    walks = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a table, a counter and what stands on them."""
        return sample_delivery(random)

    def goals(self, scene: Scene) -> tuple[FetchAndDeliverGoal, ...]:
        """Return each object with each container, which both hands reach."""
        return tuple(
            FetchAndDeliverGoal(thing.name, box.name)
            for thing in scene.objects
            for box in scene.containers
        )

    def subgoals(self, goal: FetchAndDeliverGoal, scene: Scene) -> tuple[str, ...]:
        """Return: pick it up, carry it, put it there, let go."""
        thing, box = named(scene.objects, goal.object), named(scene.containers, goal.container)
        return (
            f"pick up the {thing.color} {thing.shape} from the table",
            "carry it to the counter",
            f"put it {PREPOSITIONS[box.shape]} the {box.color} {box.shape}",
            "let go of it",
        )

    def plan(self, goal: FetchAndDeliverGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: walk, pick, walk to before the container, which either hand reaches, place."""
        table, box = place_at_table(table_of(scene)), named(scene.containers, goal.container)
        counter = beside(place_at_counter(scene), *box.position[:2])
        return (
            WalkTo(table.x, table.y, table.yaw),
            Pick(goal.object),
            WalkTo(counter.x, counter.y, counter.yaw),
            Place(goal.object, goal.container),
        )

    def judge(self, goal: FetchAndDeliverGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return FetchAndDeliverJudge(goal, scene)


class FetchAndDeliverJudge(EpisodeJudge):
    """Judges one episode.

    Success: the named object lies in the named container, which stands upright on the counter, both
    hands are away from it, and the robot stands: all of it for `HOLD_TIME` without interruption.
    Failure: object or container fall below table and counter, another object rests in a container,
    or the named one in another.
    """

    def __init__(self, goal: FetchAndDeliverGoal, scene: Scene) -> None:
        super().__init__()
        self._scene = scene
        self._counter = Table(height=counter_height(scene))
        self._lowest = min(self._counter.height, table_of(scene).height)
        self._target = named(scene.objects, goal.object)
        self._container = named(scene.containers, goal.container)
        self._placed = Hold(HOLD_TIME)
        self._mistakes = Mistakes(HOLD_TIME)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        is_placed = self._is_placed(self._target, self._container, state)
        thing, box = (
            state.objects[item.name].pose.position for item in (self._target, self._container)
        )
        away = float(np.linalg.norm(thing - box))
        hand = min(float(np.linalg.norm(pinch_point(state.robot, s) - thing)) for s in SIDES)
        return Judgement(
            success=self._placed.update(is_placed and is_standing(state.robot), state.time),
            failure=self._failure(state),
            subgoal=self._subgoal(state, away),
            progress=self._progress(state, hand, away),
        )

    def _subgoal(self, state: WorldState, away: float) -> int:
        if is_in(self._target, self._container, state):
            return 4 if is_let_go(self._target, state) else 3
        if not (is_lifted(self._target, state) or self._is_taken_away(state)):
            return 0
        return 2 if away < 0.5 * WALK_SCALE else 1

    def _is_taken_away(self, state: WorldState) -> bool:
        """Tell whether the object is on its way; it may be carried lower than it stood."""
        way = state.objects[self._target.name].pose.position - self._target.position
        return float(np.linalg.norm(way)) > TAKEN_AWAY

    def _progress(self, state: WorldState, hand: float, away: float) -> float:
        """Return 0.3 for the hand at the object, 0.6 for the object at its place, 0.1 to let go."""
        if is_in(self._target, self._container, state):
            return 0.9 + 0.1 * is_let_go(self._target, state)
        return 0.3 * nearness(hand, WALK_SCALE) + 0.6 * nearness(away, WALK_SCALE)

    def _failure(self, state: WorldState) -> str | None:
        mistake = self._mistakes.update(self._misplaced(state), state.time)
        needed = (self._target.name, self._container.name)
        if any(is_off_table(state.objects[name], self._lowest) for name in needed):
            return DROPPED
        return mistake

    def _misplaced(self, state: WorldState) -> dict[Hashable, str]:
        """Return what lies where it should not, with the failure that this is."""
        return {
            (thing.name, box.name): WRONG_CONTAINER if thing is self._target else WRONG_OBJECT
            for thing in self._scene.objects
            for box in self._scene.containers
            if not (thing is self._target and box is self._container)
            and self._is_placed(thing, box, state)
        }

    def _is_placed(self, thing: GraspableObject, box: Container, state: WorldState) -> bool:
        x, y, _ = state.objects[box.name].pose.position.tolist()
        is_there = is_over_counter(self._scene, x, y)
        return is_there and is_placed_in(thing, box, state, self._counter)
