import numpy as np
import pytest

from vla_humanoid.assets.textures import SIZE, TEXTURES

GREY = (0.5, 0.5, 0.5)


@pytest.mark.parametrize("name", TEXTURES)
def test_textures_are_the_same_every_time(name: str) -> None:
    image = TEXTURES[name]((0.7, 0.5, 0.3))
    assert image.dtype == np.uint8
    assert image.shape == (SIZE, SIZE, 3)
    assert np.array_equal(image, TEXTURES[name]((0.7, 0.5, 0.3)))


@pytest.mark.parametrize("name", TEXTURES)
def test_textures_keep_the_base_colour(name: str) -> None:
    for channel, value in enumerate((0.3, 0.5, 0.7)):
        mean = TEXTURES[name]((0.3, 0.5, 0.7))[:, :, channel].mean() / 255.0
        assert mean == pytest.approx(value, rel=0.12)


def test_textures_look_different() -> None:
    images = [TEXTURES[name](GREY).astype(float) for name in TEXTURES]
    for i, first in enumerate(images):
        for second in images[i + 1 :]:
            assert np.abs(first - second).mean() > 3.0


@pytest.mark.parametrize("name", [name for name in TEXTURES if name != "plain"])
def test_textures_tile_without_a_seam(name: str) -> None:
    """Across the border an image changes no more than somewhere inside."""
    image = TEXTURES[name](GREY).astype(float)[:, :, 0]
    for axis in (0, 1):
        steps = np.abs(image - np.roll(image, 1, axis=axis)).mean(axis=1 - axis)
        assert steps[0] <= 1.05 * steps[1:].max()
