"""How objects, containers and fixtures of a scene are referred to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Literal, Protocol

from vla_humanoid.assets.scene import FixtureKind, Scene
from vla_humanoid.tasks.language.scene_grammar import Phrases
from vla_humanoid.tasks.language.words import CONTAINER_NOUNS, OBJECT_NOUNS, PREPOSITIONS

FIXTURE_NOUNS: Mapping[FixtureKind, tuple[str, ...]] = {
    "drawer": ("drawer",),
    "left-hinged door": ("door", "cabinet door"),
    "right-hinged door": ("door", "cabinet door"),
    "left-hinged room door": ("door", "room door"),
    "right-hinged room door": ("door", "room door"),
    "button": ("button", "push button"),
    "knob": ("knob", "dial"),
}


class Colored(Protocol):
    """Whatever has a name and a colour in its scene."""

    @property
    def name(self) -> str:
        """Unique in the scene."""
        ...

    @property
    def color(self) -> str:
        """A colour name."""
        ...


def object_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each object."""
    return phrases_for(scene.objects, [OBJECT_NOUNS[thing.shape] for thing in scene.objects])


def container_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each container."""
    return phrases_for(scene.containers, [CONTAINER_NOUNS[box.shape] for box in scene.containers])


def place_phrases(*endings: Literal["", "to"]) -> Phrases:
    """Return what gives, by name, the phrases for a place in or on each container.

    Args:
        endings: of the preposition: "" for where it is (in, on), "to" for where it goes (into).
    """

    def phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
        named = container_phrases(scene)
        return {
            box.name: tuple(
                f"{PREPOSITIONS[box.shape]}{ending} {phrase}"
                for ending, phrase in product(endings, named[box.name])
            )
            for box in scene.containers
        }

    return phrases


def pronoun_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, "on it" or "in it" for each container."""
    return {box.name: (f"{PREPOSITIONS[box.shape]} it",) for box in scene.containers}


def fixture_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each fixture."""
    return phrases_for(scene.fixtures, [FIXTURE_NOUNS[item.kind] for item in scene.fixtures])


def phrases_for(
    things: Sequence[Colored], nouns: Sequence[tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Name things by colour and noun, or by the noun alone where that is enough."""
    occurrences = Counter(noun for words in nouns for noun in words)
    return {
        thing.name: tuple(f"the {thing.color} {noun}" for noun in words)
        + tuple(f"the {noun}" for noun in words if occurrences[noun] == 1)
        for thing, words in zip(things, nouns, strict=True)
    }
