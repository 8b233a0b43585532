"""How objects, containers and fixtures of a scene are referred to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from vla_humanoid.assets.scene import FixtureKind, Scene
from vla_humanoid.tasks.language.words import CONTAINER_NOUNS, OBJECT_NOUNS

FIXTURE_NOUNS: Mapping[FixtureKind, tuple[str, ...]] = {
    "drawer": ("drawer",),
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
    return _phrases(scene.objects, [OBJECT_NOUNS[thing.shape] for thing in scene.objects])


def container_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each container."""
    return _phrases(scene.containers, [CONTAINER_NOUNS[box.shape] for box in scene.containers])


def fixture_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each fixture."""
    return _phrases(scene.fixtures, [FIXTURE_NOUNS[item.kind] for item in scene.fixtures])


def _phrases(
    things: Sequence[Colored], nouns: Sequence[tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Name things by colour and noun, or by the noun alone where that is enough."""
    occurrences = Counter(noun for words in nouns for noun in words)
    return {
        thing.name: tuple(f"the {thing.color} {noun}" for noun in words)
        + tuple(f"the {noun}" for noun in words if occurrences[noun] == 1)
        for thing, words in zip(things, nouns, strict=True)
    }
