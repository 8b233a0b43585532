"""NVIDIA PhysX on a CPU as an engine."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES, g1, is_finger
from vla_humanoid.schema import (
    PHYSICS_RATE,
    REPORTED_LINKS,
    SIDES,
    FloatArray,
    JointCommand,
    RobotState,
    WorldState,
)
from vla_humanoid.sims.mujoco_renderer import MujocoRenderer
from vla_humanoid.sims.mujoco_simulation import ActuatorModel
from vla_humanoid.sims.mujoco_state import MujocoStateMap, add_foot_sensors
from vla_humanoid.sims.physx.bodies import FreeBodies, pose_of, rotated
from vla_humanoid.sims.physx.foot_contacts import FootContacts
from vla_humanoid.sims.physx.library import load_library
from vla_humanoid.sims.physx.motors import Motors
from vla_humanoid.sims.physx.quantities import Quantity
from vla_humanoid.sims.physx.scene_file import SceneFile, scene_file
from vla_humanoid.sims.simulation import SimulationDiverged

_SPEED_LIMIT = 100.0
"""A velocity beyond this [m/s or rad/s] is no physical motion of these bodies."""
_SETTLING_STEPS = 3
"""The first two undo what overlaps at the start; forces are then those that the command causes."""
_SOLE = np.array([0.0, 0.0, g1().sole_height])


class PhysxSimulation:
    """A world in PhysX; see `vla_humanoid.sims.simulation.Simulation`.

    Images are those of the MuJoCo renderer, of a MuJoCo world that is put into PhysX's state.

    Args:
        spec: the world, with the robot in it; it is compiled here and not kept.
        cameras: the cameras that will be rendered; none needs no graphics library.
        image_size: height and width of images [px].
        actuators: how the motors deviate from their figures.

    Raises:
        PhysxUnavailable: if PhysX is not installed.
    """

    def __init__(
        self,
        spec: mujoco.MjSpec,
        *,
        cameras: tuple[str, ...] = (),
        image_size: int = 224,
        actuators: ActuatorModel | None = None,
    ) -> None:
        self._library = load_library()
        add_foot_sensors(spec)
        self.model = spec.compile()
        self.data = mujoco.MjData(self.model)
        self._mirror = MujocoStateMap(self.model)
        self._objects = self._mirror.objects
        with scene_file(spec) as scene:
            self._physx, self._stage = self._library.open(scene.path)
        self._is_open = True
        self._bind(scene)
        self._set_actuators(actuators or ActuatorModel())
        self._push = np.zeros(3)
        self._time = 0.0
        self._renderer = MujocoRenderer(self.model, image_size) if cameras else None

    def articulation(self, name: str) -> Quantity:
        """Return a view of a quantity of the robot, by the name of one of PhysX's tensor types.

        Its joints are in PhysX's order; see `joint_order`.
        """
        return Quantity(self._library, self._physx, name, [SceneFile.link("pelvis")])

    @property
    def joint_order(self) -> tuple[str, ...]:
        """The joints as PhysX orders them."""
        return tuple(self._positions.binding.dof_names)

    def _bind(self, scene: SceneFile) -> None:
        model, articulation = self.model, self.articulation
        self._physx.warmup()
        self._positions = articulation("ARTICULATION_DOF_POSITION")
        self._velocities = articulation("ARTICULATION_DOF_VELOCITY")
        self._links = articulation("ARTICULATION_LINK_POSE")
        self._wrench = articulation("ARTICULATION_LINK_WRENCH")
        joints = self._positions.binding.dof_names
        links = self._positions.binding.body_names
        self._joints = np.array([joints.index(name) for name in JOINT_NAMES])
        self._link_rows = {name: links.index(name) for name in REPORTED_LINKS}
        self._base = FreeBodies(
            articulation("ARTICULATION_ROOT_POSE"),
            articulation("ARTICULATION_ROOT_VELOCITY"),
            [model.body("pelvis").ipos],
        )
        self._things: FreeBodies | None = None
        if self._objects:
            paths = [SceneFile.body(name) for name in self._objects]
            self._things = FreeBodies(
                Quantity(self._library, self._physx, "RIGID_BODY_POSE", paths),
                Quantity(self._library, self._physx, "RIGID_BODY_VELOCITY", paths),
                [model.body(name).ipos for name in self._objects],
            )
        self._feet = FootContacts(
            self._library,
            self._physx,
            {side: SceneFile.link(f"{side}_ankle_roll_link") for side in SIDES},
            scene.ground,
        )

    def _set_actuators(self, actuators: ActuatorModel) -> None:
        strength = np.array(actuators.strength or np.ones(len(JOINT_NAMES)))
        effort = np.array([joint.effort for joint in g1().joints])
        self._motors = Motors(self.articulation, self._joints, strength, effort)
        friction = self.articulation("ARTICULATION_DOF_FRICTION_PROPERTIES")
        friction.read()
        body = np.array([not is_finger(name) for name in JOINT_NAMES])
        friction.values[0, self._joints[body]] *= actuators.friction_scale
        friction.write()

    @property
    def objects(self) -> tuple[str, ...]:
        """Names of the free bodies other than the robot."""
        return self._objects

    def reset(self, state: WorldState) -> WorldState:
        """Put the world into ``state``, at rest in every other respect, and return it as read.

        Raises:
            ValueError: if the state lacks an object of this world, or is not finite.
        """
        if missing := sorted(set(self._objects) - set(state.objects)):
            raise ValueError(f"The state has no entry for {', '.join(missing)}.")
        self._push = np.zeros(3)
        self._put(state)
        self._wrenches = {side: np.zeros(6) for side in SIDES}
        self._update()
        return self.state()

    def _put(self, state: WorldState) -> None:
        robot = state.robot
        self._base.put(0, robot.base)
        self._base.write()
        self._positions.values[0, self._joints] = robot.joint_positions
        self._positions.write()
        self._velocities.values[0, self._joints] = robot.joint_velocities
        self._velocities.write()
        if self._things is not None:
            for index, name in enumerate(self._objects):
                self._things.put(index, state.objects[name])
            self._things.write()
        self._time = state.time

    def apply(self, command: JointCommand) -> WorldState:
        """Let a command take effect without letting time pass; contact forces are then its own.

        PhysX knows contact forces only after a step: some are made and taken back.
        """
        before = self.state()
        self._advance(command, _SETTLING_STEPS)
        wrenches = self._read_wrenches()
        self._put(before)
        self._update()
        self._wrenches = wrenches
        return self.state()

    def step(self, command: JointCommand, steps: int) -> None:
        """Apply a command for a number of physics steps.

        Raises:
            SimulationDiverged: if the state is no longer finite or moves faster than any body can.
        """
        self._advance(command, steps)
        self._time += steps / PHYSICS_RATE
        self._check()
        self._wrenches = self._read_wrenches()

    def _advance(self, command: JointCommand, steps: int) -> None:
        self._motors.set(command)
        for _ in range(steps):
            if self._push.any():
                self._apply_push()
            self._physx.step_sync(1.0 / PHYSICS_RATE)
        self._update()

    def _apply_push(self) -> None:
        """Set the force of the coming step; PhysX forgets it afterwards."""
        row = self._link_rows["torso_link"]
        torso = pose_of(self._links.read()[0, row])
        center = rotated(self.model.body("torso_link").ipos, torso.quat_wxyz)
        self._wrench.values[0, row, :3] = self._push
        self._wrench.values[0, row, 6:] = torso.position + center
        self._wrench.write()

    def _update(self) -> None:
        self._positions.read()
        self._velocities.read()
        self._links.read()
        self._base.update()
        if self._things is not None:
            self._things.update()
        self._mirror_is_late = True

    def _read_wrenches(self) -> dict[str, FloatArray]:
        soles = {}
        for side in SIDES:
            ankle = pose_of(self._links.values[0, self._link_rows[f"{side}_ankle_roll_link"]])
            soles[side] = ankle.position + rotated(_SOLE, ankle.quat_wxyz)
        return self._feet.wrenches(soles)

    def _check(self) -> None:
        moving = [self._base.velocities, self._velocities.values.T]
        if self._things is not None:
            moving.append(self._things.velocities)
        if all(np.abs(velocities).max() < _SPEED_LIMIT for velocities in moving):
            return
        names = ("floating_base", *self.joint_order)
        names += tuple(f"{name}_joint" for name in self._objects)
        speeds = [np.abs(velocity).max() for velocities in moving for velocity in velocities]
        worst = int(np.argmax(speeds))  # NaN counts as the largest.
        raise SimulationDiverged(
            f"The simulation diverged at t = {self._time:.3f} s: "
            f"{names[worst]} moves at {speeds[worst]:.3g}."
        )

    def robot_state(self) -> RobotState:
        """Return the robot alone, faster than `state`."""
        return RobotState(
            base=self._base.state(0),
            joint_positions=self._positions.values[0, self._joints].astype(np.float64),
            joint_velocities=self._velocities.values[0, self._joints].astype(np.float64),
            foot_wrenches={side: wrench.copy() for side, wrench in self._wrenches.items()},
            links={
                name: pose_of(self._links.values[0, row]) for name, row in self._link_rows.items()
            },
        )

    def state(self) -> WorldState:
        """Return the current state; the arrays are copies."""
        objects = {}
        if self._things is not None:
            objects = {name: self._things.state(k) for k, name in enumerate(self._objects)}
        return WorldState(time=self._time, robot=self.robot_state(), objects=objects)

    def push(self, force: FloatArray) -> None:
        """Apply a force [N], world frame, shape (3,), at the torso's centre of mass from now on."""
        self._push = np.array(force, dtype=np.float64)

    def render(self, camera: str) -> NDArray[np.uint8]:
        """Return an image, shape (height, width, 3)."""
        return self._drawn().color(self.data, camera)

    def render_depth(self, camera: str) -> NDArray[np.float32]:
        """Return metric depth along the optical axis [m], shape (height, width)."""
        return self._drawn().depth(self.data, camera)

    def render_segmentation(self, camera: str) -> NDArray[np.int32]:
        """Return, for every pixel, an index into `segments` or -1, shape (height, width)."""
        return self._drawn().segmentation(self.data, camera)

    @property
    def segments(self) -> tuple[str, ...]:
        """Names that `render_segmentation` refers to: the scene's bodies and ``robot``."""
        return self._require_renderer().segments

    def close(self) -> None:
        """Release the engine and its graphics context."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None
        if self._is_open:
            self._is_open = False
            self._physx.wait_task(self._physx.detach_ovstage())
            self._stage.destroy()
            self._physx.destroy()

    def _drawn(self) -> MujocoRenderer:
        renderer = self._require_renderer()
        if self._mirror_is_late:
            self._mirror.write(self.state(), self.data)
            mujoco.mj_kinematics(self.model, self.data)
            mujoco.mj_camlight(self.model, self.data)
            self._mirror_is_late = False
        return renderer

    def _require_renderer(self) -> MujocoRenderer:
        if self._renderer is None:
            raise RuntimeError("This simulation was made without cameras, or is closed.")
        return self._renderer
