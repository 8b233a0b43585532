"""Things of a scene by their colour, shape and name."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias, TypeVar

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import ContainerShape, LandmarkShape, Shape

RESEMBLANCE = 0.5
"""Chance that a thing shares its colour or its shape with another, so that both words matter."""


class Named(Protocol):
    """Whatever has a name in its scene."""

    @property
    def name(self) -> str:
        """Unique in the scene."""
        ...


NamedT = TypeVar("NamedT", bound=Named)
ShapeT = TypeVar("ShapeT", Shape, ContainerShape, LandmarkShape)
Kind: TypeAlias = tuple[str, ShapeT]


def sample_kinds(
    shapes: Sequence[ShapeT], count: int, rng: np.random.Generator
) -> tuple[Kind[ShapeT], ...]:
    """Sample distinct pairs of a colour and a shape, often alike in one of the two."""
    colors = tuple(COLORS)
    kinds: list[Kind[ShapeT]] = []
    while len(kinds) < count:
        color = colors[int(rng.integers(len(colors)))]
        shape = shapes[int(rng.integers(len(shapes)))]
        if kinds and rng.random() < RESEMBLANCE:
            like = kinds[int(rng.integers(len(kinds)))]
            color, shape = (like[0], shape) if rng.random() < 0.5 else (color, like[1])
        if (color, shape) not in kinds:
            kinds.append((color, shape))
    return tuple(kinds)


def identifier(color: str, shape: str) -> str:
    """Return the name of a thing of a colour and a shape, such as ``red_can``."""
    return f"{color}_{shape}".replace(" ", "_")


def named(things: Sequence[NamedT], name: str) -> NamedT:
    """Return the thing of a name.

    Raises:
        ValueError: if there is none; the message lists those there are.
    """
    for thing in things:
        if thing.name == name:
            return thing
    raise ValueError(f"No {name!r} in this scene; it has {', '.join(t.name for t in things)}.")
