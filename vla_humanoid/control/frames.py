"""Frames of the robot: where they are, how they move, and how the joints move them."""

from collections.abc import Sequence
from typing import NamedTuple

import mujoco
import numpy as np

from vla_humanoid.schema import FloatArray

_SITE = int(mujoco.mjtObj.mjOBJ_SITE)

_LINEAR_FIRST = np.array([3, 4, 5, 0, 1, 2])


class FrameMotion(NamedTuple):
    """A frame of the robot: where it is, how it moves, and how the joints move it.

    Args:
        position: of its origin [m], world frame, shape (3,).
        rotation: matrix from the frame to the world, shape (3, 3).
        jacobian: of the twist (linear first), world frame, shape (6, nv).
        velocity: twist [m/s, rad/s], world frame, linear first, shape (6,).
        drift: acceleration of the frame when no generalized acceleration acts, shape (6,).
    """

    position: FloatArray
    rotation: FloatArray
    jacobian: FloatArray
    velocity: FloatArray
    drift: FloatArray


class Frames:
    """Reads several frames of a robot at once.

    Args:
        model: the robot.
        data: its state; positions, velocities and body accelerations must be up to date whenever
            frames are read.
        sites: names of the sites that are these frames.
    """

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData, sites: Sequence[str]) -> None:
        self._model, self._data = model, data
        self._names = tuple(sites)
        self._sites = np.array([int(model.site(site).id) for site in sites])
        self._gravity = -float(model.opt.gravity[2])
        n = len(self._names)
        self._jacobians = np.zeros((n, 6, int(model.nv)))
        self._accelerations = np.zeros((n, 6))
        # What MuJoCo writes to, site by site.
        self._targets = [
            (int(site), jacobian[:3], jacobian[3:], acceleration)
            for site, jacobian, acceleration in zip(
                self._sites, self._jacobians, self._accelerations, strict=True
            )
        ]

    def read(self) -> dict[str, FrameMotion]:
        """Return the motion of each frame, by name; nothing of it changes later."""
        model, data, n = self._model, self._data, len(self._names)
        positions = data.site_xpos.take(self._sites, 0)
        rotations = data.site_xmat.take(self._sites, 0).reshape(n, 3, 3)
        for site, linear, angular, acceleration in self._targets:
            mujoco.mj_jacSite(model, data, linear, angular, site)
            mujoco.mj_objectAcceleration(model, data, _SITE, site, acceleration, 0)
        jacobians = self._jacobians.copy()
        velocities = (jacobians.reshape(6 * n, -1) @ data.qvel).reshape(n, 6)
        # MuJoCo gives angular before linear acceleration, and counts gravity as one.
        drifts = self._accelerations.take(_LINEAR_FIRST, 1)
        drifts[:, 2] -= self._gravity
        motions = map(FrameMotion, positions, rotations, jacobians, velocities, drifts)
        return dict(zip(self._names, motions, strict=True))
