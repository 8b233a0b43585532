"""Kinematics and dynamics of the robot as the balance layer knows it, apart from any simulation."""

import math
from collections.abc import Sequence

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, g1, is_finger
from vla_humanoid.assets.g1 import control_spec
from vla_humanoid.control.frames import FrameMotion, Frames
from vla_humanoid.control.link_points import LinkPoints
from vla_humanoid.schema import SIDES, FloatArray, RobotState

GRAVITY = 9.81

BODY_JOINTS: tuple[str, ...] = tuple(name for name in JOINT_NAMES if not is_finger(name))
"""The 29 joints that the whole-body controller moves, in canonical order."""
BODY_INDICES = np.array([JOINT_NAMES.index(name) for name in BODY_JOINTS])
"""Where the body joints stand within `JOINT_NAMES`."""
IS_LEG = np.array([any(part in name for part in ("hip", "knee", "ankle")) for name in BODY_JOINTS])
"""Which of the body joints belong to the legs, shape (29,)."""

_TRUNK_AND_WRISTS = ("pelvis", "torso_link", *(f"{side}_wrist_yaw_link" for side in SIDES))
"""The links that every command looks at."""
_SOLES = tuple(f"{side}_sole" for side in SIDES)


class RobotModel:
    """Rigid-body model with a floating base and 29 joints (nv = 35); the fingers are fixed.

    `update` it with a measured state; everything else then refers to that state.
    """

    def __init__(self) -> None:
        self._model = _with_frames(control_spec()).compile()
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
        # Limits and friction of joints are the whole-body program's business, not this model's.
        model.opt.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_CONSTRAINT)
        self._measured = np.zeros(int(model.nq) + self.nv)
        self._com = self._data.subtree_com[1]
        self._positions, self._velocities = self._data.qpos[7:], self._data.qvel[6:]
        self._frames = Frames(model, self._data, (*_TRUNK_AND_WRISTS, *_SOLES))
        self._other_frames: dict[str, Frames] = {}
        self._motions: dict[str, FrameMotion] = {}

    def update(self, state: RobotState) -> None:
        """Take over a measured state; fingers are ignored.

        Raises:
            ValueError: if the base or a joint is at, or moves at, what is not a finite number.
        """
        model, data, measured = self._model, self._data, self._measured
        pose, twist = state.base.pose, state.base.twist
        rotation = np.empty(9)
        mujoco.mju_quat2Mat(rotation, pose.quat_wxyz)
        rotation = rotation.reshape(3, 3)
        measured[:3] = pose.position
        measured[3:7] = pose.quat_wxyz
        measured[7:36] = state.joint_positions.take(BODY_INDICES)
        measured[36:39] = twist.linear
        measured[39:42] = twist.angular @ rotation  # MuJoCo: body frame
        measured[42:] = state.joint_velocities.take(BODY_INDICES)
        if not math.isfinite(measured.sum()):
            raise _not_finite(state)
        data.qpos[:] = measured[:36]
        data.qvel[:] = measured[36:]
        mujoco.mj_fwdPosition(model, data)
        mujoco.mj_fwdVelocity(model, data)
        data.qacc[:] = 0.0
        mujoco.mj_rnePostConstraint(model, data)
        mujoco.mj_fullM(model, data, self._mass_matrix)
        # Forces on the floating base change the momentum of the whole robot, so the base's rows of
        # the mass matrix give that momentum: linear, and angular about the base in its own axes.
        momentum = self._mass_matrix[:6] @ data.qvel
        self._momentum = momentum[:3]
        self._com_velocity = self._momentum / self.mass
        self._momentum_about_base = rotation @ momentum[3:]
        self._motions = {}

    @property
    def positions(self) -> FloatArray:
        """Joint positions [rad], shape (29,)."""
        return self._positions

    @property
    def velocities(self) -> FloatArray:
        """Joint velocities [rad/s], shape (29,)."""
        return self._velocities

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
        return self._com

    @property
    def com_jacobian(self) -> FloatArray:
        """Jacobian of the centre of mass, shape (3, nv).

        The base's translational rows of the equations of motion are Newton's law for the whole
        robot, so these rows of the mass matrix over the mass are the Jacobian.
        """
        return self._mass_matrix[:3] / self.mass

    @property
    def com_velocity(self) -> FloatArray:
        """Velocity of the centre of mass [m/s], world frame, shape (3,)."""
        return self._com_velocity

    @property
    def angular_momentum(self) -> FloatArray:
        """Angular momentum about the centre of mass [kg m^2/s], world frame, shape (3,)."""
        x, y, z = (self._com - self._measured[:3]).tolist()
        px, py, pz = self._momentum.tolist()
        orbital = np.array([y * pz - z * py, z * px - x * pz, x * py - y * px])
        return self._momentum_about_base - orbital

    @property
    def com_drift(self) -> FloatArray:
        """Acceleration of the centre of mass at zero generalized acceleration, shape (3,)."""
        drift = self.bias[:3] / self.mass
        drift[2] -= GRAVITY
        return drift

    def frame(self, link: str) -> FrameMotion:
        """Return the motion of a link's frame."""
        if link not in self._read():
            if link not in self._other_frames:
                self._other_frames[link] = Frames(self._model, self._data, [link])
            self._motions |= self._other_frames[link].read()
        return self._motions[link]

    def sole(self, side: str) -> FrameMotion:
        """Return the motion of the frame under a foot, on its sole."""
        return self._read()[f"{side}_sole"]

    def soles(self) -> dict[str, FrameMotion]:
        """Return both soles by side."""
        return {side: self.sole(side) for side in SIDES}

    def link_points(self, links: Sequence[str]) -> LinkPoints:
        """Return a view of several links, which stays valid from one `update` to the next."""
        return LinkPoints(self._model, self._data, links)

    def _read(self) -> dict[str, FrameMotion]:
        """Return the motions of frames that have been read since the last `update`."""
        if not self._motions:
            self._motions = self._frames.read()
        return self._motions


def _with_frames(spec: mujoco.MjSpec) -> mujoco.MjSpec:
    """Mark the frame of each link by a site of the same name."""
    for body in spec.bodies[1:]:
        body.add_site(name=body.name)
    return spec


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
