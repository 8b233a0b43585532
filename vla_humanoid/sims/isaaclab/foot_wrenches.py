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


class FootWrenches:
    """Reads the wrenches on all feet.

    Args:
        robot: of all worlds.
        joints: what reads the wrenches in its joints.
    """

    def __init__(self, robot: Articulation, joints: JointWrenches) -> None:
        self._robot = robot
        self._wrenches = joints
        self._joints = [joints.body_names.index(name) for name in FEET]
        self._links = [list(robot.body_names).index(name) for name in FEET]
        self._mass = numbers(dialect().masses(robot), self._links)[..., None]
        self._com = numbers(robot.data.body_com_pos_b, self._links)
        self._sole = np.broadcast_to([0.0, 0.0, g1().sole_height], self._com.shape)

    def read(self, rotations: FloatArray) -> FloatArray:
        """Return force [N] and torque [N m] about each sole's origin, shape (worlds, 2, 6).

        Args:
            rotations: matrices of the feet, shape (worlds, 2, 3, 3).
        """
        forces, torques = self._wrenches.read()
        force = _turned(rotations, numbers(forces, self._joints))
        torque = _turned(rotations, numbers(torques, self._joints))
        acceleration = numbers(self._robot.data.body_com_lin_acc_w, self._links)
        inertial = self._mass * (acceleration - _GRAVITY)
        # The joint's wrench is about the link's origin, where the joint is.
        sole, com = _turned(rotations, self._sole), _turned(rotations, self._com)
        moment = _cross(com - sole, inertial) - torque + _cross(sole, force)
        return np.concatenate([inertial - force, moment], axis=-1)


def _turned(rotations: FloatArray, vectors: FloatArray) -> FloatArray:
    return (rotations @ vectors[..., None])[..., 0]


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    # np.cross does the same and takes several times as long on a few vectors.
    (ax, ay, az), (bx, by, bz) = np.moveaxis(a, -1, 0), np.moveaxis(b, -1, 0)
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)
