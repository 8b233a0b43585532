"""Images as a policy of another embodiment wants them."""

import numpy as np
import pytest
from mapped_robot import Foreign, mapping, query, state

from vla_humanoid.policy_runner.mapped.config import Fit
from vla_humanoid.policy_runner.mapped.images import shaped
from vla_humanoid.policy_runner.mapped.policy import MappedPolicy
from vla_humanoid.policy_runner.policy import Query

WHITE = np.full((32, 32, 3), 255, dtype=np.uint8)


def test_an_image_of_the_right_size_is_left_alone() -> None:
    assert shaped(WHITE, 32, 32, "pad") is WHITE


@pytest.mark.parametrize(("fit", "white"), [("pad", 0.5), ("crop", 1.0), ("stretch", 1.0)])
@pytest.mark.parametrize("size", [(16, 32), (64, 32), (8, 16)])
def test_shapes(fit: Fit, white: float, size: tuple[int, int]) -> None:
    found = shaped(WHITE, *size, fit)
    assert found.shape == (*size, 3)
    assert (found == 255).mean() == white
    assert found[size[0] // 2, size[1] // 2].tolist() == [255, 255, 255]


def test_cropping_takes_the_middle() -> None:
    image = np.zeros((32, 32, 3), dtype=np.uint8)
    image[12:20] = 255
    assert (shaped(image, 8, 32, "crop") == 255).all()


def test_layouts_types_and_maps_within_maps() -> None:
    size = {"size": 32, "nested": True}
    said = mapping(
        {},
        images={
            "images/high": {"camera": "head", "layout": "chw", **size},
            "images/low": {"camera": "black", "dtype": "float32", **size},
            "observation/image": {"camera": "head", "size": 32},
            "turned": {"camera": "head", "size": 32, "turn": 90},
        },
        observation={"state": {"entries": [{"constant": 1.5, "count": 3}], "dtype": "float64"}},
    )
    foreign = Foreign(np.zeros((1, 8)))
    image = np.zeros((32, 32, 3), dtype=np.uint8)
    image[:, :, 1] = 255
    image[:, -1, 2] = 9  # On the right, which goes up in a turn to the left.
    observation = {"images/head": image, "state": state(), "instruction": "look"}
    MappedPolicy(foreign, said).act(Query(observation, query().committed))
    (told,) = foreign.told
    inner = told["images"]
    assert isinstance(inner, dict)
    high, low = inner["high"], inner["low"]
    assert high.shape == (3, 32, 32)
    assert high.dtype == np.uint8
    assert (high[1] == 255).all()
    assert not high[[0, 2], :, :-1].any()
    turned = np.asarray(told["turned"])
    assert (turned[0, :, 2] == 9).all()
    assert not turned[1:, :, 2].any()
    assert low.dtype == np.float32
    assert low.shape == (32, 32, 3)
    np.testing.assert_array_equal(np.asarray(told["observation/image"]), image)
    numbers = np.asarray(told["state"])
    assert numbers.dtype == np.float64
    assert numbers.tolist() == [1.5, 1.5, 1.5]
