"""Procedural textures of surfaces, the same on every machine; no engine is imported.

Each returns an image, uint8, shape (`SIZE`, `SIZE`, 3), that tiles and whose mean is close to the
base colour.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.scene import Rgb
from vla_humanoid.schema import FloatArray

Image: TypeAlias = NDArray[np.uint8]

SIZE = 128
"""Height and width [px]."""


def plain(rgb: Rgb) -> Image:
    """One colour."""
    return _shaded(rgb, np.ones((SIZE, SIZE)))


def checker(rgb: Rgb) -> Image:
    """Four by four squares."""
    u, v = _grid()
    odd = (np.floor(4.0 * u) + np.floor(4.0 * v)) % 2.0
    return _shaded(rgb, 0.85 + 0.30 * odd)


def tiles(rgb: Rgb) -> Image:
    """Two by two tiles with grout between them."""
    u, v = _grid()
    edge = np.maximum(np.abs((2.0 * u) % 1.0 - 0.5), np.abs((2.0 * v) % 1.0 - 0.5))
    return _shaded(rgb, np.where(edge > 0.47, 0.70, 1.02) + 0.06 * _noise(3, 1.0))


def wood(rgb: Rgb) -> Image:
    """Planks with grain along one direction."""
    _, v = _grid()
    plank = np.floor(4.0 * v)
    tone = np.array([-0.06, 0.05, -0.01, 0.03])[plank.astype(int)]
    grain = np.sin(2.0 * np.pi * (18.0 * v + 1.2 * _noise(1, 1.5)))
    fibres = _stretched_noise(4)
    seam = (np.abs((4.0 * v) % 1.0 - 0.5) > 0.47).astype(float)
    return _shaded(rgb, 1.0 + tone + 0.06 * grain + 0.06 * fibres - 0.25 * seam)


def marble(rgb: Rgb) -> Image:
    """Dark veins in a cloudy stone."""
    u, v = _grid()
    veins = np.abs(np.sin(2.0 * np.pi * (u + v + 0.35 * _noise(5, 1.6)))) ** 0.35
    return _shaded(rgb, 0.72 + 0.34 * veins + 0.05 * _noise(6, 1.0))


def cloth(rgb: Rgb) -> Image:
    """A plain weave."""
    u, v = _grid()
    warp, weft = np.sin(2.0 * np.pi * 32.0 * u), np.sin(2.0 * np.pi * 32.0 * v)
    return _shaded(rgb, 1.0 + 0.14 * warp * weft + 0.05 * _noise(7, 0.5))


def concrete(rgb: Rgb) -> Image:
    """Blotches and specks of grey."""
    specks = np.random.default_rng(9).normal(0.0, 0.04, (SIZE, SIZE))
    return _shaded(rgb, 1.0 + 0.10 * _noise(8, 1.3) + specks)


def stripes(rgb: Rgb) -> Image:
    """Eight stripes, alternately light and dark."""
    _, v = _grid()
    return _shaded(rgb, 1.0 + 0.15 * np.sign(np.sin(2.0 * np.pi * 4.0 * v)))


TEXTURES: Mapping[str, Callable[[Rgb], Image]] = {
    "plain": plain,
    "checker": checker,
    "tiles": tiles,
    "wood": wood,
    "marble": marble,
    "cloth": cloth,
    "concrete": concrete,
    "stripes": stripes,
}
"""Every texture by name: a base colour, each channel in [0, 1], to an image."""


def _grid() -> tuple[FloatArray, FloatArray]:
    """Return the centres of the pixels in [0, 1), across and down."""
    centers = (np.arange(SIZE) + 0.5) / SIZE
    u, v = np.meshgrid(centers, centers)
    return u, v


def _noise(seed: int, roughness: float) -> FloatArray:
    """Return noise that tiles, of variance one; the larger ``roughness``, the larger its blobs."""
    frequency = np.fft.fftfreq(SIZE, 1.0 / SIZE)
    distance = np.hypot(frequency[:, None], frequency[None, :])
    distance[0, 0] = np.inf
    return _filtered(seed, distance**-roughness)


def _stretched_noise(seed: int) -> FloatArray:
    """Return noise that tiles, of variance one, drawn out along the rows."""
    frequency = np.fft.fftfreq(SIZE, 1.0 / SIZE)
    gain = np.exp(-((frequency[None, :] / 3.0) ** 2)) * np.ones((SIZE, 1))
    gain[0, 0] = 0.0
    return _filtered(seed, gain)


def _filtered(seed: int, gain: FloatArray) -> FloatArray:
    white = np.random.default_rng(seed).normal(size=(SIZE, SIZE))
    noise = np.fft.ifft2(np.fft.fft2(white) * gain).real
    return noise / noise.std()


def _shaded(rgb: Rgb, brightness: FloatArray) -> Image:
    shaded = 255.0 * np.array(rgb) * brightness[:, :, None]
    return np.clip(np.rint(shaded), 0.0, 255.0).astype(np.uint8)
