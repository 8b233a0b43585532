"""NVIDIA PhysX as an engine."""

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, g1, is_finger
from vla_humanoid.schema import (
    PHYSICS_RATE,
    SIDES,
    FloatArray,
    JointCommand,
    RobotState,
    WorldState,
)
from vla_humanoid.sims.engine_names import Device
from vla_humanoid.sims.finite import finite_force, require_finite_state
from vla_humanoid.sims.mujoco_simulation import ActuatorModel
from vla_humanoid.sims.mujoco_state import MujocoStateMap, add_foot_sensors
from vla_humanoid.sims.physx.bodies import rotated
from vla_humanoid.sims.physx.foot_contacts import FootContacts
from vla_humanoid.sims.physx.motors import Motors
from vla_humanoid.sims.physx.scene_file import SceneFile, scene_file
from vla_humanoid.sims.physx.session import Quantity, Session
from vla_humanoid.sims.physx.state import NOTHING, PhysxState
from vla_humanoid.sims.pictures import Pictures
from vla_humanoid.sims.simulation import SimulationDiverged

_SETTLING_STEPS = 3
"""The first two undo what overlaps at the start; forces are then those that the command causes."""
_SOLE = np.array([0.0, 0.0, g1().sole_height])


class PhysxSimulation(Pictures):
    """A world in PhysX; see `vla_humanoid.sims.simulation.Simulation`.

    Images are those of the MuJoCo renderer, of a MuJoCo world that is put into PhysX's state.

    Args:
        spec: the world, with the robot in it; it is left as it is.
        cameras: the cameras that will be rendered; none needs no graphics library.
        image_size: height and width of images [px].
        actuators: how the motors deviate from their figures.
        device: what physics is computed on; a process can use one alone.

    Raises:
        PhysxUnavailable: if PhysX is not installed, or there is no such device.
    """

    def __init__(
        self,
        spec: mujoco.MjSpec,
        *,
        cameras: tuple[str, ...] = (),
        image_size: int = 224,
        actuators: ActuatorModel | None = None,
        device: Device = "cpu",
    ) -> None:
        felt = spec.copy()
        add_foot_sensors(felt)
        super().__init__(felt.compile(), cameras, image_size)
        self._mirror = MujocoStateMap(self.model)
        with scene_file(spec) as scene:
            self._session = Session(scene.path, device)
        self._state = PhysxState(self._session, self.model, self.objects)
        feet = {side: SceneFile.link(f"{side}_ankle_roll_link") for side in SIDES}
        self._feet = FootContacts(self._session, feet, scene.solid)
        self._wrench = self.articulation("ARTICULATION_LINK_WRENCH")
        self._set_actuators(actuators or ActuatorModel())
        self._push = np.zeros(3)
        self._wrenches = NOTHING
        self._time = 0.0
        self._mirror_is_late = True
        self._state.update()

    def _set_actuators(self, actuators: ActuatorModel) -> None:
        joints = self._state.joints
        strength = np.array(actuators.strength or np.ones(len(JOINT_NAMES)))
        effort = np.array([joint.effort for joint in g1().joints])
        self._motors = Motors(self.articulation, joints, strength, effort)
        friction = self.articulation("ARTICULATION_DOF_FRICTION_PROPERTIES")
        body = np.array([not is_finger(name) for name in JOINT_NAMES])
        friction.read()[0, joints[body]] *= actuators.friction_scale
        friction.write()

    @property
    def objects(self) -> tuple[str, ...]:
        """Names of the free bodies other than the robot."""
        return self._mirror.objects

    def articulation(self, name: str) -> Quantity:
        """Return a view of a quantity of the robot, by the name of one of PhysX's tensor types.

        Its joints are in PhysX's order; see `joint_order`.
        """
        return self._state.articulation(name)

    @property
    def joint_order(self) -> tuple[str, ...]:
        """The joints as PhysX orders them."""
        return self._state.joint_order

    def reset(self, state: WorldState) -> WorldState:
        """Put the world into ``state``, at rest in every other respect, and return it as read.

        Raises:
            ValueError: if the state lacks an object of this world, or is not finite.
        """
        require_finite_state(state)
        self._push = np.zeros(3)
        self._wrenches = NOTHING
        self._put(state)
        return self.state()

    def _put(self, state: WorldState) -> None:
        self._state.write(state)
        self._time = state.time
        self._mirror_is_late = True

    def apply(self, command: JointCommand) -> WorldState:
        """Let a command take effect without letting time pass; contact forces are then its own.

        PhysX knows contact forces only after a step: some are made and taken back.

        Raises:
            SimulationDiverged: as `step`.
        """
        before = self.state()
        self._advance(command, _SETTLING_STEPS)
        self._require_physical()
        self._put(before)
        return self.state()

    def step(self, command: JointCommand, steps: int) -> None:
        """Apply a command for a number of physics steps.

        Raises:
            SimulationDiverged: if the command or the state is not finite, or something moves faster
                than any body can.
        """
        self._advance(command, steps)
        self._time += steps / PHYSICS_RATE
        self._require_physical()

    def _require_physical(self) -> None:
        if fastest := self._state.too_fast():
            what, speed = fastest
            raise SimulationDiverged(
                f"The simulation diverged at t = {self._time:.3f} s: {what} moves at {speed:.3g}."
            )

    def _advance(self, command: JointCommand, steps: int) -> None:
        self._motors.set(command)
        for _ in range(steps):
            if self._push.any():
                self._apply_push()
            self._session.step()
        self._state.update()
        self._mirror_is_late = True
        self._wrenches = self._feet.wrenches({side: self._sole(side) for side in SIDES})

    def _apply_push(self) -> None:
        """Set the force of the coming step; PhysX forgets it afterwards."""
        torso = self._state.link_now("torso_link")
        wrench = self._wrench.values[0, self._state.link_rows["torso_link"]]
        wrench[:3] = self._push
        center = rotated(self.model.body("torso_link").ipos, torso.quat_wxyz)
        wrench[6:] = torso.position + center
        self._wrench.write()

    def _sole(self, side: str) -> FloatArray:
        ankle = self._state.link(f"{side}_ankle_roll_link")
        return ankle.position + rotated(_SOLE, ankle.quat_wxyz)

    def robot_state(self) -> RobotState:
        """Return the robot alone, faster than `state`."""
        return self._state.robot(self._wrenches)

    def state(self) -> WorldState:
        """Return the current state; the arrays are copies."""
        return self._state.world(self._time, self._wrenches)

    def motor_power(self) -> float:
        """Return the sum of |torque x speed| of all joints at the end of the latest step [W].

        PhysX does not tell the torque of a drive: it is that of the drive's law.
        """
        positions, velocities = self._state.motion()
        return float(np.abs(self._motors.torques(positions, velocities) * velocities).sum())

    def push(self, force: FloatArray) -> None:
        """Apply a force [N], world frame, shape (3,), at the torso's centre of mass from now on.

        Raises:
            ValueError: if it is not three finite numbers.
        """
        self._push = finite_force(force)

    def close(self) -> None:
        """Release the engine and its graphics context."""
        super().close()
        self._session.close()

    def _update_drawn(self) -> None:
        if self._mirror_is_late:
            self._mirror.write(self.state(), self.data)
            mujoco.mj_kinematics(self.model, self.data)
            mujoco.mj_camlight(self.model, self.data)
            self._mirror_is_late = False
