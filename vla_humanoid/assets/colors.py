"""Named colours of things."""

from collections.abc import Mapping

from vla_humanoid.assets.scene import Rgb

COLORS: Mapping[str, Rgb] = {
    "red": (0.78, 0.07, 0.08),
    "orange": (0.96, 0.44, 0.03),
    "yellow": (0.95, 0.84, 0.08),
    "green": (0.08, 0.52, 0.14),
    "cyan": (0.10, 0.74, 0.80),
    "blue": (0.08, 0.20, 0.78),
    "purple": (0.42, 0.12, 0.62),
    "pink": (0.95, 0.50, 0.70),
    "white": (0.93, 0.93, 0.92),
    "black": (0.07, 0.07, 0.08),
}
"""Nominal colours: far apart in hue or in lightness, so that a light of another brightness or
warmth does not turn one into another. Brown is left out: it is orange in the dark."""
