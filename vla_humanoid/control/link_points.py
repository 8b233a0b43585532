"""Points on several links of the robot: where they are and how they move, all of them at once."""

from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.control.kinematic_tree import dofs_that_move
from vla_humanoid.schema import FloatArray

_NEXT, _LAST = np.array([1, 2, 0]), np.array([2, 0, 1])


class LinkPoints:
    """Looks at some links of a robot model, in the state that the model was last updated with.

    `RobotModel.link_points` makes it. Methods that take link numbers count from 0 in the order in
    which the links were named.
    """

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData, links: Sequence[str]) -> None:
        self._data = data
        self._bodies = np.array([int(model.body(link).id) for link in links])
        self._root = int(model.body_rootid[self._bodies[0]])
        self._moves = np.array([dofs_that_move(model, body) for body in self._bodies.tolist()])

    def frames(self) -> tuple[FloatArray, FloatArray]:
        """Return the links' origins [m], shape (n, 3), and rotations, shape (n, 3, 3)."""
        data, bodies = self._data, self._bodies
        return data.xpos.take(bodies, 0), data.xmat.take(bodies, 0).reshape(-1, 3, 3)

    def drifts(self, links: NDArray[np.intp], points: FloatArray) -> FloatArray:
        """Return how points that ride on links accelerate when no generalized acceleration acts.

        Args:
            links: numbers of their links, shape (n,).
            points: where they are [m], world frame, shape (n, 3).

        Returns:
            Accelerations [m/s^2], world frame, shape (n, 3).
        """
        bodies = self._bodies.take(links)
        arms = points - self._data.subtree_com[self._root]  # the origin of MuJoCo's motion vectors
        twist = self._data.cvel.take(bodies, 0)
        # MuJoCo counts gravity as an acceleration of the world, its body 0.
        change = self._data.cacc.take(bodies, 0) - self._data.cacc[0]
        spin = twist[:, :3]
        velocity = twist[:, 3:] + cross(spin, arms)
        return change[:, 3:] + cross(change[:, :3], arms) + cross(spin, velocity)

    def separation_jacobian(
        self,
        first: NDArray[np.intp],
        second: NDArray[np.intp],
        points: FloatArray,
        normals: FloatArray,
    ) -> FloatArray:
        """Return how fast points of two links move apart per generalized velocity, shape (n, nv).

        Args:
            first: numbers of the links that the normals point to, shape (n,).
            second: numbers of the links that they point away from, shape (n,).
            points: anywhere on the lines through the points of both links [m], shape (n, 3).
            normals: unit vectors along these lines, world frame, shape (n, 3).
        """
        arms = points - self._data.subtree_com[self._root]
        lines = np.concatenate([cross(arms, normals), normals], axis=1)
        moved = self._moves.take(first, 0) - self._moves.take(second, 0)
        return moved * (lines @ self._data.cdof.T)


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the cross products of rows, shape (n, 3): `numpy.cross` takes six times as long."""
    return a.take(_NEXT, 1) * b.take(_LAST, 1) - a.take(_LAST, 1) * b.take(_NEXT, 1)
