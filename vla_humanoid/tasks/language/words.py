"""Words for colours and shapes, and how a thing is referred to: "the red soda can".

No noun serves two shapes, so that a colour and a noun together stand for one thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from vla_humanoid.assets.objects import COLORS
from vla_humanoid.assets.scene import ContainerShape, Shape

OBJECT_NOUNS: Mapping[Shape, tuple[str, ...]] = {
    "cube": ("cube", "cubic block"),
    "block": ("block", "brick"),
    "cylinder": ("cylinder", "round block"),
    "can": ("can", "soda can", "tin", "drink can"),
    "ball": ("ball", "sphere"),
    "bottle": ("bottle", "flask"),
    "mug": ("mug", "coffee mug"),
    "cup": ("cup", "tumbler", "drinking cup"),
    "hexagonal prism": ("hexagonal prism", "hexagonal block", "six-sided block"),
    "egg": ("egg", "toy egg"),
}
CONTAINER_NOUNS: Mapping[ContainerShape, tuple[str, ...]] = {
    "plate": ("plate", "dinner plate"),
    "bowl": ("bowl", "serving bowl"),
    "bin": ("bin", "storage bin"),
    "tray": ("tray", "serving tray"),
}
PREPOSITIONS: Mapping[Shape | ContainerShape, Literal["on", "in"]] = {
    "plate": "on",
    "tray": "on",
    "bowl": "in",
    "bin": "in",
}
"""Where something is that rests with a container."""


@dataclass(frozen=True)
class Reference:
    """What singles out one thing of a scene.

    Args:
        color: a colour name of the object library.
        shape: a shape of an object or a container.
    """

    color: str
    shape: Shape | ContainerShape


def object_phrases() -> dict[Reference, tuple[str, ...]]:
    """Return, for every object there can be, the phrases that refer to it."""
    return {
        Reference(color, shape): tuple(f"the {color} {noun}" for noun in nouns)
        for color, (shape, nouns) in product(COLORS, OBJECT_NOUNS.items())
    }


def container_phrases() -> dict[Reference, tuple[str, ...]]:
    """Return, for every container there can be, the phrases that refer to it."""
    return {
        Reference(color, shape): tuple(f"the {color} {noun}" for noun in nouns)
        for color, (shape, nouns) in product(COLORS, CONTAINER_NOUNS.items())
    }


def place_phrases(*endings: Literal["", "to"]) -> dict[Reference, tuple[str, ...]]:
    """Return, for every container, the phrases for a place in or on it.

    Args:
        endings: of the preposition: "" for where it is (in, on), "to" for where it goes (into).
    """
    return {
        container: tuple(
            f"{_preposition(container)}{ending} {phrase}"
            for ending, phrase in product(endings, phrases)
        )
        for container, phrases in container_phrases().items()
    }


def pronoun_phrases() -> dict[Reference, tuple[str, ...]]:
    """Return "on it" or "in it" for every container."""
    return {container: (f"{_preposition(container)} it",) for container in container_phrases()}


def _preposition(container: Reference) -> str:
    return PREPOSITIONS[container.shape]
