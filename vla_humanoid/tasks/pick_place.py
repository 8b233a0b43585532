"""PickPlace: put the named object in or on the named container."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.handling import is_in, is_let_go, is_lifted, is_placed_in
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import Pick, Place, Skill
from vla_humanoid.tasks.core.predicates import is_off_table, is_standing
from vla_humanoid.tasks.core.progress import moving_progress
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.tabletop import hands_for, sample_tabletop, table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.placing import PLACING
from vla_humanoid.tasks.language.words import PREPOSITIONS

HOLD_TIME = 0.5
"""How long an object must rest where it was put for that to count [s]."""

WRONG_CONTAINER = "wrong_container"
"""Failure: the named object was put somewhere else."""


@dataclass(frozen=True)
class PickPlaceGoal:
    """Which object goes where, by their names in the scene."""

    object: str
    container: str


class PickPlace(SpokenTask[PickPlaceGoal]):
    """A table with 2 to 5 objects and 1 or 2 containers; one object is to be put into one."""

    name = "PickPlace"
    goal_type = PickPlaceGoal
    sentences = PLACING
    repeatable = lasting = True
    handled = "object"
    time_limit = 20.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a tabletop; every object goes with every container."""
        return sample_tabletop(random)

    def goals(self, scene: Scene) -> tuple[PickPlaceGoal, ...]:
        """Return each object with each container that one hand can take it to."""
        return tuple(
            PickPlaceGoal(thing.name, container.name)
            for thing in scene.objects
            for container in scene.containers
            if hands_for(scene, thing, container)
        )

    def follows(self, goal: PickPlaceGoal, earlier: PickPlaceGoal, scene: Scene) -> bool:
        """Tell whether it is about another object and another container, where there is room."""
        return goal.object != earlier.object and goal.container != earlier.container

    def hands(self, goal: PickPlaceGoal, scene: Scene) -> tuple[str, ...]:
        """Return the sides whose hand reaches both the object and the container."""
        thing = named(scene.objects, goal.object)
        return hands_for(scene, thing, named(scene.containers, goal.container))

    def subgoals(self, goal: PickPlaceGoal, scene: Scene) -> tuple[str, ...]:
        """Return: pick it up, put it there, let go."""
        thing, container = (
            named(scene.objects, goal.object),
            named(scene.containers, goal.container),
        )
        preposition = PREPOSITIONS[container.shape]
        return (
            f"pick up the {thing.color} {thing.shape}",
            f"put it {preposition} the {container.color} {container.shape}",
            "let go of it",
        )

    def plan(self, goal: PickPlaceGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: pick, place."""
        return Pick(goal.object), Place(goal.object, goal.container)

    def judge(self, goal: PickPlaceGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return PickPlaceJudge(goal, scene)


class PickPlaceJudge(EpisodeJudge):
    """Judges one episode; the first verdict that ends it stands.

    Success: the named object lies in the named container, which stands upright on the table, both
    hands are away from it, and the robot stands: all of it for `HOLD_TIME` without interruption.
    """

    def __init__(self, goal: PickPlaceGoal, scene: Scene) -> None:
        super().__init__()
        self._scene = scene
        self._table = table_of(scene)
        self._target = named(scene.objects, goal.object)
        self._container = named(scene.containers, goal.container)
        self._placed = Hold(HOLD_TIME)
        self._mistakes = Mistakes(HOLD_TIME)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        is_placed = is_placed_in(self._target, self._container, state, self._table)
        return Judgement(
            success=self._placed.update(is_placed and is_standing(state.robot), state.time),
            failure=self._failure(state),
            subgoal=self._subgoal(state),
            progress=self._progress(state),
        )

    def _subgoal(self, state: WorldState) -> int:
        if is_in(self._target, self._container, state):
            return 3 if is_let_go(self._target, state) else 2
        return 1 if is_lifted(self._target, state) else 0

    def _progress(self, state: WorldState) -> float:
        thing, box = (
            state.objects[name].pose.position for name in (self._target.name, self._container.name)
        )
        return moving_progress(
            state.robot,
            thing,
            float(np.linalg.norm(thing - box)),
            is_there=is_in(self._target, self._container, state),
            is_let_go=is_let_go(self._target, state),
        )

    def _failure(self, state: WorldState) -> str | None:
        mistake = self._mistakes.update(self._misplaced(state), state.time)
        needed = (self._target.name, self._container.name)
        if any(is_off_table(state.objects[name], self._table.height) for name in needed):
            return DROPPED
        return mistake

    def _misplaced(self, state: WorldState) -> dict[Hashable, str]:
        """Return what lies where it should not, with the failure that this is."""
        return {
            (thing.name, box.name): WRONG_CONTAINER if thing is self._target else WRONG_OBJECT
            for thing in self._scene.objects
            for box in self._scene.containers
            if not (thing is self._target and box is self._container)
            and is_placed_in(thing, box, state, self._table)
        }
