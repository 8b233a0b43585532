"""Legs that put both soles flat on a sloped floor under an upright body."""

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.scene import floor_height, floor_quat
from vla_humanoid.control.robot_model import BODY_JOINTS, FrameMotion, RobotModel
from vla_humanoid.control.rotations import matrix_to_quat, quat_to_matrix, rotation_error
from vla_humanoid.schema import SIDES, FloatArray, RigidBodyState, RobotState

ITERATIONS = 4
"""Newton's method on each leg is then exact to a nanoradian on slopes of up to 10 degrees."""

_LEG_JOINTS = ("hip_pitch", "hip_roll", "hip_yaw", "knee", "ankle_pitch", "ankle_roll")
_FLOATING_BASE = 6


def stand_on_slope(
    base: RigidBodyState, positions: FloatArray, slope: tuple[float, float]
) -> FloatArray:
    """Return joint positions [rad] that move the soles from a level floor to a sloped one.

    Each sole stays where it is seen from above and turns with the floor; the pelvis and the joints
    above it stay as they are.

    Args:
        base: of the robot on the level floor, at height 0.
        positions: of its joints [rad], in the order of `JOINT_NAMES`; its knees are bent.
        slope: as in `Scene.floor_slope`; small.
    """
    if slope == (0.0, 0.0):
        return positions
    model = RobotModel()
    positions = positions.copy()
    level = _soles(model, base, positions)
    for _ in range(ITERATIONS):
        soles = _soles(model, base, positions)
        for side in SIDES:
            names = [f"{side}_{joint}_joint" for joint in _LEG_JOINTS]
            columns = [_FLOATING_BASE + BODY_JOINTS.index(name) for name in names]
            step = np.linalg.solve(
                soles[side].jacobian[:, columns], _error(level[side], soles[side], slope)
            )
            positions[[JOINT_NAMES.index(name) for name in names]] += step
    return positions


def _soles(
    model: RobotModel, base: RigidBodyState, positions: FloatArray
) -> dict[str, FrameMotion]:
    model.update(RobotState(base, positions, np.zeros_like(positions), {}, {}))
    return model.soles()


def _error(level: FrameMotion, sole: FrameMotion, slope: tuple[float, float]) -> FloatArray:
    """Return by how much a sole is short of its place on the slope, as a twist, shape (6,)."""
    x, y, z = (float(coordinate) for coordinate in level.position)
    place = np.array([x, y, z + floor_height(slope, x, y)])
    rotation = quat_to_matrix(np.array(floor_quat(slope))) @ level.rotation
    turn = rotation_error(matrix_to_quat(rotation), matrix_to_quat(sole.rotation))
    return np.concatenate([place - sole.position, turn])
