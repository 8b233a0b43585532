"""Where things stand: spots on a table that keep clear of each other."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Spot: TypeAlias = tuple[float, float]
"""Where the centre of a thing is on the table, x and y [m], world frame."""

LAYOUTS = 200
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


def place(
    required: Sequence[Item], optional: Sequence[Item], rng: np.random.Generator
) -> tuple[Spot | None, ...]:
    """Sample spots for things, in order, by rejection.

    Args:
        required: what must be placed; optional things have no influence on where.
        optional: what is placed as far as there is room left.
        rng: source of randomness.

    Returns:
        The centre of each thing, required ones first, or None for one that was left out.

    Raises:
        PlacementError: if `LAYOUTS` layouts of the required things failed.
    """
    placed = _place_all(required, rng)
    spots: list[Spot | None] = [spot for _, spot in placed]
    for item in optional:
        spot = _spot(item, placed, rng)
        spots.append(spot)
        if spot is not None:
            placed.append((item, spot))
    return tuple(spots)


def _place_all(items: Sequence[Item], rng: np.random.Generator) -> list[tuple[Item, Spot]]:
    failures: Counter[str] = Counter()
    for _ in range(LAYOUTS):
        placed: list[tuple[Item, Spot]] = []
        for item in items:
            spot = _spot(item, placed, rng)
            if spot is None:
                failures[item.name] += 1
                break
            placed.append((item, spot))
        else:
            return placed
    ((worst, times),) = failures.most_common(1)
    raise PlacementError(
        f"No layout of {len(items)} things was found in {LAYOUTS} attempts; "
        f"{worst!r} failed to fit {times} times. Place fewer or smaller things, "
        "ask for smaller gaps between them, or widen their regions."
    )


def _spot(item: Item, placed: Sequence[tuple[Item, Spot]], rng: np.random.Generator) -> Spot | None:
    """Return a spot that keeps clear of the things placed so far, or None if none was found."""
    for _ in range(SPOTS):
        x, y = float(rng.uniform(*item.region.x)), float(rng.uniform(*item.region.y))
        is_clear = all(
            math.dist((x, y), spot) >= least_distance(item, other) for other, spot in placed
        )
        if is_clear and item.allowed(x, y):
            return x, y
    return None


def least_distance(a: Item, b: Item) -> float:
    """Return how far apart the centres of two things must be [m]."""
    return a.radius + b.radius + max(a.clearance, b.clearance)
