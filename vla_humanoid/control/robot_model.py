"""Kinematics and dynamics of the robot as the balance layer knows it, apart from any simulation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, g1, is_finger
from vla_humanoid.assets.g1 import control_spec
from vla_humanoid.control.link_points import LinkPoints
from vla_humanoid.schema import SIDES, FloatArray, RobotState

GRAVITY = 9.81

BODY_JOINTS: tuple[str, ...] = tuple(name for name in JOINT_NAMES if not is_finger(name))
"""The 29 joints that the whole-body controller moves, in canonical order."""
BODY_INDICES = np.array([JOINT_NAMES.index(name) for name in BODY_JOINTS])
"""Where the body joints stand within `JOINT_NAMES`."""
IS_LEG = np.array([any(part in name for part in ("hip", "knee", "ankle")) for name in BODY_JOINTS])
"""Which of the body joints belong to the legs, shape (29,)."""


_BODY, _SITE = int(mujoco.mjtObj.mjOBJ_XBODY), int(mujoco.mjtObj.mjOBJ_SITE)


@dataclass(frozen=True)
class FrameMotion:
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


class RobotModel:
    """Rigid-body model with a floating base and 29 joints (nv = 35); the fingers are fixed.

    `update` it with a measured state; everything else then refers to that state.
    """

    def __init__(self) -> None:
        self._model = control_spec().compile()
        self._data = mujoco.MjData(self._model)
        model = self._model
        self.nv = int(model.nv)
        self.mass = float(model.body_mass.sum())
        joints = [model.joint(name) for name in BODY_JOINTS]
        dofs = [int(joint.dofadr[0]) for joint in joints]
        if dofs != list(range(6, self.nv)):
            raise RuntimeError("The compiled model does not order its joints as JOINT_NAMES does.")
        figures = {joint.name: joint for joint in g1().joints}
        self.position_low = np.array([figures[name].range[0] for name in BODY_JOINTS])
        self.position_high = np.array([figures[name].range[1] for name in BODY_JOINTS])
        self.effort_limit = np.array([figures[name].effort for name in BODY_JOINTS])
        self.speed_limit = np.array([figures[name].speed or np.inf for name in BODY_JOINTS])
        self._mass_matrix = np.zeros((self.nv, self.nv))
        self._acceleration = np.zeros(6)
        self._bodies = {model.body(i).name: i for i in range(int(model.nbody))}
        self._soles = {side: self._site_and_body(f"{side}_sole") for side in SIDES}

    def _site_and_body(self, name: str) -> tuple[int, int]:
        site = int(self._model.site(name).id)
        return site, int(self._model.site_bodyid[site])

    def update(self, state: RobotState) -> None:
        """Take over a measured state; fingers are ignored.

        Raises:
            ValueError: if the base or a joint is at, or moves at, what is not a finite number.
        """
        data = self._data
        base = state.base
        rotation = np.empty(9)
        mujoco.mju_quat2Mat(rotation, base.pose.quat_wxyz)
        data.qpos[:3] = base.pose.position
        data.qpos[3:7] = base.pose.quat_wxyz
        data.qpos[7:] = state.joint_positions[BODY_INDICES]
        data.qvel[:3] = base.twist.linear
        data.qvel[3:6] = rotation.reshape(3, 3).T @ base.twist.angular  # MuJoCo: body frame
        data.qvel[6:] = state.joint_velocities[BODY_INDICES]
        if not math.isfinite(data.qpos.sum() + data.qvel.sum()):
            raise _not_finite(state)
        mujoco.mj_fwdPosition(self._model, data)
        mujoco.mj_fwdVelocity(self._model, data)
        data.qacc[:] = 0.0
        mujoco.mj_rnePostConstraint(self._model, data)
        mujoco.mj_fullM(self._model, data, self._mass_matrix)
        self._com_jacobian = self._mass_matrix[:3] / self.mass

    @property
    def positions(self) -> FloatArray:
        """Joint positions [rad], shape (29,)."""
        return self._data.qpos[7:]

    @property
    def velocities(self) -> FloatArray:
        """Joint velocities [rad/s], shape (29,)."""
        return self._data.qvel[6:]

    @property
    def mass_matrix(self) -> FloatArray:
        """Joint-space inertia including rotors, shape (nv, nv); overwritten by `update`."""
        return self._mass_matrix

    @property
    def bias(self) -> FloatArray:
        """Coriolis, centrifugal and gravity forces, shape (nv,)."""
        return self._data.qfrc_bias

    @property
    def com(self) -> FloatArray:
        """Centre of mass [m], world frame, shape (3,)."""
        return self._data.subtree_com[1]

    @property
    def com_jacobian(self) -> FloatArray:
        """Jacobian of the centre of mass, shape (3, nv).

        The base's translational rows of the equations of motion are Newton's law for the whole
        robot, so these rows of the mass matrix over the mass are the Jacobian.
        """
        return self._com_jacobian

    @property
    def com_velocity(self) -> FloatArray:
        """Velocity of the centre of mass [m/s], world frame, shape (3,)."""
        return self.com_jacobian @ self._data.qvel

    @property
    def angular_momentum(self) -> FloatArray:
        """Angular momentum about the centre of mass [kg m^2/s], world frame, shape (3,)."""
        mujoco.mj_subtreeVel(self._model, self._data)
        return self._data.subtree_angmom[1].copy()

    @property
    def com_drift(self) -> FloatArray:
        """Acceleration of the centre of mass at zero generalized acceleration, shape (3,)."""
        drift = self.bias[:3] / self.mass
        drift[2] -= GRAVITY
        return drift

    def frame(self, link: str) -> FrameMotion:
        """Return the motion of a link's frame."""
        body = self._bodies[link]
        data = self._data
        return self._motion(_BODY, body, body, data.xpos[body], data.xmat[body])

    def sole(self, side: str) -> FrameMotion:
        """Return the motion of the frame under a foot, on its sole."""
        site, body = self._soles[side]
        return self._motion(
            _SITE, site, body, self._data.site_xpos[site], self._data.site_xmat[site]
        )

    def soles(self) -> dict[str, FrameMotion]:
        """Return both soles by side."""
        return {side: self.sole(side) for side in SIDES}

    def link_points(self, links: Sequence[str]) -> LinkPoints:
        """Return a view of several links, which stays valid from one `update` to the next."""
        return LinkPoints(self._model, self._data, links)

    def _motion(
        self, kind: int, index: int, body: int, position: FloatArray, rotation: FloatArray
    ) -> FrameMotion:
        model, data = self._model, self._data
        jacobian = np.empty((6, self.nv))
        mujoco.mj_jac(model, data, jacobian[:3], jacobian[3:], position, body)
        # MuJoCo gives angular before linear acceleration, and counts gravity as one.
        mujoco.mj_objectAcceleration(model, data, kind, index, self._acceleration, 0)
        drift = np.empty(6)
        drift[:3], drift[3:] = self._acceleration[3:], self._acceleration[:3]
        drift[2] -= GRAVITY
        return FrameMotion(
            position=position.copy(),
            rotation=rotation.reshape(3, 3).copy(),
            jacobian=jacobian,
            velocity=jacobian @ data.qvel,
            drift=drift,
        )


def _not_finite(state: RobotState) -> ValueError:
    base = state.base
    measured = {
        "base.pose.position": base.pose.position,
        "base.pose.quat_wxyz": base.pose.quat_wxyz,
        "base.twist.linear": base.twist.linear,
        "base.twist.angular": base.twist.angular,
        "joint_positions": state.joint_positions,
        "joint_velocities": state.joint_velocities,
    }
    bad = [name for name, values in measured.items() if not np.isfinite(values).all()]
    return ValueError(
        f"The robot's state is not finite at {', '.join(bad)}; give the latest finite measurement, "
        "or stop the motors."
    )
