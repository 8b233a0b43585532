"""What a grounding network is to say, made of what files of scenes know."""

from dataclasses import replace
from math import cos, pi, sin

import numpy as np
import pytest

from vla_humanoid.data_collection.scenes.scene import Mounted, Request, Texts, Thing
from vla_humanoid.policies.grounding.config import NOTHING
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.training.grounding.targets import ABSENT, camera_numbers, meanings

WHOLE = CameraInput("head", 32, 32)
UPRIGHT = (1.0, 0.0, 0.0, 0.0)
HALF = pi / 6  # Half of the angle by which the bowl is turned.
THINGS = {
    "can": Thing("can", (0.4, 0.1, 0.0), UPRIGHT, {"head": (0.5, 0.625)}),
    "bowl": Thing("bowl", (0.3, -0.2, 0.1), (cos(HALF), 0.0, 0.0, sin(HALF)), {"head": (0.1, 0.2)}),
    "far": Thing("box", (0.9, 0.9, 0.0), UPRIGHT, {"head": (1.2, 0.5)}),
    "behind": Thing("box", (-1.0, 0.0, 0.0), UPRIGHT, {"head": None}),
    "elsewhere": Thing("box", (0.5, 0.0, 0.0), UPRIGHT, {"wrist": (0.5, 0.5)}),
}


def texts(*requests: Request) -> Texts:
    return Texts(THINGS, {"head": Mounted((0.0, 0.0, 0.5), UPRIGHT, 60.0)}, requests)


def naming(**parts: str) -> Request:
    return Request((parts,), ("do it", "please do it"))


def test_things_that_are_named_are_told_in_order() -> None:
    (meant,) = meanings(texts(naming(object="can", container="bowl")), WHOLE, 2)
    assert meant.sentences == ("do it", "please do it")
    can, bowl = meant.mentions
    assert (can.kind, bowl.kind) == ("can", "bowl")
    assert (can.place, bowl.place) == ((0.5, 0.625), (0.1, 0.2))
    np.testing.assert_array_equal(can.position, (0.4, 0.1, 0.0))
    np.testing.assert_allclose(can.angles, [1, 0, 1, 0, 1, 0])
    turned = [turn(times * pi / 3) for times in (1, 2, 4) for turn in (cos, sin)]
    np.testing.assert_allclose(bowl.angles, turned, atol=1e-12)


def test_a_mention_that_is_not_made_is_absent() -> None:
    (meant,) = meanings(texts(naming(object="can")), WHOLE, 3)
    assert [one.kind for one in meant.mentions] == ["can", NOTHING, NOTHING]
    assert meant.mentions[1:] == (ABSENT, ABSENT)
    assert ABSENT.place is None


@pytest.mark.parametrize("name", ["far", "behind", "elsewhere"])
def test_what_is_not_in_view_has_no_place_in_it_but_one_in_the_room(name: str) -> None:
    (meant,) = meanings(texts(naming(object=name)), WHOLE, 1)
    assert meant.mentions[0].place is None
    assert meant.mentions[0].kind == "box"
    np.testing.assert_array_equal(meant.mentions[0].position, THINGS[name].position)


def test_a_view_without_its_upper_quarter_shifts_places() -> None:
    request = naming(object="can", container="bowl")
    (meant,) = meanings(texts(request), replace(WHOLE, top=0.25), 2)
    assert meant.mentions[0].place == pytest.approx((0.5, 0.5))
    assert meant.mentions[1].place is None  # It is in the part that was cut off.
    (meant,) = meanings(texts(request), replace(WHOLE, left=0.25, right=0.75, bottom=0.75), 2)
    assert meant.mentions[0].place == pytest.approx((0.5, 0.625 / 0.75))


def test_goals_that_name_what_has_no_place_are_left_out() -> None:
    left_out = (
        naming(direction="left"),
        naming(object="can", direction="left"),
        naming(object="can", container="bowl", other="far"),
        naming(),
        Request((), ("nothing",)),
    )
    found = meanings(texts(*left_out, naming(object="bowl")), WHOLE, 2)
    assert [meant.mentions[0].kind for meant in found] == ["bowl"]


def test_of_a_goal_with_several_parts_the_first_is_meant() -> None:
    request = Request(({"object": "can"}, {"object": "bowl"}), ("first the can, then the bowl",))
    (meant,) = meanings(texts(request), WHOLE, 2)
    assert [one.kind for one in meant.mentions] == ["can", NOTHING]


def test_a_camera_is_told_by_position_axes_and_focal_length() -> None:
    numbers = camera_numbers(Mounted((0.1, 0.2, 0.3), (0.0, 0.0, 0.0, 1.0), 90.0))
    wanted = [0.1, 0.2, 0.3, -1, 0, 0, 0, -1, 0, 0, 0, 1, 0.5]
    np.testing.assert_allclose(numbers, wanted, atol=1e-12)
