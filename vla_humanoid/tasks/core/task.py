"""What a task is: it samples episodes, names sub-goals and judges world states."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.plan import Skill
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import EpisodeRandom

GoalT = TypeVar("GoalT")

FALLEN = "fallen"
WRONG_OBJECT = "wrong_object"
"""Failures that several tasks share."""


@dataclass(frozen=True)
class Instruction:
    """A goal in words.

    Args:
        text: the sentence that is used.
        paraphrases: other sentences with the same meaning.
        templates: the templates that the sentence, then each paraphrase, was made from.
        opening: what is said at first, where it is corrected later on; ``text`` is then all that is
            said in the end.
    """

    text: str
    paraphrases: tuple[str, ...]
    templates: tuple[tuple[str, ...], ...] = ()
    opening: str = ""


@dataclass(frozen=True)
class Counterfactual(Generic[GoalT]):
    """What might have been asked for in the same scene.

    Args:
        goal_index: which of the scene's goals it is; ``reset(options={"goal_index": ...})``.
        goal: the goal.
        instruction: it in words.
    """

    goal_index: int
    goal: GoalT
    instruction: Instruction


class Sampled(Protocol):
    """The part of an episode that tells what else might have been asked for."""

    @property
    def seed(self) -> int:
        """Of the episode."""
        ...

    @property
    def scene(self) -> Scene:
        """Everything around the robot."""
        ...

    @property
    def goal(self) -> object:
        """What is asked for."""
        ...


@dataclass(frozen=True)
class Verdict:
    """How an episode stands after a world state.

    Args:
        success: the goal has been reached and held for as long as the task asks.
        failure: why the episode can no longer succeed, or None.
        wrong_object: something that the sentence did not name was placed as the target.
        subgoal: index into the goal's sub-goals of the one being worked on; their number when all
            are done.
        reward: sparse, 1 on success and 0 otherwise.
        progress: how much of the way to the goal lies behind, in [0, 1], for dense rewards; it
            grows within sub-goals as well, and falls where something is undone.
        corrected: the robot has been told all of the instruction, not only what it opens with.
    """

    success: bool
    failure: str | None
    wrong_object: bool
    subgoal: int
    reward: float
    progress: float = 0.0
    corrected: bool = False


class Judge(ABC):
    """Follows one episode of a task, from world states alone, so that it holds on every engine."""

    @abstractmethod
    def update(self, state: WorldState) -> Verdict:
        """Take the world state after a policy step and return how the episode stands."""


class Task(ABC, Generic[GoalT]):
    """A family of episodes. Stateless: everything about an episode is in its scene and goal."""

    name: str
    """CamelCase, as in ``VLAHumanoid-<name>-v0``."""
    time_limit: float
    """Seconds after which an episode is cut off."""
    pushes: PushRanges = PushRanges()
    """How the robot is pushed where the axis "pushes" is on."""
    walks: bool = False
    """Whether it takes steps, which not every control mode can command."""
    carries_payload: bool = False
    """Whether the torso carries an extra mass where the axis "payload" is on."""

    @abstractmethod
    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a scene, without knowing the goal."""

    @abstractmethod
    def goals(self, scene: Scene) -> tuple[GoalT, ...]:
        """Return every goal that makes sense in a scene; each has sentences of its own."""

    def candidates(self, goals: Sequence[GoalT], random: EpisodeRandom) -> Sequence[int]:
        """Return which of a scene's goals an episode may be about, unless somebody chose one."""
        return range(len(goals))

    def parts(self, goal: GoalT, scene: Scene) -> tuple[Mapping[str, str], ...]:
        """Return what a goal asks for, in order: roles, with the names of what fills them."""
        return ()

    def form_of(self, goal: GoalT) -> str:
        """Return the form of language that a goal is told in."""
        return "plain"

    def hand(self, goal: GoalT) -> str | None:
        """Return the side whose hand must be used, or None where either will do."""
        return None

    @abstractmethod
    def instruct(self, goal: GoalT, scene: Scene, rng: np.random.Generator) -> Instruction:
        """Put a goal into words."""

    def opening_of(self, sentence: str) -> str:
        """Return what is said at first, if a sentence is then corrected; else nothing."""
        return ""

    @abstractmethod
    def understand(self, sentence: str, scene: Scene) -> GoalT:
        """Return the goal that a sentence asks for: the inverse of `instruct`.

        Raises:
            ValueError: if it is none of the task's sentences, or asks for something that this scene
                does not have.
        """

    def counterfactuals(self, episode: Sampled) -> tuple[Counterfactual[GoalT], ...]:
        """Return every other goal of an episode's scene, in words: same picture, another task."""
        rng = np.random.default_rng([episode.seed, 1])
        return tuple(
            Counterfactual(index, goal, self.instruct(goal, episode.scene, rng))
            for index, goal in enumerate(self.goals(episode.scene))
            if self.differs(goal, episode.goal, episode.scene)
        )

    def differs(self, goal: GoalT, other: object, scene: Scene) -> bool:
        """Tell whether a goal asks for something else than another one, not in other words."""
        return goal != other

    @abstractmethod
    def subgoals(self, goal: GoalT, scene: Scene) -> tuple[str, ...]:
        """Name the steps towards a goal, in order, as short imperative phrases."""

    @abstractmethod
    def plan(self, goal: GoalT, scene: Scene) -> tuple[Skill, ...]:
        """Return the skills by which an expert reaches a goal."""

    def opening_plan(self, goal: GoalT, scene: Scene) -> tuple[Skill, ...]:
        """Return the skills by which an expert does what it is told before it is corrected."""
        return self.plan(goal, scene)

    @abstractmethod
    def judge(self, goal: GoalT, scene: Scene) -> Judge:
        """Return a judge for one episode."""
