"""The ground's wrenches on the feet, from what the ankles feel.

A real robot has its force sensors there as well. The ground's wrench is what is missing in Newton's
law of the foot, m (a - g) = f_joint + f_ground, and likewise for moments, where the foot's own
rotational inertia is left out.
"""

import numpy as np
from isaaclab.assets import Articulation

from vla_humanoid.assets.figures import g1
from vla_humanoid.schema import SIDES, FloatArray
from vla_humanoid.sims.isaaclab.dialect import JointWrenches, dialect
from vla_humanoid.sims.isaaclab.tensors import numbers

FEET = tuple(f"{side}_ankle_roll_link" for side in SIDES)
_GRAVITY = np.array([0.0, 0.0, -9.81])
_NEXT, _LAST = np.array([1, 2, 0]), np.array([2, 0, 1])


class FootWrenches:
    """Reads the wrenches on all feet.

    Args:
        robot: of all worlds.
        joints: what reads the wrenches in its joints.
    """

    def __init__(self, robot: Articulation, joints: JointWrenches) -> None:
        self._robot = robot
        self._wrenches = joints
        self._joints = np.array([joints.body_names.index(name) for name in FEET])
        self._links = np.array([list(robot.body_names).index(name) for name in FEET])
        self._mass = numbers(dialect().masses(robot), self._links)[..., None]
        com = numbers(robot.data.body_com_pos_b, self._links)
        sole = np.broadcast_to([0.0, 0.0, g1().sole_height], com.shape)
        self._arms = np.stack([sole, com], axis=-1)

    def read(self, rotations: FloatArray) -> FloatArray:
        """Return force [N] and torque [N m] about each sole's origin, shape (worlds, 2, 6).

        Args:
            rotations: matrices of the feet, shape (worlds, 2, 3, 3).
        """
        forces, torques = (numbers(part, self._joints) for part in self._wrenches.read())
        wrench = np.stack([forces, torques], axis=-1)
        turned = rotations @ np.concatenate([wrench, self._arms], axis=-1)
        # The joint's wrench is about the link's origin, where the joint is.
        force, torque, sole, com = (turned[..., k] for k in range(4))
        acceleration = numbers(self._robot.data.body_com_lin_acc_w, self._links)
        inertial = self._mass * (acceleration - _GRAVITY)
        moment = _cross(com - sole, inertial) - torque + _cross(sole, force)
        return np.concatenate([inertial - force, moment], axis=-1)


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    # np.cross does the same and takes several times as long on a few vectors.
    return a[..., _NEXT] * b[..., _LAST] - a[..., _LAST] * b[..., _NEXT]
