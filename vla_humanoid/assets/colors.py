"""Named colours of things."""

from collections.abc import Mapping

from vla_humanoid.assets.scene import Rgb

COLORS: Mapping[str, Rgb] = {
    "red": (0.74, 0.06, 0.07),
    "orange": (0.90, 0.40, 0.02),
    "yellow": (0.88, 0.77, 0.07),
    "green": (0.08, 0.50, 0.14),
    "cyan": (0.10, 0.70, 0.76),
    "blue": (0.08, 0.18, 0.74),
    "purple": (0.42, 0.12, 0.60),
    "pink": (0.88, 0.46, 0.64),
    "white": (0.86, 0.86, 0.85),
    "black": (0.07, 0.07, 0.08),
}
"""Nominal colours: far apart in hue or in lightness, so that a light of another brightness or
warmth does not turn one into another. Brown is left out: it is orange in the dark."""
