"""Where the robot stands and which way it faces, seen from above."""

import math
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.schema import SIDES, FloatArray, Pose, RobotState
from vla_humanoid.tasks.core.geometry import rotate, to_world


@dataclass(frozen=True)
class Stance:
    """A place on the floor and a heading, world frame.

    Args:
        x, y: [m].
        yaw: heading, from +x counter-clockwise [rad].
    """

    x: float
    y: float
    yaw: float

    def distance(self, x: float, y: float) -> float:
        """Return how far away a point is [m]."""
        return math.hypot(x - self.x, y - self.y)

    def bearing(self, x: float, y: float) -> float:
        """Return how far to the left of the heading a point lies [rad], in [-pi, pi)."""
        return wrapped(math.atan2(y - self.y, x - self.x) - self.yaw)


def stance_of(robot: RobotState) -> Stance:
    """Return the point midway between the soles and their mean heading."""
    x, y, _ = np.mean(soles_of(robot), axis=0).tolist()
    ahead: FloatArray = np.sum([_heading(foot.quat_wxyz) for foot in _feet(robot)], axis=0)
    return Stance(x, y, math.atan2(ahead[1], ahead[0]))


def soles_of(robot: RobotState) -> FloatArray:
    """Return the points under the ankles of both feet [m], left and right, shape (2, 3)."""
    below = np.array([0.0, 0.0, g1().sole_height])
    return np.array([to_world(foot, below) for foot in _feet(robot)])


def wrapped(angle: float) -> float:
    """Return an angle within [-pi, pi)."""
    return (angle + math.pi) % (2.0 * math.pi) - math.pi


def _feet(robot: RobotState) -> list[Pose]:
    return [robot.links[f"{side}_ankle_roll_link"] for side in SIDES]


def _heading(quat_wxyz: FloatArray) -> FloatArray:
    """Return the horizontal direction of a body's x axis, shape (2,)."""
    ahead = rotate(quat_wxyz, np.array([1.0, 0.0, 0.0]))[:2]
    return ahead / np.linalg.norm(ahead)
