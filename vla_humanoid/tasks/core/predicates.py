"""Yes-or-no questions about a world state that tasks judge by, on any engine."""

import math

import numpy as np

from vla_humanoid.schema import SIDES, RigidBodyState, RobotState
from vla_humanoid.tasks.core.geometry import tilt
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.stance import soles_of

FALLEN_HEIGHT = 0.45
"""Height of the pelvis above the lower sole below which the robot has fallen [m]."""
FALLEN_TILT = math.radians(45.0)
"""Pelvis tilt beyond which the robot has fallen [rad]."""
STILL_SPEED = 0.1
"""Speed of the pelvis below which the robot stands still [m/s]."""
LOADED_FORCE = 40.0
"""Vertical force on a foot that bears its share [N]; the robot weighs 340."""
REST_SPEED = 0.05
"""Speed below which a body is at rest [m/s]."""
REST_TURN_RATE = 1.0
"""Angular speed below which it is [rad/s]; the rim of a small thing moves at `REST_SPEED` then."""
RELEASE_CLEARANCE = 0.05
"""Distance between a hand's pinch point and a body's bounding sphere when it is let go [m]."""
UPRIGHT_TILT = math.radians(20.0)
"""Tilt up to which a container still stands upright [rad]."""
FALL_DEPTH = 0.05
"""Depth below the table top at which a body has fallen off [m]."""


def is_standing(robot: RobotState) -> bool:
    """Tell whether the robot is on its feet, whatever the height of the ground under them."""
    pelvis = robot.base.pose
    return pelvis_height(robot) > FALLEN_HEIGHT and tilt(pelvis.quat_wxyz) < FALLEN_TILT


def pelvis_height(robot: RobotState) -> float:
    """Return the height of the pelvis above the lower sole [m]."""
    return float(robot.base.pose.position[2] - soles_of(robot)[:, 2].min())


def is_standing_still(robot: RobotState) -> bool:
    """Tell whether the robot stands on both feet and its pelvis hardly moves."""
    feet_loaded = all(robot.foot_wrenches[side][2] > LOADED_FORCE for side in SIDES)
    speed = float(np.linalg.norm(robot.base.twist.linear))
    return feet_loaded and speed < STILL_SPEED and is_standing(robot)


def is_at_rest(body: RigidBodyState) -> bool:
    """Tell whether a body hardly moves or turns."""
    speed, turn_rate = np.linalg.norm([body.twist.linear, body.twist.angular], axis=1)
    return bool(speed < REST_SPEED and turn_rate < REST_TURN_RATE)


def is_upright(body: RigidBodyState) -> bool:
    """Tell whether a body's z axis points up."""
    return tilt(body.pose.quat_wxyz) < UPRIGHT_TILT


def is_off_table(body: RigidBodyState, table_height: float) -> bool:
    """Tell whether a body has fallen off a table of a height [m]."""
    return bool(body.pose.position[2] < table_height - FALL_DEPTH)


def is_released(body: RigidBodyState, bounding_radius: float, robot: RobotState) -> bool:
    """Tell whether both hands are away from a body with a bounding sphere of a radius [m]."""
    distance = min(
        float(np.linalg.norm(pinch_point(robot, side) - body.pose.position)) for side in SIDES
    )
    return distance > bounding_radius + RELEASE_CLEARANCE
