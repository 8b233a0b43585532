"""A task that is told in another form of language what another task is told in plain sentences."""

from abc import abstractmethod
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.forms.latest import Latest
from vla_humanoid.tasks.core.forms.staged_judge import StagedJudge
from vla_humanoid.tasks.core.plan import Skill, Stand
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.resampling import sample_until
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.core.task import Instruction, Judge, Task
from vla_humanoid.tasks.language.clauses import clauses
from vla_humanoid.tasks.language.instruction import INSTRUCTION_MAX_LENGTH

FormGoalT = TypeVar("FormGoalT", bound=Hashable)
WORDINGS = 9
"""Sentences of an instruction: one and its paraphrases."""
SETTLING_TIME = 1.0
"""How long the robot stands still between two goals, for the first one to count [s]."""
TRIES = 200
"""Times a wording is drawn before there are no more."""


class FormTask(Task[FormGoalT], Generic[FormGoalT]):
    """A task over another: goals are composed of its goals, sentences of its sentences.

    Args:
        base: the task; `fits` says whether it will do.
    """

    form: str
    """Its name, such as "sequence"."""
    goal_type: type[FormGoalT]
    """Of its goals."""
    most_stages: int = 1
    """Largest number of the base's goals that one of its goals asks for."""

    def __init__(self, base: SpokenTask[Roles]) -> None:
        self.base = base
        self.name = base.name
        self.time_limit = self.most_stages * base.time_limit
        self.pushes = base.pushes
        self.walks = base.walks
        self.carries_payload = base.carries_payload
        self._goals = Latest(self.find_goals)
        self.base_goals = Latest(base.goals)
        """The goals of the base in a scene."""

    @classmethod
    @abstractmethod
    def fits(cls, base: SpokenTask[Roles]) -> bool:
        """Tell whether a task can be told in this form."""

    @abstractmethod
    def find_goals(self, scene: Scene) -> tuple[FormGoalT, ...]:
        """Return every goal of this form that makes sense in a scene."""

    def goals(self, scene: Scene) -> tuple[FormGoalT, ...]:
        """Return every goal of this form that makes sense in a scene."""
        return self._goals(scene)

    @abstractmethod
    def stages(self, goal: FormGoalT, scene: Scene) -> tuple[tuple[Roles, ...], ...]:
        """Return what must be reached, one stage after another: any one goal of each."""

    @abstractmethod
    def word(
        self, goal: FormGoalT, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw a sentence for a goal, with the templates that it is made from."""

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a scene of the base that has goals of this form."""

        def objection(scene: Scene) -> str | None:
            return None if self.goals(scene) else f"nothing in it can be told as a {self.form}"

        return sample_until(self.base.sample_scene, random, objection)

    def instruct(self, goal: FormGoalT, scene: Scene, rng: np.random.Generator) -> Instruction:
        """Put a goal into words: one sentence and up to eight others."""
        made: dict[str, tuple[str, ...]] = {}
        for _ in range(TRIES):
            text, templates = self.word(goal, scene, rng)
            if len(text) <= INSTRUCTION_MAX_LENGTH:
                made.setdefault(text, templates)
            if len(made) == WORDINGS:
                break
        text, *paraphrases = made
        return Instruction(text, tuple(paraphrases), tuple(made.values()))

    def subgoals(self, goal: FormGoalT, scene: Scene) -> tuple[str, ...]:
        """Name the steps of every stage in turn."""
        return tuple(
            step
            for chosen in self.choice(goal, scene)
            for step in self.base.subgoals(chosen, scene)
        )

    def plan(self, goal: FormGoalT, scene: Scene) -> tuple[Skill, ...]:
        """Return the skills of every stage in turn, and let what was reached last a while."""
        first, *rest = self.choice(goal, scene)
        skills = [*self.base.plan(first, scene)]
        for one in rest:
            skills += [Stand(SETTLING_TIME), *self.base.plan(one, scene)]
        return tuple(skills)

    def judge(self, goal: FormGoalT, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return StagedJudge(self.base, self.stages(goal, scene), scene)

    def parts(self, goal: FormGoalT, scene: Scene) -> tuple[Mapping[str, str], ...]:
        """Return what each of the base's goals asks for, stage by stage."""
        stages = self.stages(goal, scene)
        return tuple(self.base.meaning(one) for stage in stages for one in stage)

    def form_of(self, goal: FormGoalT) -> str:
        """Return the name of this form."""
        return self.form

    def differs(self, goal: FormGoalT, other: object, scene: Scene) -> bool:
        """Tell whether a goal asks for other goals of the base, not for the same in other words."""
        if not isinstance(other, self.goal_type):
            return True
        return self.stages(goal, scene) != self.stages(other, scene)

    def choice(self, goal: FormGoalT, scene: Scene) -> tuple[Roles, ...]:
        """Return one goal of each stage, no two alike: what the expert does."""
        return tuple(self._distinct(self.stages(goal, scene)))

    def draw_clause(
        self, goal: Roles, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw a plain imperative for a goal of the base, with the template it is made from."""
        sentences = clauses(self.base.sentences, scene)
        ((text, template),) = sentences.sample(self.base.meaning(goal), rng, 1).items()
        return text, (template,)

    def clause_goal(self, clause: str, scene: Scene) -> Roles | None:
        """Return the goal that a plain imperative asks for, possible or not; None if it is none."""
        meanings = clauses(self.base.sentences, scene).meanings(clause)
        if len(meanings) != 1:
            return None
        return self.base.goal_type(**meanings[0])

    def only(self, found: Collection[FormGoalT], sentence: str, scene: Scene) -> FormGoalT:
        """Return the goal of a sentence.

        Raises:
            ValueError: if it has none, or several, or one that the scene does not have.
        """
        if len(found) > 1:
            raise ValueError(f"{sentence!r} has {len(found)} meanings; say it more precisely.")
        goals = self.goals(scene)
        if not found or next(iter(found)) not in goals:
            example = f"; write one such as {self._example(goals, scene)!r}" if goals else ""
            raise ValueError(f"{sentence!r} is not a {self.form} of this scene{example}.")
        return next(iter(found))

    def _example(self, goals: Sequence[FormGoalT], scene: Scene) -> str:
        return self.word(goals[0], scene, np.random.default_rng(0))[0]

    @staticmethod
    def _distinct(stages: tuple[tuple[Roles, ...], ...]) -> Iterator[Roles]:
        taken: list[Roles] = []
        for stage in stages:
            taken.append(next(goal for goal in stage if goal not in taken))
            yield taken[-1]
