"""Reading a PhysX world by names, and writing one back."""

from collections.abc import Mapping, Sequence

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.schema import (
    REPORTED_LINKS,
    SIDES,
    FloatArray,
    Pose,
    RigidBodyState,
    RobotState,
    WorldState,
)
from vla_humanoid.sims.finite import SPEED_LIMIT
from vla_humanoid.sims.physx.bodies import FreeBodies, pose_of
from vla_humanoid.sims.physx.fixtures import find_mechanisms, fixture_name
from vla_humanoid.sims.physx.scene_file import SceneFile
from vla_humanoid.sims.physx.session import Quantity, Session

_BASE = "pelvis"
NOTHING: Mapping[str, FloatArray] = {side: np.zeros(6) for side in SIDES}
"""What the ground exerts on feet in the air."""


class PhysxState:
    """Where the robot, the free bodies and the fixtures stand in PhysX's arrays.

    Args:
        session: the simulation.
        model: the same world in MuJoCo, which knows the centres of mass.
        objects: names of the free bodies other than the robot.
    """

    def __init__(self, session: Session, model: mujoco.MjModel, objects: Sequence[str]) -> None:
        self._session = session
        self._objects: tuple[str, ...] = ()
        self._positions = self.articulation("ARTICULATION_DOF_POSITION")
        self._velocities = self.articulation("ARTICULATION_DOF_VELOCITY")
        self._links = self.articulation("ARTICULATION_LINK_POSE")
        self.joint_order = tuple(self._positions.binding.dof_names)
        """The joints as PhysX orders them."""
        self.joints = np.array([self.joint_order.index(name) for name in JOINT_NAMES])
        """Where each joint of `JOINT_NAMES` stands among them."""
        links = self._positions.binding.body_names
        self.link_rows = {name: links.index(name) for name in REPORTED_LINKS}
        """Where PhysX has each link that is reported."""
        self._base = FreeBodies(
            self.articulation("ARTICULATION_ROOT_POSE"),
            self.articulation("ARTICULATION_ROOT_VELOCITY"),
            [model.body(_BASE).ipos],
        )
        self._things: FreeBodies | None = None
        if objects:
            names = {SceneFile.body(name): name for name in objects}
            poses = session.quantity("RIGID_BODY_POSE", *names)
            velocities = session.quantity("RIGID_BODY_VELOCITY", *poses.binding.prim_paths)
            self._objects = tuple(names[path] for path in poses.binding.prim_paths)
            centers = [model.body(name).ipos for name in self._objects]
            self._things = FreeBodies(poses, velocities, centers)
        self._mechanisms = find_mechanisms(session, model)

    def articulation(self, name: str) -> Quantity:
        """Return a view of a quantity of the robot, by the name of one of PhysX's tensor types."""
        return self._session.quantity(name, SceneFile.link(_BASE))

    def update(self) -> None:
        """Read what the engine has now."""
        self._positions.read()
        self._velocities.read()
        self._links.read()
        self._base.update()
        if self._things is not None:
            self._things.update()
        for mechanism in self._mechanisms:
            mechanism.update()

    def link(self, name: str) -> Pose:
        """Return the pose of a reported link as last read."""
        return pose_of(self._links.values[0, self.link_rows[name]])

    def link_now(self, name: str) -> Pose:
        """Return the pose of a reported link between two steps."""
        self._links.read()
        return self.link(name)

    def robot(self, wrenches: Mapping[str, FloatArray]) -> RobotState:
        """Return the robot as last read, with what its feet feel."""
        positions, velocities = self.motion()
        return RobotState(
            base=self._base.state(0),
            joint_positions=positions,
            joint_velocities=velocities,
            foot_wrenches={side: wrench.copy() for side, wrench in wrenches.items()},
            links={name: self.link(name) for name in self.link_rows},
        )

    def motion(self) -> tuple[FloatArray, FloatArray]:
        """Return positions [rad] and velocities [rad/s] of the joints of `JOINT_NAMES`."""
        positions = self._positions.values[0, self.joints].astype(np.float64)
        return positions, self._velocities.values[0, self.joints].astype(np.float64)

    def world(self, time: float, wrenches: Mapping[str, FloatArray]) -> WorldState:
        """Return the whole world as last read."""
        objects: dict[str, RigidBodyState] = {}
        if self._things is not None:
            objects = {name: self._things.state(k) for k, name in enumerate(self._objects)}
        fixtures = {
            name: state
            for mechanism in self._mechanisms
            for name, state in mechanism.states().items()
        }
        return WorldState(time, self.robot(wrenches), objects, fixtures)

    def write(self, state: WorldState) -> None:
        """Put the engine into a state, and read it.

        Raises:
            ValueError: if the state lacks an object or a fixture of this world.
        """
        joints = [joint for mechanism in self._mechanisms for joint in mechanism.joints]
        known = {*state.objects, *state.fixtures}
        if missing := sorted({*self._objects, *map(fixture_name, joints)} - known):
            raise ValueError(f"The state has no entry for {', '.join(missing)}.")
        robot = state.robot
        self._base.put(0, robot.base)
        self._base.write()
        self._positions.values[0, self.joints] = robot.joint_positions
        self._positions.write()
        self._velocities.values[0, self.joints] = robot.joint_velocities
        self._velocities.write()
        if self._things is not None:
            for index, name in enumerate(self._objects):
                self._things.put(index, state.objects[name])
            self._things.write()
        for mechanism in self._mechanisms:
            mechanism.write(state.fixtures)
        self.update()

    def too_fast(self) -> tuple[str, float] | None:
        """Return what moves and how fast, if that is no physical motion, or no number.

        The turning of a free body is told as the speed that is as far from possible.
        """
        moving = [self._base.effective_speeds, np.abs(self._velocities.values[0])]
        if self._things is not None:
            moving.append(self._things.effective_speeds)
        moving += [np.abs(mechanism.velocities[:, 0]) for mechanism in self._mechanisms]
        if all(speeds.max() < SPEED_LIMIT for speeds in moving):
            return None
        names = [
            *("floating_base", *self.joint_order),
            *(f"{name}_joint" for name in self._objects),
            *(joint for mechanism in self._mechanisms for joint in mechanism.joints),
        ]
        speeds = np.concatenate(moving)
        worst = int(np.argmax(speeds))  # NaN counts as the largest.
        return names[worst], float(speeds[worst])
