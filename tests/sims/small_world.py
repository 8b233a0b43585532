"""A robot before a table with three things on it, for the tests of this room."""

from functools import cache

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.objects import COLORS, OBJECTS
from vla_humanoid.assets.postures import READY, READY_PELVIS_POSITION
from vla_humanoid.assets.scene import Container, GraspableObject, Scene, Table
from vla_humanoid.assets.world import build_world
from vla_humanoid.schema import (
    FloatArray,
    JointCommand,
    Pose,
    RigidBodyState,
    RobotState,
    Twist,
    WorldState,
)
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation

STEP = 0.002
GRAVITY = 9.81

TABLE = Table()
CUBE = GraspableObject(
    name="red_cube",
    shape="cube",
    color="red",
    rgb=COLORS["red"],
    position=(0.40, 0.12, TABLE.height + OBJECTS["cube"].half_height),
    mass=OBJECTS["cube"].mass,
)
CAN = GraspableObject(
    name="green_can",
    shape="can",
    color="green",
    rgb=COLORS["green"],
    position=(0.46, -0.02, TABLE.height + OBJECTS["can"].half_height),
    mass=OBJECTS["can"].mass,
)
PLATE = Container(
    name="blue_plate",
    shape="plate",
    color="blue",
    rgb=COLORS["blue"],
    position=(0.42, -0.22, TABLE.height),
    mass=CONTAINERS["plate"].mass,
)
READY_POSITIONS = np.array([READY[name] for name in JOINT_NAMES])
SCENE = Scene(table=TABLE, objects=(CUBE, CAN), containers=(PLATE,))


def body_state(
    position: tuple[float, float, float] | FloatArray,
    quat_wxyz: tuple[float, float, float, float] | FloatArray = (1.0, 0.0, 0.0, 0.0),
    linear: tuple[float, float, float] | FloatArray = (0.0, 0.0, 0.0),
    angular: tuple[float, float, float] | FloatArray = (0.0, 0.0, 0.0),
) -> RigidBodyState:
    """Return the state of a body out of plain numbers."""
    pose = Pose(np.array(position, dtype=float), np.array(quat_wxyz, dtype=float))
    return RigidBodyState(pose, Twist(np.array(linear, dtype=float), np.array(angular, float)))


IN_THE_AIR = body_state((0.0, 0.0, 3.0))
"""Nothing touches the robot there."""


@cache
def table_world() -> MujocoSimulation:
    """Return the world of `SCENE`; tests share it."""
    return MujocoSimulation(build_world(SCENE))


@cache
def empty_world() -> MujocoSimulation:
    """Return a world with a robot and a floor; tests share it."""
    return MujocoSimulation(build_world(Scene()))


def ready(
    scene: Scene = SCENE,
    *,
    base: RigidBodyState | None = None,
    positions: FloatArray | None = None,
    velocities: FloatArray | None = None,
) -> WorldState:
    """Return the ready robot, and everything in a scene where it belongs, at rest unless given."""
    robot = RobotState(
        base=base or body_state(READY_PELVIS_POSITION),
        joint_positions=READY_POSITIONS.copy() if positions is None else positions,
        joint_velocities=np.zeros(len(JOINT_NAMES)) if velocities is None else velocities,
        foot_wrenches={},
        links={},
    )
    things = (*scene.objects, *scene.containers)
    objects = {thing.name: body_state(thing.position, thing.quat_wxyz) for thing in things}
    return WorldState(0.0, robot, objects)


def command(
    *,
    position: FloatArray | float = 0.0,
    velocity: FloatArray | float = 0.0,
    kp: float = 0.0,
    kd: float = 0.0,
    torque: FloatArray | float = 0.0,
) -> JointCommand:
    """Return a joint command; a number stands for every joint."""
    position, velocity, torque = (
        np.broadcast_to(np.asarray(value, dtype=float), len(JOINT_NAMES)).copy()
        for value in (position, velocity, torque)
    )
    stiffness, damping = np.full((2, len(JOINT_NAMES)), [[kp], [kd]])
    return JointCommand(position, velocity, stiffness, damping, torque)
