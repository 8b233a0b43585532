"""Reading a MuJoCo world by names, and writing one back."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.schema import (
    REPORTED_LINKS,
    SIDES,
    FixtureState,
    FloatArray,
    Pose,
    RigidBodyState,
    RobotState,
    Twist,
    WorldState,
)

_FOUND, _FORCE, _TORQUE, _POSITION = (
    1 << int(field)
    for field in (
        mujoco.mjtConDataField.mjCONDATA_FOUND,
        mujoco.mjtConDataField.mjCONDATA_FORCE,
        mujoco.mjtConDataField.mjCONDATA_TORQUE,
        mujoco.mjtConDataField.mjCONDATA_POS,
    )
)
_NET_FORCE = 3  # Reduction of a contact sensor: one wrench at the centre of pressure, world frame.


def add_foot_sensors(spec: mujoco.MjSpec) -> None:
    """Add a sensor of the net contact wrench on each foot of a robot spec."""
    for side in SIDES:
        spec.add_sensor(
            name=_sensor_name(side),
            type=mujoco.mjtSensor.mjSENS_CONTACT,
            objtype=mujoco.mjtObj.mjOBJ_BODY,
            objname=f"{side}_ankle_roll_link",
            intprm=[_FOUND | _FORCE | _TORQUE | _POSITION, _NET_FORCE, 1],
        )


def _sensor_name(side: str) -> str:
    return f"{side}_foot_contact"


class MujocoStateMap:
    """Where the robot and the free bodies stand in a compiled model's arrays.

    Args:
        model: has the robot's links and joints by their names; every other free joint is taken for
            an object's, every other joint for a fixture's.
    """

    def __init__(self, model: mujoco.MjModel) -> None:
        joints = [model.joint(name) for name in JOINT_NAMES]
        self._qpos = np.array([int(joint.qposadr[0]) for joint in joints])
        self._qvel = np.array([int(joint.dofadr[0]) for joint in joints])
        self.actuators = np.array([int(model.actuator(name).id) for name in JOINT_NAMES])
        self._base = _FreeJoint(model, "floating_base")
        self._links = np.array([int(model.body(name).id) for name in REPORTED_LINKS])
        self._soles = {side: int(model.site(f"{side}_sole").id) for side in SIDES}
        self._wrenches = {side: int(model.sensor(_sensor_name(side)).adr[0]) for side in SIDES}
        free = int(mujoco.mjtJoint.mjJNT_FREE)
        bodies = [
            model.body(int(model.jnt_bodyid[joint])).name
            for joint in range(model.njnt)
            if int(model.jnt_type[joint]) == free
        ]
        self._objects = {
            name: _FreeJoint(model, f"{name}_joint") for name in bodies if name != "pelvis"
        }
        others = (model.joint(index) for index in range(model.njnt))
        self._fixtures = {
            joint.name.removesuffix("_joint"): _FixtureJoint(model, joint.name)
            for joint in others
            if int(joint.type[0]) != free and joint.name not in JOINT_NAMES
        }

    @property
    def objects(self) -> tuple[str, ...]:
        """Names of the free bodies other than the robot."""
        return tuple(self._objects)

    def robot(self, data: mujoco.MjData) -> RobotState:
        """Read the robot; positions of links must be up to date with ``qpos``."""
        return RobotState(
            base=self._base.read(data),
            joint_positions=data.qpos.take(self._qpos),
            joint_velocities=data.qvel.take(self._qvel),
            foot_wrenches={side: self._foot_wrench(data, side) for side in SIDES},
            links=_LinkPoses(data.xpos.take(self._links, 0), data.xquat.take(self._links, 0)),
        )

    def world(self, data: mujoco.MjData) -> WorldState:
        """Read the whole world."""
        return WorldState(
            time=float(data.time),
            robot=self.robot(data),
            objects={name: joint.read(data) for name, joint in self._objects.items()},
            fixtures={name: joint.read(data) for name, joint in self._fixtures.items()},
        )

    def motor_power(self, data: mujoco.MjData) -> float:
        """Return the sum of |torque x speed| of all joints of the robot [W]."""
        torques, speeds = data.qfrc_actuator.take(self._qvel), data.qvel.take(self._qvel)
        return float(np.abs(torques * speeds).sum())

    def write(self, state: WorldState, data: mujoco.MjData) -> None:
        """Write a world state.

        Raises:
            ValueError: if the state lacks an object or a fixture of this world.
        """
        known = {*state.objects, *state.fixtures}
        if missing := sorted({*self._objects, *self._fixtures} - known):
            raise ValueError(f"The state has no entry for {', '.join(missing)}.")
        data.time = state.time
        self._base.write(state.robot.base, data)
        data.qpos[self._qpos] = state.robot.joint_positions
        data.qvel[self._qvel] = state.robot.joint_velocities
        for name, joint in self._objects.items():
            joint.write(state.objects[name], data)
        for name, joint in self._fixtures.items():
            joint.write(state.fixtures[name], data)

    def _foot_wrench(self, data: mujoco.MjData, side: str) -> FloatArray:
        address = self._wrenches[side]
        found, *reading = data.sensordata[address : address + 10].tolist()
        if found <= 0:
            return np.zeros(6)
        # The sensor tells what the foot exerts, about the contact's centre of pressure.
        fx, fy, fz, tx, ty, tz, px, py, pz = reading
        sx, sy, sz = data.site_xpos[self._soles[side]].tolist()
        x, y, z = sx - px, sy - py, sz - pz
        return np.array(
            [-fx, -fy, -fz, y * fz - z * fy - tx, z * fx - x * fz - ty, x * fy - y * fx - tz]
        )


class _LinkPoses(Mapping[str, Pose]):
    """Poses of the reported links, made when they are asked for: the balance layer never asks."""

    _NUMBERS: ClassVar = {name: number for number, name in enumerate(REPORTED_LINKS)}

    def __init__(self, positions: FloatArray, quats_wxyz: FloatArray) -> None:
        self._positions, self._quats_wxyz = positions, quats_wxyz

    def __getitem__(self, link: str) -> Pose:
        number = self._NUMBERS[link]
        return Pose(self._positions[number], self._quats_wxyz[number])

    def __iter__(self) -> Iterator[str]:
        return iter(REPORTED_LINKS)

    def __len__(self) -> int:
        return len(REPORTED_LINKS)


class _FreeJoint:
    """One free joint's place in the arrays; MuJoCo keeps its angular velocity in the body frame."""

    def __init__(self, model: mujoco.MjModel, name: str) -> None:
        joint = model.joint(name)
        self._qpos = int(joint.qposadr[0])
        self._qvel = int(joint.dofadr[0])

    def read(self, data: mujoco.MjData) -> RigidBodyState:
        position = data.qpos[self._qpos : self._qpos + 3].copy()
        quat = data.qpos[self._qpos + 3 : self._qpos + 7].copy()
        angular = np.empty(3)
        mujoco.mju_rotVecQuat(angular, data.qvel[self._qvel + 3 : self._qvel + 6], quat)
        linear = data.qvel[self._qvel : self._qvel + 3].copy()
        return RigidBodyState(Pose(position, quat), Twist(linear, angular))

    def write(self, state: RigidBodyState, data: mujoco.MjData) -> None:
        data.qpos[self._qpos : self._qpos + 3] = state.pose.position
        data.qpos[self._qpos + 3 : self._qpos + 7] = state.pose.quat_wxyz
        inverse, angular = np.empty(4), np.empty(3)
        mujoco.mju_negQuat(inverse, state.pose.quat_wxyz)
        mujoco.mju_rotVecQuat(angular, state.twist.angular, inverse)
        data.qvel[self._qvel : self._qvel + 3] = state.twist.linear
        data.qvel[self._qvel + 3 : self._qvel + 6] = angular


class _FixtureJoint:
    """The joint of a fixture's part; the casing's pose is that of the part's parent."""

    def __init__(self, model: mujoco.MjModel, name: str) -> None:
        joint = model.joint(name)
        self._qpos = int(joint.qposadr[0])
        self._qvel = int(joint.dofadr[0])
        self._casing = int(model.body_parentid[int(joint.bodyid[0])])

    def read(self, data: mujoco.MjData) -> FixtureState:
        pose = Pose(data.xpos[self._casing].copy(), data.xquat[self._casing].copy())
        return FixtureState(pose, float(data.qpos[self._qpos]), float(data.qvel[self._qvel]))

    def write(self, state: FixtureState, data: mujoco.MjData) -> None:
        data.qpos[self._qpos] = state.position
        data.qvel[self._qvel] = state.velocity
