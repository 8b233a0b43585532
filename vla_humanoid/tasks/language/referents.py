"""What a sentence can refer to in a scene: things with a colour, nouns and a place."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from vla_humanoid.assets.scene import Container, Fixture, GraspableObject, Landmark, Scene
from vla_humanoid.tasks.language.landmarks import ANY_LANDMARK, LANDMARK_NOUNS, landmark_phrases
from vla_humanoid.tasks.language.scene_grammar import Phrases, SceneGrammar
from vla_humanoid.tasks.language.things import (
    FIXTURE_NOUNS,
    container_phrases,
    fixture_phrases,
    object_phrases,
)
from vla_humanoid.tasks.language.words import CONTAINER_NOUNS, OBJECT_NOUNS

ANY_OBJECT = ("thing", "object")
ANY_CONTAINER = ("container",)
REFERRING: tuple[Phrases, ...] = (
    object_phrases,
    container_phrases,
    landmark_phrases,
    fixture_phrases,
)
"""Phrases of roles that are filled by things of a scene."""


@dataclass(frozen=True)
class Referent:
    """A thing of a scene as a sentence sees it.

    Args:
        name: in the scene.
        color: a colour name.
        shape: what kind of thing it is.
        nouns: for its shape.
        any_nouns: for things of all shapes that can fill the same role; may be none.
        position: x and y [m], world frame.
    """

    name: str
    color: str
    shape: str
    nouns: tuple[str, ...]
    any_nouns: tuple[str, ...]
    position: tuple[float, float]


def referents(scene: Scene) -> dict[str, Referent]:
    """Return what there is in a scene, by name."""
    found = (
        *(_referent(o, o.shape, OBJECT_NOUNS[o.shape], ANY_OBJECT) for o in scene.objects),
        *(_referent(c, c.shape, CONTAINER_NOUNS[c.shape], ANY_CONTAINER) for c in scene.containers),
        *(_referent(m, m.shape, LANDMARK_NOUNS[m.shape], ANY_LANDMARK) for m in scene.landmarks),
        *(_fixture(item) for item in scene.fixtures),
    )
    return {thing.name: thing for thing in found}


def naming_phrases(things: Mapping[str, Referent]) -> dict[str, tuple[str, ...]]:
    """Return the phrases that single out each thing among all of a scene."""
    counts: Counter[str] = Counter()
    for thing in things.values():
        counts.update(_ways(thing))
    return {
        name: tuple(way for way in _ways(thing) if counts[way] == 1)
        for name, thing in things.items()
    }


def referring_roles(sentences: SceneGrammar) -> tuple[str, ...]:
    """Return the roles of a grammar that things of the scene fill."""
    return tuple(role for role, phrases in sentences.roles.items() if phrases in REFERRING)


def _fixture(item: Fixture) -> Referent:
    nouns = FIXTURE_NOUNS[item.kind]
    # Doors hinged on either side are of one kind to a sentence.
    return _referent(item, nouns[0], nouns, ())


def _referent(
    thing: GraspableObject | Container | Landmark | Fixture,
    shape: str,
    nouns: tuple[str, ...],
    any_nouns: tuple[str, ...],
) -> Referent:
    x, y = thing.position[:2]
    return Referent(thing.name, thing.color, shape, nouns, any_nouns, (x, y))


def _ways(thing: Referent) -> tuple[str, ...]:
    colored = tuple(f"the {thing.color} {noun}" for noun in thing.nouns)
    return colored + tuple(f"the {noun}" for noun in thing.nouns)
