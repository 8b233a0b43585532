"""Where things stand: spots on a table that keep clear of each other."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Spot: TypeAlias = tuple[float, float]
"""Where the centre of a thing is on the table, x and y [m], world frame."""

LAYOUTS = 2000
"""Times a layout is begun anew before giving up."""
SPOTS = 300
"""Spots tried for one thing before its layout is given up."""


@dataclass(frozen=True)
class Region:
    """A rectangle of the table that centres are drawn from, in the world frame [m]."""

    x: tuple[float, float]
    y: tuple[float, float]


@dataclass(frozen=True)
class Item:
    """A thing to place.

    Args:
        name: for error messages.
        radius: of a circle around everything it may cover on the table [m].
        clearance: least gap between its circle and others, if theirs is not larger [m].
        region: where its centre may be.
        allowed: tells whether a spot (x, y) will do, beyond keeping clear of the other things.
    """

    name: str
    radius: float
    clearance: float
    region: Region
    allowed: Callable[[float, float], bool]


class PlacementError(RuntimeError):
    """No layout was found; the message says which thing did not fit."""


def place(items: Sequence[Item], rng: np.random.Generator) -> tuple[Spot, ...]:
    """Sample spots for things by rejection, the largest first.

    Returns:
        The centre of each thing.

    Raises:
        PlacementError: if `LAYOUTS` layouts failed.
    """
    failures: Counter[str] = Counter()
    largest_first = sorted(items, key=lambda item: item.radius, reverse=True)
    for _ in range(LAYOUTS):
        spots: dict[Item, Spot] = {}
        for item in largest_first:
            spot = _spot(item, spots, rng)
            if spot is None:
                failures[item.name] += 1
                break
            spots[item] = spot
        else:
            return tuple(spots[item] for item in items)
    ((worst, times),) = failures.most_common(1)
    raise PlacementError(
        f"No layout of {len(items)} things was found in {LAYOUTS} attempts; "
        f"{worst!r} failed to fit {times} times. Place fewer or smaller things, "
        "ask for smaller gaps between them, or widen their regions."
    )


def _spot(item: Item, placed: Mapping[Item, Spot], rng: np.random.Generator) -> Spot | None:
    """Return a spot that keeps clear of the things placed so far, or None if none was found."""
    low, high = zip(item.region.x, item.region.y, strict=True)
    candidates = rng.uniform(low, high, size=(SPOTS, 2))
    is_clear = np.ones(SPOTS, dtype=bool)
    for other, spot in placed.items():
        distance = np.hypot(candidates[:, 0] - spot[0], candidates[:, 1] - spot[1])
        is_clear &= distance >= least_distance(item, other)
    for x, y in candidates[is_clear].tolist():
        if item.allowed(x, y):
            return x, y
    return None


def least_distance(a: Item, b: Item) -> float:
    """Return how far apart the centres of two things must be [m]."""
    return a.radius + b.radius + max(a.clearance, b.clearance)
