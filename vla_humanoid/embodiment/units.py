"""Units of source numbers, and what they are in ours."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

NORMALIZED = "normalized"
"""Already within [-1, 1], by our bounds."""


@dataclass(frozen=True)
class Unit:
    """A unit that a source may use.

    Args:
        ours: the unit of ours that it can be turned into.
        factor: what to multiply by for that.
    """

    ours: str
    factor: float


_DEGREE = float(np.pi / 180)

UNITS: Mapping[str, Unit] = {
    "rad": Unit("rad", 1.0),
    "deg": Unit("rad", _DEGREE),
    "m": Unit("m", 1.0),
    "cm": Unit("m", 0.01),
    "mm": Unit("m", 0.001),
    "rad/s": Unit("rad/s", 1.0),
    "deg/s": Unit("rad/s", _DEGREE),
    "m/s": Unit("m/s", 1.0),
    "mm/s": Unit("m/s", 0.001),
    "N": Unit("N", 1.0),
    "1": Unit("1", 1.0),
    NORMALIZED: Unit(NORMALIZED, 1.0),
}
