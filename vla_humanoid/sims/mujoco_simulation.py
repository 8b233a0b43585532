"""The embedded default engine: MuJoCo on a CPU."""

import math
from dataclasses import dataclass

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, is_finger
from vla_humanoid.schema import FloatArray, JointCommand, RobotState, WorldState
from vla_humanoid.sims.finite import (
    SPEED_LIMIT,
    SPIN_LIMIT,
    finite_force,
    require_finite_command,
    require_finite_state,
)
from vla_humanoid.sims.mujoco_state import MujocoStateMap, add_foot_sensors
from vla_humanoid.sims.pictures import Pictures
from vla_humanoid.sims.simulation import SimulationDiverged

_SLEEP_TOLERANCE = 1e-4
"""What lies still to within this [m/s], [rad/s at 1 m] is not integrated until something touches or
moves it; the robot, which has motors, never sleeps."""


@dataclass(frozen=True)
class ActuatorModel:
    """How the simulated motors deviate from their figures.

    Args:
        strength: factor on every motor's torque, one per joint of `JOINT_NAMES`, or empty for 1.
        friction_scale: factor on the joints' dry and viscous friction.
    """

    strength: tuple[float, ...] = ()
    friction_scale: float = 1.0


class MujocoSimulation(Pictures):
    """A world in MuJoCo; see `vla_humanoid.sims.simulation.Simulation`.

    Args:
        spec: the world, with the robot in it; it is left as it is.
        cameras: the cameras that will be rendered; none needs no graphics library.
        image_size: height and width of images [px].
        actuators: how the motors deviate from their figures.
    """

    def __init__(
        self,
        spec: mujoco.MjSpec,
        *,
        cameras: tuple[str, ...] = (),
        image_size: int = 224,
        actuators: ActuatorModel | None = None,
    ) -> None:
        felt = spec.copy()
        add_foot_sensors(felt)
        felt.option.enableflags |= int(mujoco.mjtEnableBit.mjENBL_SLEEP)
        felt.option.sleep_tolerance = _SLEEP_TOLERANCE
        super().__init__(felt.compile(), cameras, image_size)
        self._map = MujocoStateMap(self.model)
        self._speed_limits = _speed_limits(self.model)
        self._velocities = self.data.qvel
        self._torso = int(self.model.body("torso_link").id)
        self._strength = np.ones(len(JOINT_NAMES))
        if actuators is not None:
            self._apply(actuators)
        self.model.actuator_gainprm[self._map.actuators, 0] = self._strength
        self._gains = b"", b""

    def _apply(self, actuators: ActuatorModel) -> None:
        if actuators.strength:
            self._strength = np.array(actuators.strength)
        dofs = [
            int(self.model.joint(name).dofadr[0]) for name in JOINT_NAMES if not is_finger(name)
        ]
        self.model.dof_frictionloss[dofs] *= actuators.friction_scale
        self.model.dof_damping[dofs] *= actuators.friction_scale

    @property
    def objects(self) -> tuple[str, ...]:
        """Names of the free bodies other than the robot."""
        return self._map.objects

    def reset(self, state: WorldState) -> WorldState:
        """Put the world into ``state``, at rest in every other respect, and return it as read.

        Raises:
            ValueError: if the state lacks something of this world, or is not finite.
        """
        require_finite_state(state)
        mujoco.mj_resetData(self.model, self.data)
        self._map.write(state, self.data)
        mujoco.mj_forward(self.model, self.data)
        return self._map.world(self.data)

    def apply(self, command: JointCommand) -> WorldState:
        """Let a command take effect without letting time pass; contact forces are then its own.

        Raises:
            SimulationDiverged: if the command is not finite.
        """
        self._set_motors(command)
        mujoco.mj_forward(self.model, self.data)
        return self._map.world(self.data)

    def step(self, command: JointCommand, steps: int) -> None:
        """Apply a command for a number of physics steps.

        The motors' PD law is part of the model, so MuJoCo integrates its damping implicitly.

        Raises:
            SimulationDiverged: if the command or the state is not finite, or something moves faster
                than any body can.
        """
        model, data = self.model, self.data
        self._set_motors(command)
        mujoco.mj_step(model, data, nstep=steps)
        excess = np.abs(self._velocities) / self._speed_limits
        if not np.maximum.reduce(excess) < 1.0:  # also true for NaN
            worst = int(excess.argmax())
            joint, speed = model.joint(int(model.dof_jntid[worst])).name, abs(data.qvel[worst])
            raise SimulationDiverged(
                f"The simulation diverged at t = {data.time:.3f} s: {joint} moves at {speed:.3g}."
            )

    def _set_motors(self, command: JointCommand) -> None:
        with np.errstate(invalid="ignore"):
            control = command.kp * command.position + command.kd * command.velocity
            control += command.torque
        # One sum that is not finite tells of any number that is not.
        if not math.isfinite(np.add.reduce(control)):
            require_finite_command(command)
        motors = self._map.actuators
        # By value: whoever made the command may change its arrays afterwards.
        gains = command.kp.tobytes(), command.kd.tobytes()
        if gains != self._gains:
            self._gains = gains
            self.model.actuator_biasprm[motors, 1] = -self._strength * command.kp
            self.model.actuator_biasprm[motors, 2] = -self._strength * command.kd
        self.data.ctrl[motors] = control

    def robot_state(self) -> RobotState:
        """Return the robot alone, faster than `state`."""
        mujoco.mj_kinematics(self.model, self.data)
        return self._map.robot(self.data)

    def state(self) -> WorldState:
        """Return the current state; the arrays are copies."""
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)  # Else cameras would lag behind what they see.
        return self._map.world(self.data)

    def motor_power(self) -> float:
        """Return the sum of |torque x speed| of all joints at the end of the latest step [W]."""
        return self._map.motor_power(self.data)

    def push(self, force: FloatArray) -> None:
        """Apply a force [N], world frame, shape (3,), at the torso's centre of mass from now on.

        Raises:
            ValueError: if it is not three finite numbers.
        """
        self.data.xfrc_applied[self._torso, :3] = finite_force(force)


def _speed_limits(model: mujoco.MjModel) -> FloatArray:
    """Return what no velocity of the model's can be beyond, shape (nv,)."""
    limits = np.full(model.nv, SPEED_LIMIT)
    for joint, first in zip(model.jnt_type, model.jnt_dofadr, strict=True):
        if joint == mujoco.mjtJoint.mjJNT_FREE:
            limits[first + 3 : first + 6] = SPIN_LIMIT
    return limits
