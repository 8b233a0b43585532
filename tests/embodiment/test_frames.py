"""Frames of other embodiments in ours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.embodiment.faults import MappingError
from vla_humanoid.embodiment.frames import Frame, named_frame, parse_frames
from vla_humanoid.embodiment.rotations import quats_from, rotvecs_from
from vla_humanoid.embodiment.table import Table

VECTORS = st.tuples(*3 * [st.floats(-1.8, 1.8)]).map(np.array)


def frame(position: np.ndarray, rotvec: np.ndarray) -> Frame:
    content = {"base": {"position": position.tolist(), "rotation": rotvec.tolist()}}
    content["base"]["layout"] = "rotvec"
    return parse_frames(Table({"frames": content}, "mapping"), "frames")["base"]


@given(VECTORS, VECTORS, VECTORS)
def test_points_come_back_from_a_frame(
    position: np.ndarray, rotvec: np.ndarray, point: np.ndarray
) -> None:
    base = frame(position, rotvec)
    np.testing.assert_allclose(base.points_in(base.points_out(point[None]))[0], point, atol=1e-9)
    np.testing.assert_allclose(base.points_out(np.zeros((1, 3)))[0], position, atol=1e-12)


def test_a_frame_that_is_turned_left_has_our_y_as_its_x() -> None:
    base = frame(np.array([0.1, 0.2, 0.3]), np.array([0.0, 0.0, np.pi / 2]))
    forward = np.array([[1.0, 0.0, 0.0]])
    np.testing.assert_allclose(base.points_out(forward), [[0.1, 1.2, 0.3]], atol=1e-12)
    np.testing.assert_allclose(base.vectors_out(forward), [[0.0, 1.0, 0.0]], atol=1e-12)
    about_its_x = quats_from(0.3 * forward, "rotvec")
    np.testing.assert_allclose(
        rotvecs_from(base.changes_out(about_its_x)), [[0.0, 0.3, 0.0]], atol=1e-12
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"position": [1, 2]}, "'position' must be a list of 3 numbers"),
        ({"rotation": [1, 2, 3], "layout": "quat_wxyz"}, "list of 4 numbers"),
        ({"rotation": [2, 0, 0, 0], "layout": "quat_wxyz"}, "has length 2"),
        ({"rotation": [1, 0, 0]}, "'layout' must be a text"),
        ({"origin": [1, 2, 3]}, "no use for 'origin'"),
    ],
)
def test_a_frame_that_makes_no_sense_is_refused(content: dict[str, object], message: str) -> None:
    with pytest.raises(MappingError, match=message):
        parse_frames(Table({"frames": {"base": content}}, "mapping"), "frames")


def test_names_of_frames_must_be_known() -> None:
    with pytest.raises(MappingError, match=r"there is no frame 'bse'; the mapping has 'base'"):
        named_frame(Table({"frame": "bse"}, "entry"), "frame", {"base": Frame("base")})
