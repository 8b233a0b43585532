"""Counting: some of several things, in any order, "two of the cubes"."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.forms.form_task import FormTask
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.language.grammar import Grammar
from vla_humanoid.tasks.language.noun_phrases import NounPhrases, described, takes_plural
from vla_humanoid.tasks.language.referents import Referent, referents, referring_roles

COUNT = 2
SOME = ("two of the {nouns}", "any two of the {nouns}", "any two {nouns}")
BOTH = ("both {nouns}", "both of the {nouns}", "the two {nouns}")


@dataclass(frozen=True)
class Group:
    """What things have in common: a shape, a colour, or that they are there."""

    shape: str = ""
    color: str = ""


@dataclass(frozen=True)
class CountingGoal:
    """The goals of which `COUNT` must be reached, and how they are put."""

    goals: tuple[Roles, ...]
    role: str
    group: Group


class CountingTask(FormTask[CountingGoal]):
    """A task that is to be done with some of several things."""

    form = "counting"
    goal_type = CountingGoal
    most_stages = COUNT

    @classmethod
    def fits(cls, base: SpokenTask[Roles]) -> bool:
        """Tell whether goals can follow on each other and sentences take a plural."""
        return base.repeatable and bool(_roles(base))

    def find_goals(self, scene: Scene) -> tuple[CountingGoal, ...]:
        """Return each group of things that goals can be about, one after another."""
        found: dict[CountingGoal, None] = {}
        for role in _roles(self.base):
            for group in self._groups(role, scene):
                for goals in self._alike(role, group, scene).values():
                    if len(goals) >= COUNT and self._can_follow(goals, scene):
                        found.setdefault(CountingGoal(goals, role, group))
        return tuple(found)

    def stages(self, goal: CountingGoal, scene: Scene) -> tuple[tuple[Roles, ...], ...]:
        """Return that any of them will do, as often as is asked for."""
        return (goal.goals,) * COUNT

    def word(
        self, goal: CountingGoal, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw a sentence of the base with a number of things."""
        meaning: dict[str, str | Group] = {
            **self.base.meaning(goal.goals[0]),
            goal.role: goal.group,
        }
        ((text, template),) = self._grammar(goal.role, scene).sample(meaning, rng, 1).items()
        return text, (template,)

    def understand(self, sentence: str, scene: Scene) -> CountingGoal:
        """Return the goals of which some are asked for.

        Raises:
            ValueError: if it is no such sentence, or not possible in this scene.
        """
        found: set[CountingGoal] = set()
        for role in _roles(self.base):
            for meaning in self._grammar(role, scene).meanings(sentence):
                group = meaning[role]
                if isinstance(group, Group):
                    rest = frozenset(item for item in meaning.items() if item[0] != role)
                    goals = self._alike(role, group, scene).get(rest, ())
                    found.add(CountingGoal(goals, role, group))
        return self.only(found, sentence, scene)

    def _alike(
        self, role: str, group: Group, scene: Scene
    ) -> Mapping[frozenset[tuple[str, object]], tuple[Roles, ...]]:
        """Return, by what fills the other roles, the goals whose thing belongs to a group."""
        things = referents(scene)
        found: dict[frozenset[tuple[str, object]], tuple[Roles, ...]] = defaultdict(tuple)
        for goal in self.base_goals(scene):
            meaning = self.base.meaning(goal)
            if _belongs(things[meaning[role]], group):
                rest = frozenset(item for item in meaning.items() if item[0] != role)
                found[rest] = (*found[rest], goal)
        return found

    def _can_follow(self, goals: tuple[Roles, ...], scene: Scene) -> bool:
        return all(
            self.base.follows(goal, earlier, scene)
            for goal in goals
            for earlier in goals
            if goal != earlier
        )

    def _grammar(self, role: str, scene: Scene) -> Grammar[str | Group]:
        groups = self._groups(role, scene)
        return described(
            self.base.sentences, scene, role, groups, lambda template: takes_plural(template, role)
        )

    def _groups(self, role: str, scene: Scene) -> NounPhrases[Group]:
        """Return the groups of two or more that can fill a role, with their phrases."""
        things = referents(scene)
        candidates = [things[name] for name in self.base.sentences.roles[role](scene)]
        found: dict[Group, tuple[str, tuple[str, ...]]] = {}
        for thing in candidates:
            names = {Group(shape=thing.shape): thing.nouns}
            if thing.any_nouns:
                colored = tuple(f"{thing.color} {noun}" for noun in thing.any_nouns)
                names |= {Group(color=thing.color): colored, Group(): thing.any_nouns}
            for group, nouns in names.items():
                size = sum(_belongs(other, group) for other in candidates)
                if size >= COUNT:
                    ways = BOTH if size == COUNT else SOME
                    said = tuple(way.format(nouns=plural(noun)) for noun in nouns for way in ways)
                    found.setdefault(group, (thing.name, said))
        return found


def plural(noun: str) -> str:
    """Return the plural of a noun of ours."""
    return noun + ("es" if noun.endswith(("s", "x", "sh", "ch")) else "s")


def _roles(base: SpokenTask[Roles]) -> tuple[str, ...]:
    """Return the roles that can be filled by "two of the cubes"."""
    return tuple(
        role
        for role in referring_roles(base.sentences)
        if any(takes_plural(template, role) for template in base.sentences.templates)
    )


def _belongs(thing: Referent, group: Group) -> bool:
    return group.shape in ("", thing.shape) and group.color in ("", thing.color)
