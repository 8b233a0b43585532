"""Free bodies in PhysX: their poses and twists, read and written."""

from collections.abc import Sequence

import mujoco
import numpy as np

from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, Twist
from vla_humanoid.sims.finite import SPEED_LIMIT, SPIN_LIMIT
from vla_humanoid.sims.physx.interface import Float32Array
from vla_humanoid.sims.physx.session import Quantity

_WXYZ = np.array([6, 3, 4, 5])
"""Where PhysX's poses have the quaternion."""
_WEIGHTS = np.repeat(np.array([1.0, SPEED_LIMIT / SPIN_LIMIT], dtype=np.float32), 3)
"""Of the parts of a twist, for one limit to suit all of them."""


class FreeBodies:
    """Poses and twists of some free bodies.

    PhysX gives the velocity of a body's centre of mass, and quaternions as (x, y, z, w).

    Args:
        poses: rows of position [m] and quaternion.
        velocities: rows of linear [m/s] and angular [rad/s] velocity, world frame.
        centers: centre of mass of each body in its own frame [m].
    """

    def __init__(
        self, poses: Quantity, velocities: Quantity, centers: Sequence[FloatArray]
    ) -> None:
        self._poses, self._velocities = poses, velocities
        self._centers = [np.asarray(center, dtype=np.float64) for center in centers]

    def update(self) -> None:
        """Read what the engine has now."""
        self._poses.read()
        self._velocities.read()

    @property
    def velocities(self) -> Float32Array:
        """Velocities as last read, shape (n, 6)."""
        return self._velocities.values

    @property
    def effective_speeds(self) -> Float32Array:
        """How fast each body moves, comparable to `SPEED_LIMIT`, shape (n,)."""
        return (np.abs(self.velocities) * _WEIGHTS).max(axis=1)

    def state(self, index: int) -> RigidBodyState:
        """Return the state of a body as last read."""
        pose = pose_of(self._poses.values[index])
        velocity = self._velocities.values[index].astype(np.float64)
        linear, angular = velocity[:3], velocity[3:]
        linear -= self._orbiting(index, pose, angular)
        return RigidBodyState(pose, Twist(linear, angular))

    def put(self, index: int, state: RigidBodyState) -> None:
        """Prepare the state of a body for `write`."""
        twist = state.twist
        put_pose(self._poses.values[index], state.pose)
        orbiting = self._orbiting(index, state.pose, twist.angular)
        self._velocities.values[index, :3] = twist.linear + orbiting
        self._velocities.values[index, 3:] = twist.angular

    def _orbiting(self, index: int, pose: Pose, angular: FloatArray) -> FloatArray:
        """Return how fast a body's centre of mass moves about its origin."""
        velocity = np.empty(3)
        mujoco.mju_cross(velocity, angular, rotated(self._centers[index], pose.quat_wxyz))
        return velocity

    def write(self) -> None:
        """Make the prepared states the engine's.

        Raises:
            ValueError: if one of them is not finite.
        """
        if not (np.isfinite(self._poses.values).all() and np.isfinite(self.velocities).all()):
            raise ValueError("A pose or a twist that is not finite cannot be written to PhysX.")
        self._poses.write()
        self._velocities.write()


def pose_of(row: Float32Array) -> Pose:
    """Return a pose from position and quaternion (x, y, z, w), shape (7,)."""
    values = row.astype(np.float64)
    quat = values[_WXYZ]
    mujoco.mju_normalize4(quat)
    return Pose(values[:3], quat)


def put_pose(row: Float32Array, pose: Pose) -> None:
    """Write a pose as position and quaternion (x, y, z, w), shape (7,)."""
    row[:3] = pose.position
    row[3:] = pose.quat_wxyz[[1, 2, 3, 0]]


def rotated(vector: FloatArray, quat_wxyz: FloatArray) -> FloatArray:
    """Return a vector turned by a unit quaternion (w, x, y, z)."""
    turned = np.empty(3)
    mujoco.mju_rotVecQuat(turned, vector, quat_wxyz)
    return turned
