"""Relation: one thing is referred to by where it is, "the can left of the mug"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.forms.form_task import FormTask
from vla_humanoid.tasks.core.forms.latest import Latest
from vla_humanoid.tasks.core.forms.spatial import RELATIONS, Relation, holds
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.language.noun_phrases import NounPhrases, described
from vla_humanoid.tasks.language.referents import (
    Referent,
    naming_phrases,
    referents,
    referring_roles,
)

WORDS: Mapping[Relation, tuple[str, ...]] = {
    "left": ("{noun} left of {anchor}", "{noun} to the left of {anchor}"),
    "right": ("{noun} right of {anchor}", "{noun} to the right of {anchor}"),
    "behind": ("{noun} behind {anchor}", "{noun} beyond {anchor}"),
    "before": ("{noun} in front of {anchor}", "{noun} on this side of {anchor}"),
    "nearest": ("{noun} nearest to {anchor}", "{noun} closest to {anchor}"),
    "farthest": ("{noun} farthest from {anchor}", "{noun} farthest away from {anchor}"),
}


@dataclass(frozen=True)
class RelationGoal:
    """A goal of the base, and how the thing in one of its roles is referred to."""

    goal: Roles
    role: str
    relation: Relation
    anchor: str


@dataclass(frozen=True)
class Place:
    """What a noun phrase says: which thing has a relation to an anchor."""

    thing: str
    relation: Relation
    anchor: str


class RelationTask(FormTask[RelationGoal]):
    """A task in which things are referred to by where they are."""

    form = "relation"
    goal_type = RelationGoal

    def __init__(self, base: SpokenTask[Roles]) -> None:
        super().__init__(base)
        self._places = Latest(self._find_places)

    @classmethod
    def fits(cls, base: SpokenTask[Roles]) -> bool:
        """Tell whether things of the scene fill a role of a task."""
        return bool(referring_roles(base.sentences))

    def find_goals(self, scene: Scene) -> tuple[RelationGoal, ...]:
        """Return each goal with each clear relation of a thing in it to another thing."""
        return tuple(
            RelationGoal(goal, role, place.relation, place.anchor)
            for goal in self.base_goals(scene)
            for role, found in self._places(scene).items()
            for place in found
            if place.thing == self.base.meaning(goal)[role]
        )

    def stages(self, goal: RelationGoal, scene: Scene) -> tuple[tuple[Roles, ...], ...]:
        """Return the one goal."""
        return ((goal.goal,),)

    def word(
        self, goal: RelationGoal, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw a sentence of the base in which one thing is referred to by its place."""
        roles = self.base.meaning(goal.goal)
        place = Place(roles[goal.role], goal.relation, goal.anchor)
        meaning: dict[str, str | Place] = {**roles, goal.role: place}
        said = {place: self._places(scene)[goal.role][place]}
        grammar = described(self.base.sentences, scene, goal.role, said)
        ((text, template),) = grammar.sample(meaning, rng, 1).items()
        return text, (template,)

    def understand(self, sentence: str, scene: Scene) -> RelationGoal:
        """Return what is asked for, and how it is put.

        Raises:
            ValueError: if it is no such sentence, or not possible in this scene.
        """
        found: set[RelationGoal] = set()
        for role, places in self._places(scene).items():
            grammar = described(self.base.sentences, scene, role, places)
            for meaning in grammar.meanings(sentence):
                place = meaning[role]
                if isinstance(place, Place):
                    filled = {name: str(value) for name, value in meaning.items()}
                    goal = self.base.goal_type(**{**filled, role: place.thing})
                    found.add(RelationGoal(goal, role, place.relation, place.anchor))
        return self.only(found, sentence, scene)

    def _find_places(self, scene: Scene) -> dict[str, NounPhrases[Place]]:
        return {role: self._places_in(role, scene) for role in referring_roles(self.base.sentences)}

    def _places_in(self, role: str, scene: Scene) -> NounPhrases[Place]:
        """Return what singles out the things in a role by where they are, with its phrases."""
        things = referents(scene)
        names = naming_phrases(things)
        candidates = [things[name] for name in self.base.sentences.roles[role](scene)]
        found: dict[Place, tuple[str, tuple[str, ...]]] = {}
        for anchor in things.values():
            rest = [thing for thing in candidates if thing is not anchor]
            for nouns, group in _groups(rest):
                for relation in RELATIONS:
                    thing = _singled_out(relation, anchor, group)
                    if thing is not None:
                        place = Place(thing.name, relation, anchor.name)
                        said = _phrases(relation, nouns, names[anchor.name])
                        _, before = found.get(place, (thing.name, ()))
                        found[place] = thing.name, (*before, *said)
        return found


def _groups(things: Sequence[Referent]) -> list[tuple[tuple[str, ...], list[Referent]]]:
    """Return the nouns that two or more things share, with those things."""
    groups: dict[tuple[str, ...], list[Referent]] = {}
    for thing in things:
        groups.setdefault(thing.nouns, []).append(thing)
        if thing.any_nouns:
            groups.setdefault(thing.any_nouns, []).append(thing)
    return [(nouns, group) for nouns, group in groups.items() if len(group) > 1]


def _singled_out(
    relation: Relation, anchor: Referent, group: Sequence[Referent]
) -> Referent | None:
    """Return the thing of which alone a relation clearly holds, and clearly of no other."""
    answers = {
        thing.name: holds(
            relation,
            thing.position,
            anchor.position,
            tuple(other.position for other in group if other is not thing),
        )
        for thing in group
    }
    if list(answers.values()).count(True) != 1 or None in answers.values():
        return None
    return next(thing for thing in group if answers[thing.name])


def _phrases(
    relation: Relation, nouns: tuple[str, ...], anchors: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(
        words.format(noun=f"the {noun}", anchor=anchor)
        for words in WORDS[relation]
        for noun in nouns
        for anchor in anchors
    )
