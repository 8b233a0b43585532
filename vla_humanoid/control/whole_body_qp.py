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
from typing import NamedTuple

import daqp
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.contact_wrench_cone import rectangle_wrench_cone, shift_wrench
from vla_humanoid.control.frames import FrameMotion
from vla_humanoid.control.robot_model import GRAVITY, IS_LEG, RobotModel
from vla_humanoid.schema import FloatArray

_EQUALITY = 5
_SETTINGS = {"eq_reduction": -1} if hasattr(daqp, "EQ_REDUCTION_OFF") else {}
"""Six equations are too few for their elimination, which newer solvers begin with, to pay."""
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


class Task(NamedTuple):
    """A least-squares objective on accelerations.

    Args:
        jacobian: shape (n, nv).
        target: wanted ``jacobian @ a``, i.e. the task's acceleration less its drift, shape (n,).
        weight: shape (n,).
    """

    jacobian: FloatArray
    target: FloatArray
    weight: FloatArray


class Limit(NamedTuple):
    """An upper bound on a linear function of the generalized acceleration.

    Args:
        jacobian: shape (n, nv).
        high: largest ``jacobian @ a``, shape (n,).
    """

    jacobian: FloatArray
    high: FloatArray


def combined(limits: Sequence[Limit]) -> Limit:
    """Return several limits as one."""
    jacobians, highs = zip(*limits, strict=True)
    return Limit(np.concatenate(jacobians), np.concatenate(highs))


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


class _Constraints(NamedTuple):
    """The first m rows of a program's constraints, as views.

    Args:
        rows: shape (m, n).
        high, low: bounds of the variables, then of the rows, shape (n + m,).
        sense: their kinds, shape (n + m,).
    """

    rows: FloatArray
    high: FloatArray
    low: FloatArray
    sense: NDArray[np.int32]


class _Program:
    """The numbers of a program; what does not depend on the robot's state is filled in already.

    Of the rows, the first six are those of the base's dynamics, then come those of the cones and of
    further limits, and last those of the motors' limits, so that they can be left out. What is
    filled in at every tick has views of its own: making them takes longer than filling them.

    Args:
        hessian: shape (n, n).
        rows: of the constraints, shape (m, n).
        low, high: bounds of the variables, then of the rows, shape (n + m,).
        nv: number of accelerations; six variables follow for each contact.
        motors: number of the motors' rows.
        limits: number of the rows before them.
    """

    def __init__(
        self,
        hessian: FloatArray,
        rows: FloatArray,
        low: FloatArray,
        high: FloatArray,
        *,
        nv: int,
        motors: int,
        limits: int,
    ) -> None:
        n, end = len(hessian), len(rows) - motors
        sense = np.zeros(len(low), dtype=np.int32)
        sense[n : n + 6] = _EQUALITY
        self.hessian, self.gradient = hessian, np.zeros(n)
        self.task_hessian, self.task_gradient = hessian[:nv, :nv], self.gradient[:nv]
        diagonal = hessian.reshape(-1)[:: n + 1]
        self.base_diagonal, self.joint_diagonal = diagonal[:6], diagonal[6:nv]
        self.joint_gradient = self.gradient[6:nv]
        self.dynamics = np.zeros((nv, n))
        """Maps the variables to M a - sum_f J_f^T w_f, shape (nv, n)."""
        self.inertia, self.base_dynamics = self.dynamics[:, :nv], self.dynamics[:6]
        self.wrenches = [
            (self.dynamics[:, i : i + 3], self.dynamics[:, i + 3 : i + 6]) for i in range(nv, n, 6)
        ]
        self.base_rows, self.limit_rows = rows[:6], rows[end - limits : end, :nv]
        self.base_low, self.base_high = low[n : n + 6], high[n : n + 6]
        self.joint_low, self.joint_high = low[6:nv], high[6:nv]
        self.limit_high = high[n + end - limits : n + end]
        self.motor_rows = rows[end:]
        self.motor_low, self.motor_high = low[n + end :], high[n + end :]
        self.constraints = _Constraints(rows, high, low, sense)
        self.without_motors = _Constraints(
            rows[:end], high[: n + end], low[: n + end], sense[: n + end]
        )


class WholeBodyQp:
    """Builds and solves the program for one robot; reuses its memory between solves."""

    def __init__(self, model: RobotModel, config: QpConfig) -> None:
        self._model = model
        self._config = config
        self._cone = _sole_cone(config)
        self._programs: dict[tuple[int, int], _Program] = {}
        self._effort = config.effort_share * model.effort_limit
        self._barriers = {walking: _Barrier(model, config, walking) for walking in (False, True)}
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
        model, shape = self._model, (len(contacts), len(limit.high))
        if shape not in self._programs:
            self._programs[shape] = self._constant_parts(*shape)
        program = self._programs[shape]
        self._put_dynamics(program, contacts)
        gradient = self._objective(program, tasks, posture)
        self._put_bounds(program, limit)
        # Motors are seldom at their limits, whose rows are a third of the work: a solution without
        # them that keeps them is the solution with them.
        x = _solved(program.hessian, gradient, program.without_motors)
        torque = (program.dynamics @ x + model.bias)[6:]
        least, most = self._torque_bounds(feedback)
        if np.logical_or.reduce((torque > most) | (torque < least)):
            x = self._solved_within(program, gradient, least, most)
            torque = (program.dynamics @ x + model.bias)[6:]
        wrenches = zip(contacts, x[model.nv :].reshape(-1, 6), strict=True)
        return QpSolution(x[: model.nv], torque, dict(wrenches))

    def bear_weight(self, contacts: Mapping[str, FrameMotion], feedback: FloatArray) -> QpSolution:
        """Return torques that hold the robot against gravity, whatever else was wanted.

        The feet in contact share the weight; motors stay within their limits.
        """
        model = self._model
        wrench = np.array([0.0, 0.0, model.mass * GRAVITY / max(len(contacts), 1), 0.0, 0.0, 0.0])
        force = model.bias.copy()
        for sole in contacts.values():
            force -= sole.jacobian.T @ wrench
        torque = np.clip(force[6:], *self._torque_bounds(feedback))
        wrenches = dict.fromkeys(contacts, wrench)
        return QpSolution(np.zeros(model.nv), torque, wrenches)

    def _torque_bounds(self, feedback: FloatArray | None) -> tuple[FloatArray, FloatArray]:
        effort = self._effort
        return (-effort, effort) if feedback is None else (-effort - feedback, effort - feedback)

    def _solved_within(
        self, program: _Program, gradient: FloatArray, least: FloatArray, most: FloatArray
    ) -> FloatArray:
        """Return the solution that keeps the motors' limits."""
        bias = self._model.bias[6:]
        program.motor_rows[:] = program.dynamics[6:]
        program.motor_low[:] = least - bias
        program.motor_high[:] = most - bias
        return _solved(program.hessian, gradient, program.constraints)

    def _put_dynamics(self, program: _Program, contacts: dict[str, FrameMotion]) -> None:
        program.inertia[:] = self._model.mass_matrix
        for (force, torque), sole in zip(program.wrenches, contacts.values(), strict=True):
            # The wrench is one in the sole's axes.
            jacobian, to_sole = sole.jacobian, -sole.rotation
            np.matmul(jacobian[:3].T, to_sole, out=force)
            np.matmul(jacobian[3:].T, to_sole, out=torque)
        program.base_rows[:] = program.base_dynamics

    def _objective(self, program: _Program, tasks: list[Task], posture: Task) -> FloatArray:
        """Put the matrix of the objective into a program, and return its gradient at zero."""
        jacobians, targets, weights = zip(*tasks, strict=True)
        weight = np.concatenate(weights)
        weighted = np.concatenate(jacobians)
        weighted *= weight[:, None]
        np.matmul(weighted.T, weighted, out=program.task_hessian)
        joint_weight = posture.weight * posture.weight
        program.base_diagonal += 1e-6
        program.joint_diagonal += joint_weight
        weight *= np.concatenate(targets)
        np.negative(weight @ weighted, out=program.task_gradient)
        program.joint_gradient -= joint_weight * posture.target
        return program.gradient

    def _put_bounds(self, program: _Program, limit: Limit) -> None:
        self._barriers[self.walking].put(program.joint_low, program.joint_high)
        np.negative(self._model.bias[:6], out=program.base_low)
        program.base_high[:] = program.base_low
        program.limit_rows[:] = limit.jacobian
        program.limit_high[:] = limit.high

    def _constant_parts(self, contacts: int, limits: int) -> _Program:
        nv, faces = self._model.nv, len(self._cone)
        n = nv + 6 * contacts
        hessian = np.zeros((n, n))
        hessian[range(nv, n), range(nv, n)] = self._config.wrench_weight**2
        rows = np.zeros((nv + faces * contacts + limits, n))
        low = np.full(n + len(rows), -1e30)
        high = np.full(n + len(rows), 1e30)
        for i in range(contacts):
            column, row = nv + 6 * i, 6 + faces * i
            rows[row : row + faces, column : column + 6] = self._cone
            high[n + row : n + row + faces] = 0.0
            low[column + 2] = self._config.min_normal_force
        return _Program(hessian, rows, low, high, nv=nv, motors=len(self._effort), limits=limits)


class _Barrier:
    """Bounds that make position and speed limits invariant (exponential control barriers).

    Args:
        model: the robot.
        config: how fast joints may approach their limits.
        walking: whether the legs swing.
    """

    def __init__(self, model: RobotModel, config: QpConfig, walking: bool) -> None:
        self._model, self._speed_rate = model, config.speed_rate
        rate = np.where(IS_LEG & walking, config.walking_barrier_rate, config.barrier_rate)
        self._damping, self._stiffness = 2.0 * rate, rate * rate
        self._pull_high = self._stiffness * model.position_high
        self._pull_low = self._stiffness * model.position_low

    def put(self, low: FloatArray, high: FloatArray) -> None:
        """Write the smallest and the largest acceleration of each joint, shape (29,) each."""
        model, speed_rate = self._model, self._speed_rate
        dq, most = model.velocities, model.speed_limit
        pull = self._damping * dq + self._stiffness * model.positions
        np.minimum(self._pull_high - pull, speed_rate * (most - dq), out=high)
        np.maximum(self._pull_low - pull, -speed_rate * (most + dq), out=low)
        np.minimum(low, high, out=low)


def _solved(hessian: FloatArray, gradient: FloatArray, constraints: _Constraints) -> FloatArray:
    """Return the solution of a program."""
    x, _, flag, _ = daqp.solve(hessian, gradient, *constraints, **_SETTINGS)
    if flag != _OPTIMAL:
        raise QpInfeasible(f"The whole-body program has no solution (solver flag {flag}).")
    return x


def _sole_cone(config: QpConfig) -> FloatArray:
    """Return the wrench cone of the largest rectangle within the sole, about the sole's origin."""
    corners = np.array(g1().sole_corners)
    half_length = 0.5 * np.ptp(corners[:, 0]) - config.sole_shrink
    half_width = float(np.abs(corners[:, 1]).min()) - config.sole_shrink
    center = np.array([corners[:, 0].mean(), 0.0, 0.0])
    return shift_wrench(rectangle_wrench_cone(half_length, half_width, config.friction), center)
