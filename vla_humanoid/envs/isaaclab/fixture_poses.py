"""Where floor, table and landmarks stand in a scene."""

from collections.abc import Mapping

import numpy as np

from vla_humanoid.assets.scene import Scene, floor_height, floor_quat
from vla_humanoid.control.rotations import quat_multiply, quat_to_matrix
from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, Twist
from vla_humanoid.sims.isaaclab.asset_files import TABLE
from vla_humanoid.sims.isaaclab.scene import FLOOR, FLOOR_THICKNESS
from vla_humanoid.tasks.core.geometry import yaw_quat

_UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])


def fixture_states(scene: Scene, landmarks: Mapping[str, str]) -> dict[str, RigidBodyState]:
    """Return the states of the bodies that stand for a scene's floor, table and landmarks.

    Args:
        scene: of the episode.
        landmarks: name in the scene to body name.
    """
    slope = scene.floor_slope
    tilt = np.array(floor_quat(slope))
    below = quat_to_matrix(tilt) @ np.array([0.0, 0.0, -0.5 * FLOOR_THICKNESS])
    states = {FLOOR: _at_rest(below, tilt)}
    for mark in scene.landmarks:
        x, y = mark.position
        position = np.array([x, y, floor_height(slope, x, y)])
        turned = quat_multiply(tilt, np.array(yaw_quat(mark.yaw)))
        states[landmarks[mark.name]] = _at_rest(position, turned)
    if scene.table is not None:
        position = np.array([*scene.table.position, scene.table.height])
        states[TABLE] = _at_rest(position, _UPRIGHT)
    return states


def _at_rest(position: FloatArray, quat_wxyz: FloatArray) -> RigidBodyState:
    return RigidBodyState(Pose(position, quat_wxyz), Twist(np.zeros(3), np.zeros(3)))
