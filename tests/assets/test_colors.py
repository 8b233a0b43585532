from itertools import combinations, product

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.tasks.core.appearance import SHADE_BRIGHTNESS as BRIGHTNESS
from vla_humanoid.tasks.core.appearance import SHADE_TINT as TINT

JUST_APART = 12.0
"""Distance in CIE Lab at which two colours are told apart at a glance."""


def lab(rgb: np.ndarray) -> np.ndarray:
    """Convert sRGB in [0, 1] to CIE Lab (D65); shape (..., 3)."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16.0 / 116.0)
    return np.stack(
        [
            116.0 * f[..., 1] - 16.0,
            500.0 * (f[..., 0] - f[..., 1]),
            200.0 * (f[..., 1] - f[..., 2]),
        ],
        axis=-1,
    )


def shades(name: str) -> np.ndarray:
    """Return the extreme shades of a colour in Lab, shape (n, 3)."""
    tints = np.array(list(product((-TINT, 0.0, TINT), repeat=3)))
    brightness = np.linspace(*BRIGHTNESS, 5)[:, None, None]
    rgb = brightness * np.array(COLORS[name]) + tints
    return lab(np.clip(rgb.reshape(-1, 3), 0.0, 1.0))


def test_there_are_enough_colours() -> None:
    assert len(COLORS) >= 8


def test_shades_of_different_colours_stay_apart() -> None:
    for first, second in combinations(COLORS, 2):
        difference = shades(first)[:, None] - shades(second)[None, :]
        assert np.linalg.norm(difference, axis=-1).min() > JUST_APART, (first, second)
