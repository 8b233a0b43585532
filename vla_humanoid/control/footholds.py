"""Places near a wanted one where the ground takes a whole sole."""

from collections.abc import Iterator

import numpy as np

from vla_humanoid.control.footsteps import Footstep, turned
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.schema import FloatArray

SHIFTS = (0.12, 0.06, 0.03)
"""Furthest shift of a foot ahead or back, furthest to its sides, and distance of places [m]."""


class NoFoothold(ValueError):
    """No reachable place has level ground."""


def _shifts() -> FloatArray:
    """Return the shifts to try, in the foot's axes [m], shape (n, 2), smallest first."""
    ahead, aside, spacing = SHIFTS
    axes = [np.linspace(-most, most, 2 * round(most / spacing) + 1) for most in (ahead, aside)]
    shifts = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    return shifts[np.argsort(np.hypot(*shifts.T), kind="stable")]


_SHIFTS = _shifts()


def footholds(wanted: Footstep, ground: HeightMap) -> Iterator[Footstep]:
    """Yield the level places around a wanted step, on the ground, nearest first."""
    for shift in _SHIFTS:
        xy = wanted.position[:2] + turned(shift, wanted.yaw)
        moved = Footstep(wanted.side, np.append(xy, wanted.position[2]), wanted.yaw)
        height = ground.level(moved)
        if height is not None:
            yield Footstep(wanted.side, np.append(xy, height), wanted.yaw)
