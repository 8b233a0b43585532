"""The whole-body quadratic program: joint accelerations and ground wrenches that serve all tasks.

For generalized acceleration a (nv = 35) and one wrench w per foot in contact::

    minimize     sum_i | W_i (J_i a + drift_i - target_i) |^2  +  posture and regularization
    subject to   base rows of   M a + h = sum_f J_f^T w_f      (Newton-Euler, whole robot)
                 |joint rows of M a + h - sum_f J_f^T w_f  +  feedback|  <= effort limits
                 w_f within the contact wrench cone of its sole
                 joint accelerations that keep positions and speeds within their limits
                 further limits  J a <= high  that the caller states

The task-space formulation follows A. Herzog et al., "Momentum control with hierarchical inverse
dynamics on a torque-controlled humanoid", Autonomous Robots 2016, with weights for priorities.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import daqp
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.contact_wrench_cone import rectangle_wrench_cone, shift_wrench
from vla_humanoid.control.robot_model import GRAVITY, IS_LEG, FrameMotion, RobotModel
from vla_humanoid.schema import FloatArray

_Constraints: TypeAlias = tuple[FloatArray, FloatArray, FloatArray, NDArray[np.int32]]

_EQUALITY = 5
_OPTIMAL = 1


class QpInfeasible(RuntimeError):
    """No joint accelerations satisfy all limits at once."""


@dataclass(frozen=True)
class QpConfig:
    """Weights and limits of the whole-body program.

    Args:
        friction: assumed between sole and ground.
        sole_shrink: the cone's rectangle keeps this far from the sole's edges [m].
        min_normal_force: each foot in contact presses at least this hard [N].
        wrench_weight: regularization of ground wrenches [1/N].
        barrier_rate: how fast a joint may approach its position limit [1/s].
        walking_barrier_rate: the same for the legs of a walking robot: a swinging leg needs nearly
            its whole range within a third of a second.
        speed_rate: how fast a joint may approach its speed limit [1/s].
        effort_share: share of the motors' effort limits that may be used.
    """

    friction: float = 0.65
    sole_shrink: float = 0.004
    min_normal_force: float = 10.0
    wrench_weight: float = 2e-3
    barrier_rate: float = 12.0
    walking_barrier_rate: float = 40.0
    speed_rate: float = 25.0
    effort_share: float = 0.95


@dataclass(frozen=True)
class Task:
    """A least-squares objective on accelerations.

    Args:
        jacobian: shape (n, nv).
        target: wanted ``jacobian @ a``, i.e. the task's acceleration less its drift, shape (n,).
        weight: shape (n,).
    """

    jacobian: FloatArray
    target: FloatArray
    weight: FloatArray


@dataclass(frozen=True)
class Limit:
    """An upper bound on a linear function of the generalized acceleration.

    Args:
        jacobian: shape (n, nv).
        high: largest ``jacobian @ a``, shape (n,).
    """

    jacobian: FloatArray
    high: FloatArray


def combined(limits: Sequence[Limit]) -> Limit:
    """Return several limits as one."""
    return Limit(
        np.concatenate([limit.jacobian for limit in limits]),
        np.concatenate([limit.high for limit in limits]),
    )


NO_LIMIT = Limit(np.zeros((0, 35)), np.zeros(0))
"""No bounds beyond those of joints, motors and contacts."""


@dataclass(frozen=True)
class QpSolution:
    """What the program found.

    Args:
        acceleration: generalized, shape (nv,).
        torque: of the 29 joints [N m], shape (29,).
        wrenches: per foot in contact, in the sole's axes about the sole's origin, shape (6,).
    """

    acceleration: FloatArray
    torque: FloatArray
    wrenches: dict[str, FloatArray]


class WholeBodyQp:
    """Builds and solves the program for one robot; reuses its memory between solves."""

    def __init__(self, model: RobotModel, config: QpConfig) -> None:
        self._model = model
        self._config = config
        self._cone = _sole_cone(config)
        self._frames: dict[tuple[int, int], _Constraints] = {}
        self._effort = config.effort_share * model.effort_limit
        self._barrier_rates = {
            walking: np.where(IS_LEG & walking, config.walking_barrier_rate, config.barrier_rate)
            for walking in (False, True)
        }
        self.walking = False
        """Whether legs swing, so that their joints may come close to their limits quickly."""

    def solve(
        self,
        tasks: list[Task],
        posture: Task,
        limit: Limit,
        contacts: dict[str, FrameMotion],
        feedback: FloatArray | None = None,
    ) -> QpSolution:
        """Solve for the state the model was last updated with.

        Args:
            tasks: objectives in task space.
            posture: an objective on the joints themselves; its ``jacobian`` is not read: target
                and weight have one entry per joint, shape (29,).
            limit: bounds beyond those of joints, motors and contacts.
            contacts: soles on the ground, by side.
            feedback: torques that the motors add of their own accord [N m], shape (29,); the sum
                stays within the effort limits. None for none.

        Raises:
            QpInfeasible: if no acceleration satisfies the limits.
        """
        wrench_maps = {side: _wrench_map(sole) for side, sole in contacts.items()}
        hessian, gradient = self._objective(tasks, posture, len(contacts))
        A, low, high, sense = self._constraints(list(wrench_maps.values()), limit)
        if feedback is not None:
            rows = slice(len(gradient) + 6, len(gradient) + self._model.nv)
            low[rows] -= feedback
            high[rows] -= feedback
        x, _, flag, _ = daqp.solve(hessian, gradient, A, high, low, sense)
        if flag != _OPTIMAL:
            raise QpInfeasible(f"The whole-body program has no solution (solver flag {flag}).")
        return self._solution(x, wrench_maps)

    def bear_weight(self, contacts: Mapping[str, FrameMotion], feedback: FloatArray) -> QpSolution:
        """Return torques that hold the robot against gravity, whatever else was wanted.

        The feet in contact share the weight; motors stay within their limits.
        """
        model = self._model
        wrench = np.array([0.0, 0.0, model.mass * GRAVITY / max(len(contacts), 1), 0.0, 0.0, 0.0])
        force = model.bias.copy()
        for sole in contacts.values():
            force -= sole.jacobian.T @ wrench
        torque = np.clip(force[6:], -self._effort - feedback, self._effort - feedback)
        wrenches = dict.fromkeys(contacts, wrench)
        return QpSolution(np.zeros(model.nv), torque, wrenches)

    def _objective(
        self, tasks: list[Task], posture: Task, n_contacts: int
    ) -> tuple[FloatArray, FloatArray]:
        nv = self._model.nv
        n = nv + 6 * n_contacts
        J = np.concatenate([task.jacobian for task in tasks])
        target = np.concatenate([task.target for task in tasks])
        weight = np.concatenate([task.weight for task in tasks])
        weighted = J.T * (weight * weight)
        diagonal = np.empty(n)
        diagonal[:6] = 1e-6
        diagonal[6:nv] = np.square(posture.weight)
        diagonal[nv:] = self._config.wrench_weight**2
        H = np.zeros((n, n))
        H[:nv, :nv] = weighted @ J
        H.ravel()[:: n + 1] += diagonal
        f = np.zeros(n)
        f[:nv] = -weighted @ target
        f[6:nv] -= diagonal[6:nv] * posture.target
        return H, f

    def _constraints(self, wrench_maps: list[FloatArray], limit: Limit) -> _Constraints:
        """Return rows A, bounds, and their kinds; bounds start with those of the variables."""
        model, k = self._model, len(wrench_maps)
        nv, n = model.nv, model.nv + 6 * k
        shape = (k, len(limit.high))
        if shape not in self._frames:
            self._frames[shape] = self._constant_rows(*shape)
        A, low, high, sense = self._frames[shape]
        A[:nv, :nv] = model.mass_matrix
        for i, wrench_map in enumerate(wrench_maps):
            A[:nv, nv + 6 * i : nv + 6 * i + 6] = -wrench_map
        low[6:nv], high[6:nv] = self._acceleration_bounds()
        low[n : n + nv] = high[n : n + nv] = -model.bias
        low[n + 6 : n + nv] -= self._effort
        high[n + 6 : n + nv] += self._effort
        A[len(A) - shape[1] :, :nv] = limit.jacobian
        high[len(high) - shape[1] :] = limit.high
        return A, low, high, sense

    def _constant_rows(self, contacts: int, limits: int) -> _Constraints:
        """Return the constraints with all that does not depend on the robot's state filled in."""
        nv, faces = self._model.nv, len(self._cone)
        n = nv + 6 * contacts
        A = np.zeros((nv + faces * contacts + limits, n))
        low = np.full(n + len(A), -1e30)
        high = np.full(n + len(A), 1e30)
        high[n + nv :] = 0.0
        for i in range(contacts):
            column, row = nv + 6 * i, nv + faces * i
            A[row : row + faces, column : column + 6] = self._cone
            low[column + 2] = self._config.min_normal_force
        sense = np.zeros(len(low), dtype=np.int32)
        sense[n : n + 6] = _EQUALITY
        return A, low, high, sense

    def _acceleration_bounds(self) -> tuple[FloatArray, FloatArray]:
        """Bounds that make position and speed limits invariant (exponential control barriers)."""
        model, speed_rate = self._model, self._config.speed_rate
        rate = self._barrier_rates[self.walking]
        q, dq = model.positions, model.velocities
        damping = -2.0 * rate * dq
        high = damping + rate**2 * (model.position_high - q)
        low = damping + rate**2 * (model.position_low - q)
        high = np.minimum(high, speed_rate * (model.speed_limit - dq))
        low = np.maximum(low, -speed_rate * (model.speed_limit + dq))
        return np.minimum(low, high), high

    def _solution(self, x: FloatArray, wrench_maps: dict[str, FloatArray]) -> QpSolution:
        model, nv = self._model, self._model.nv
        acceleration = x[:nv]
        force = model.mass_matrix @ acceleration + model.bias
        wrenches: dict[str, FloatArray] = {}
        for i, (side, wrench_map) in enumerate(wrench_maps.items()):
            wrench = x[nv + 6 * i : nv + 6 * i + 6]
            force -= wrench_map @ wrench
            wrenches[side] = wrench
        return QpSolution(acceleration, force[6:], wrenches)


def _wrench_map(sole: FrameMotion) -> FloatArray:
    """Return J^T for a wrench in the sole's axes, shape (nv, 6)."""
    mapped = np.empty((sole.jacobian.shape[1], 6))
    mapped[:, :3] = sole.jacobian[:3].T @ sole.rotation
    mapped[:, 3:] = sole.jacobian[3:].T @ sole.rotation
    return mapped


def _sole_cone(config: QpConfig) -> FloatArray:
    """Return the wrench cone of the largest rectangle within the sole, about the sole's origin."""
    corners = np.array(g1().sole_corners)
    half_length = 0.5 * np.ptp(corners[:, 0]) - config.sole_shrink
    half_width = float(np.abs(corners[:, 1]).min()) - config.sole_shrink
    center = np.array([corners[:, 0].mean(), 0.0, 0.0])
    return shift_wrench(rectangle_wrench_cone(half_length, half_width, config.friction), center)
