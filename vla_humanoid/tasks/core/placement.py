"""Where things stand: spots on a table that keep clear of each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

LAYOUTS = 200
"""Times a layout is begun anew before giving up."""
SPOTS = 60
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
        region: where its centre may be.
        allowed: tells whether a spot (x, y) will do, beyond keeping clear of the other things.
    """

    name: str
    radius: float
    region: Region
    allowed: Callable[[float, float], bool]


class PlacementError(RuntimeError):
    """No layout was found; the message says which thing did not fit."""


def place(
    items: Sequence[Item], clearance: float, rng: np.random.Generator
) -> tuple[tuple[float, float], ...]:
    """Sample spots for things, in order, by rejection.

    Args:
        items: what to place.
        clearance: least gap between the circles of any two things [m].
        rng: source of randomness.

    Returns:
        The centre of each thing in the world frame [m].

    Raises:
        PlacementError: if `LAYOUTS` layouts failed.
    """
    failures: dict[str, int] = {}
    for _ in range(LAYOUTS):
        spots: list[tuple[float, float]] = []
        for item in items:
            spot = _spot(item, items, spots, clearance, rng)
            if spot is None:
                failures[item.name] = failures.get(item.name, 0) + 1
                break
            spots.append(spot)
        else:
            return tuple(spots)
    worst = max(failures, key=lambda name: failures[name])
    raise PlacementError(
        f"No layout of {len(items)} things was found in {LAYOUTS} attempts; "
        f"{worst!r} failed to fit {failures[worst]} times. Place fewer or smaller things, ask for less than "
        f"{clearance} m between them, or widen their regions."
    )


def _spot(
    item: Item,
    items: Sequence[Item],
    spots: Sequence[tuple[float, float]],
    clearance: float,
    rng: np.random.Generator,
) -> tuple[float, float] | None:
    """Return a spot that keeps clear of the things placed so far, or None if none was found."""
    for _ in range(SPOTS):
        x, y = float(rng.uniform(*item.region.x)), float(rng.uniform(*item.region.y))
        is_clear = all(
            np.hypot(x - other_x, y - other_y) >= item.radius + other.radius + clearance
            for other, (other_x, other_y) in zip(items, spots, strict=False)
        )
        if is_clear and item.allowed(x, y):
            return x, y
    return None
