"""Sequence: two goals, one after the other; the order is judged."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.forms.form_task import FormTask
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.language.clauses import Frame
from vla_humanoid.tasks.language.grammar import normalized

FRAMES = tuple(
    Frame(template)
    for template in (
        "first {first}, then {second}",
        "first {first} and then {second}",
        "first of all {first}, and after that {second}",
        "{first}; after that, {second}",
        "{first}; when you are done, {second}",
        "{first}, and only then {second}",
        "before you {second}, {first}",
        "do two things in this order: {first}; {second}",
        "begin with this: {first}; then {second}",
        "please {first}, then {second}",
        "could you {first}, and then {second}?",
        "I want you to {first} and afterwards to {second}",
    )
)


@dataclass(frozen=True)
class SequenceGoal:
    """Which goal of the base comes first, and which second."""

    first: Roles
    second: Roles


class SequenceTask(FormTask[SequenceGoal]):
    """A task of two goals in their order."""

    form = "sequence"
    goal_type = SequenceGoal
    most_stages = 2

    @classmethod
    def fits(cls, base: SpokenTask[Roles]) -> bool:
        """Tell whether one goal of a task can follow on another."""
        return base.repeatable

    def find_goals(self, scene: Scene) -> tuple[SequenceGoal, ...]:
        """Return every two goals of which the second can follow on the first."""
        return tuple(
            SequenceGoal(first, second)
            for first, second in permutations(self.base_goals(scene), 2)
            if self.base.follows(second, first, scene)
        )

    def stages(self, goal: SequenceGoal, scene: Scene) -> tuple[tuple[Roles, ...], ...]:
        """Return the first, then the second."""
        return (goal.first,), (goal.second,)

    def word(
        self, goal: SequenceGoal, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw a sentence: two clauses and what joins them."""
        frame = FRAMES[int(rng.integers(len(FRAMES)))]
        first, of_first = self.draw_clause(goal.first, scene, rng)
        second, of_second = self.draw_clause(goal.second, scene, rng)
        text = frame.fill({"first": first, "second": second})
        return text, (frame.template, *of_first, *of_second)

    def understand(self, sentence: str, scene: Scene) -> SequenceGoal:
        """Return what is asked for first and what second.

        Raises:
            ValueError: if it is no such sentence, or not possible in this scene.
        """
        found = {
            SequenceGoal(first, second)
            for frame in FRAMES
            for parts in frame.splits(normalized(sentence))
            if (first := self.clause_goal(parts["first"], scene)) is not None
            and (second := self.clause_goal(parts["second"], scene)) is not None
        }
        return self.only(found, sentence, scene)
