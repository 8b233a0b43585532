"""Where cameras see things, compared with what an engine makes of the same camera."""

import mujoco
import numpy as np
import pytest

from vla_humanoid.assets.camera_view import CameraView, camera_view
from vla_humanoid.assets.cameras import add_cameras
from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.scene import CameraOffset
from vla_humanoid.schema import REPORTED_LINKS, Pose

OFFSET = CameraOffset((0.01, -0.02, 0.005), (0.05, -0.03, 0.08), 3.0)


@pytest.mark.parametrize("camera", ["head", "left_wrist", "right_wrist"])
@pytest.mark.parametrize("offset", [CameraOffset(), OFFSET])
def test_a_view_is_that_of_the_engine(camera: str, offset: CameraOffset) -> None:
    spec = robot_spec()
    add_cameras(spec, {camera: offset}, following=False)
    model = spec.compile()
    data = mujoco.MjData(model)
    rng = np.random.default_rng(0)
    data.qpos[:] = rng.uniform(-0.5, 0.5, model.nq)
    data.qpos[3:7] /= np.linalg.norm(data.qpos[3:7])
    mujoco.mj_forward(model, data)
    links = {
        name: Pose(data.body(name).xpos.copy(), data.body(name).xquat.copy())
        for name in REPORTED_LINKS
    }
    view = camera_view(links, camera, offset)
    np.testing.assert_allclose(view.position, data.cam(camera).xpos, atol=1e-9)
    np.testing.assert_allclose(view.axes, data.cam(camera).xmat.reshape(3, 3), atol=1e-9)
    assert view.fovy == pytest.approx(model.cam(camera).fovy[0])


def test_points_are_seen_where_they_are() -> None:
    ahead = CameraView(np.array([0.0, 0.0, 1.0]), np.eye(3), 90.0)  # It looks down.
    points = np.array([[0.0, 0.0, 0.0], [0.5, 0.5, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 2.0]])
    seen = ahead.project(points)
    np.testing.assert_allclose(seen[:3], [[0.5, 0.5], [0.75, 0.25], [0.0, 0.0]], atol=1e-12)
    assert np.isnan(seen[3]).all()


def test_a_camera_that_is_not_on_the_robot_has_no_view() -> None:
    with pytest.raises(ValueError, match="no camera 'external'; it has head, left_wrist"):
        camera_view({}, "external", CameraOffset())
