"""Negation: whatever is not excluded will do, "anything but the red one"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.forms.form_task import FormTask
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.language.grammar import Grammar
from vla_humanoid.tasks.language.noun_phrases import NounPhrases, described, takes_indefinite
from vla_humanoid.tasks.language.referents import Referent, referents, referring_roles

BUT_ONE = ("anything but {it}", "anything except {it}", "something other than {it}")
NOT_COLORED = ("something that is not {color}", "anything that is not {color}")
NOT_SHAPED = ("something that is not {noun}", "anything but {noun}")
ONE_OF_SHAPE = ("the {noun} that is not {color}",)
SOME_OF_SHAPE = (
    "any {noun} that is not {color}",
    "a {noun} that is not {color}",
    "any {noun} but the {color} one",
)


@dataclass(frozen=True)
class Exclusion:
    """What will not do: a thing, a colour or a shape; and ``among`` which shape, if not all."""

    thing: str = ""
    color: str = ""
    shape: str = ""
    among: str = ""


@dataclass(frozen=True)
class NegationGoal:
    """The goals that will do, in the order of the base's, and how it is put."""

    goals: tuple[Roles, ...]
    role: str
    exclusion: Exclusion


class NegationTask(FormTask[NegationGoal]):
    """A task in which it is said what is not meant."""

    form = "negation"
    goal_type = NegationGoal

    @classmethod
    def fits(cls, base: SpokenTask[Roles]) -> bool:
        """Tell whether things of the scene fill a role of a task whose sentences allow it."""
        return bool(_roles(base))

    def find_goals(self, scene: Scene) -> tuple[NegationGoal, ...]:
        """Return each way to fill a role with what is not excluded."""
        found: dict[NegationGoal, None] = {}
        for role in _roles(self.base):
            for exclusion in self._exclusions(role, scene):
                for goal in self.base_goals(scene):
                    told = self._goal(goal, role, exclusion, scene)
                    if told.goals and goal not in told.goals:  # Else it would exclude nothing.
                        found.setdefault(told)
        return tuple(found)

    def stages(self, goal: NegationGoal, scene: Scene) -> tuple[tuple[Roles, ...], ...]:
        """Return that any of the goals will do."""
        return (goal.goals,)

    def word(
        self, goal: NegationGoal, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw a sentence of the base that says what is not meant."""
        meaning: dict[str, str | Exclusion] = {
            **self.base.meaning(goal.goals[0]),
            goal.role: goal.exclusion,
        }
        sample = self._grammar(goal.role, scene).sample(meaning, rng, 1)
        ((text, template),) = sample.items()
        return text, (template,)

    def understand(self, sentence: str, scene: Scene) -> NegationGoal:
        """Return the goals that will do.

        Raises:
            ValueError: if it is no such sentence, or not possible in this scene.
        """
        found: set[NegationGoal] = set()
        for role in _roles(self.base):
            for meaning in self._grammar(role, scene).meanings(sentence):
                exclusion = meaning[role]
                if isinstance(exclusion, Exclusion):
                    rest = {name: value for name, value in meaning.items() if name != role}
                    goals = self._admitted(rest, role, exclusion, scene)
                    found.add(NegationGoal(goals, role, exclusion))
        return self.only(found, sentence, scene)

    def _goal(self, goal: Roles, role: str, exclusion: Exclusion, scene: Scene) -> NegationGoal:
        rest = {name: value for name, value in self.base.meaning(goal).items() if name != role}
        return NegationGoal(self._admitted(rest, role, exclusion, scene), role, exclusion)

    def _admitted(
        self,
        rest: Mapping[str, object],
        role: str,
        exclusion: Exclusion,
        scene: Scene,
    ) -> tuple[Roles, ...]:
        """Return the goals with these other roles whose thing is not excluded."""
        things = referents(scene)
        meanings = [(goal, self.base.meaning(goal)) for goal in self.base_goals(scene)]
        return tuple(
            goal
            for goal, meaning in meanings
            if _admits(exclusion, things[meaning[role]])
            and all(meaning[name] == value for name, value in rest.items())
        )

    def _grammar(self, role: str, scene: Scene) -> Grammar[str | Exclusion]:
        return described(
            self.base.sentences,
            scene,
            role,
            self._exclusions(role, scene),
            lambda template: takes_indefinite(template, role),
        )

    def _exclusions(self, role: str, scene: Scene) -> NounPhrases[Exclusion]:
        """Return what can be excluded: something that is there, so that not all will do."""
        phrases = self.base.sentences.roles[role](scene)
        things = referents(scene)
        candidates = [things[name] for name in phrases]
        found: dict[Exclusion, tuple[str, tuple[str, ...]]] = {}
        for thing in candidates:
            for exclusion, wordings in _ways(thing, candidates, phrases[thing.name]).items():
                admitted = [other for other in candidates if _admits(exclusion, other)]
                if admitted:
                    found.setdefault(exclusion, (admitted[0].name, wordings))
        return found


def _roles(base: SpokenTask[Roles]) -> tuple[str, ...]:
    """Return the roles that can be filled by "anything but ..."."""
    templates = base.sentences.templates
    return tuple(
        role
        for role in referring_roles(base.sentences)
        if any(takes_indefinite(template, role) for template in templates)
    )


def _admits(exclusion: Exclusion, thing: Referent) -> bool:
    if exclusion.among and thing.shape != exclusion.among:
        return False
    excluded = (exclusion.thing, exclusion.color, exclusion.shape)
    return all(
        what == "" or what != own
        for what, own in zip(excluded, (thing.name, thing.color, thing.shape), strict=True)
    )


def _ways(
    thing: Referent, candidates: Sequence[Referent], names: tuple[str, ...]
) -> dict[Exclusion, tuple[str, ...]]:
    """Return how a thing can be excluded, alone or with others like it."""
    alike = [other for other in candidates if other.shape == thing.shape]
    rest = [other for other in alike if other.color != thing.color]
    of_shape = ONE_OF_SHAPE if len(rest) == 1 else SOME_OF_SHAPE
    return {
        Exclusion(thing=thing.name): _filled(BUT_ONE, it=names),
        Exclusion(color=thing.color): _filled(NOT_COLORED, color=(thing.color,)),
        Exclusion(shape=thing.shape): _filled(NOT_SHAPED, noun=tuple(map(_article, thing.nouns))),
    } | (
        {
            Exclusion(color=thing.color, among=thing.shape): tuple(
                way
                for noun in thing.nouns
                for way in _filled(of_shape, noun=(noun,), color=(thing.color,))
            )
        }
        if rest
        else {}
    )


def _filled(templates: Sequence[str], **words: tuple[str, ...]) -> tuple[str, ...]:
    filled = list(templates)
    for slot, options in words.items():
        filled = [one.replace(f"{{{slot}}}", word) for one in filled for word in options]
    return tuple(filled)


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
