"""PickPlace: put the named object in or on the named container."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.handling import is_in, is_let_go, is_lifted, is_placed_in
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.kinds import identifier, named
from vla_humanoid.tasks.core.plan import Pick, Place, Skill
from vla_humanoid.tasks.core.predicates import is_off_table, is_standing
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.tabletop import hands_for, sample_tabletop, table_of
from vla_humanoid.tasks.core.task import (
    FALLEN,
    WRONG_OBJECT,
    Instruction,
    Judge,
    Task,
    Verdict,
)
from vla_humanoid.tasks.language.placing import Placing, instruct, parse
from vla_humanoid.tasks.language.words import PREPOSITIONS, Reference

HOLD_TIME = 0.5
"""How long an object must rest where it was put for that to count [s]."""

# Why an episode of this task can no longer succeed, beside what it shares with others.
WRONG_CONTAINER = "wrong_container"
DROPPED = "dropped"


@dataclass(frozen=True)
class PickPlaceGoal:
    """Which object goes where, by their names in the scene."""

    object: str
    container: str


class PickPlace(Task[PickPlaceGoal]):
    """A table with 2 to 5 objects and 1 or 2 containers; one object is to be put into one."""

    name = "PickPlace"
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

    def instruct(self, goal: PickPlaceGoal, scene: Scene, rng: np.random.Generator) -> Instruction:
        """Say it in one of some forty ways, and in up to eight others."""
        thing, container = (
            named(scene.objects, goal.object),
            named(scene.containers, goal.container),
        )
        return instruct(
            Placing(
                Reference(thing.color, thing.shape), Reference(container.color, container.shape)
            ),
            rng,
        )

    def understand(self, sentence: str, scene: Scene) -> PickPlaceGoal:
        """Return which object is to go to which container."""
        placing = parse(sentence)
        wanted, where = placing.object, placing.container
        thing = named(scene.objects, identifier(wanted.color, wanted.shape))
        container = named(scene.containers, identifier(where.color, where.shape))
        goal = PickPlaceGoal(thing.name, container.name)
        if goal not in self.goals(scene):
            raise ValueError(f"No one hand reaches both {thing.name!r} and {container.name!r}.")
        return goal

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


class PickPlaceJudge(Judge):
    """Judges one episode; the first verdict that ends it stands.

    Success: the named object lies in the named container, which stands upright on the table, both
    hands are away from it, and the robot stands: all of it for `HOLD_TIME` without interruption.
    """

    def __init__(self, goal: PickPlaceGoal, scene: Scene) -> None:
        self._scene = scene
        self._table = table_of(scene)
        self._target = named(scene.objects, goal.object)
        self._container = named(scene.containers, goal.container)
        self._placed = Hold(HOLD_TIME)
        self._misplaced = {failure: Hold(HOLD_TIME) for failure in (WRONG_OBJECT, WRONG_CONTAINER)}
        self._final: Verdict | None = None

    def update(self, state: WorldState) -> Verdict:
        """Take the world state after a policy step and return how the episode stands."""
        if self._final is not None:
            return self._final
        failure = self._failure(state)
        is_placed = is_placed_in(self._target, self._container, state, self._table)
        success = self._placed.update(is_placed and is_standing(state.robot), state.time)
        success = success and failure is None
        verdict = Verdict(
            success=success,
            failure=failure,
            wrong_object=failure == WRONG_OBJECT,
            subgoal=self._subgoal(state),
            reward=float(success),
        )
        if success or failure is not None:
            self._final = verdict
        return verdict

    def _subgoal(self, state: WorldState) -> int:
        if is_in(self._target, self._container, state):
            return 3 if is_let_go(self._target, state) else 2
        return 1 if is_lifted(self._target, state) else 0

    def _failure(self, state: WorldState) -> str | None:
        misplaced = {
            failure: self._misplaced[failure].update(is_misplaced, state.time)
            for failure, is_misplaced in self._misplacements(state).items()
        }
        if not is_standing(state.robot):
            return FALLEN
        needed = (self._target.name, self._container.name)
        if any(is_off_table(state.objects[name], self._table.height) for name in needed):
            return DROPPED
        return next((failure for failure, held in misplaced.items() if held), None)

    def _misplacements(self, state: WorldState) -> Mapping[str, bool]:
        scene = self._scene
        others = [thing for thing in scene.objects if thing is not self._target]
        elsewhere = [box for box in scene.containers if box is not self._container]
        return {
            WRONG_OBJECT: any(
                is_placed_in(thing, box, state, self._table)
                for thing in others
                for box in scene.containers
            ),
            WRONG_CONTAINER: any(
                is_placed_in(self._target, box, state, self._table) for box in elsewhere
            ),
        }
