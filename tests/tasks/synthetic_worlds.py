"""World states made by hand: a standing robot with its hands wherever a test wants them."""

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.schema import (
    REPORTED_LINKS,
    SIDES,
    FloatArray,
    Pose,
    RigidBodyState,
    RobotState,
    Twist,
    WorldState,
)
from vla_humanoid.tasks.core.hands import PINCH_POINTS

UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])
AWAY = {"left": np.array([0.1, 0.4, 0.9]), "right": np.array([0.1, -0.4, 0.9])}


def body(
    position: FloatArray,
    quat_wxyz: FloatArray = UPRIGHT,
    velocity: FloatArray | None = None,
    turn_rate: FloatArray | None = None,
) -> RigidBodyState:
    linear = np.zeros(3) if velocity is None else velocity
    angular = np.zeros(3) if turn_rate is None else turn_rate
    return RigidBodyState(
        Pose(np.asarray(position, dtype=float), quat_wxyz), Twist(linear, angular)
    )


def tipped(angle: float) -> FloatArray:
    """Rotation about the x axis."""
    return np.array([np.cos(angle / 2), np.sin(angle / 2), 0.0, 0.0])


def robot(
    pelvis_height: float = 0.74,
    pelvis_tilt: float = 0.0,
    pinches: dict[str, FloatArray] | None = None,
    ground: float = 0.0,
) -> RobotState:
    """A robot whose hands' pinches are at given points, wrists unrotated.

    The pelvis's height is that above the floor at height 0, not above the ground under the feet.
    """
    links = {name: Pose(np.zeros(3), UPRIGHT) for name in REPORTED_LINKS}
    for side in SIDES:  # Soles on the ground, one above the other: no judge minds.
        ankle = np.array([0.0, 0.0, ground - g1().sole_height])
        links[f"{side}_ankle_roll_link"] = Pose(ankle, UPRIGHT)
    for side, point in (AWAY | (pinches or {})).items():
        links[f"{side}_wrist_yaw_link"] = Pose(point - np.array(PINCH_POINTS[side]), UPRIGHT)
    return RobotState(
        base=body(np.array([0.0, 0.0, pelvis_height]), tipped(pelvis_tilt)),
        joint_positions=np.zeros(43),
        joint_velocities=np.zeros(43),
        foot_wrenches={"left": np.zeros(6), "right": np.zeros(6)},
        links=links,
    )


def world(time: float, objects: dict[str, RigidBodyState], who: RobotState) -> WorldState:
    return WorldState(time=time, robot=who, objects=objects)
