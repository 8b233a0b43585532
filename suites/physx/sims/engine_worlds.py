"""Worlds to compare engines in."""

from dataclasses import replace

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.scene import GraspableObject, Scene, Table
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.envs.dynamics import Dynamics, sample_dynamics
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.schema import (
    CONTROL_RATE,
    PHYSICS_RATE,
    FloatArray,
    JointCommand,
    Pose,
    RigidBodyState,
    RobotState,
    Twist,
    WorldState,
)
from vla_humanoid.sims.simulation import Simulation
from vla_humanoid.tasks.core.locomotion import WALKING_PUSHES
from vla_humanoid.tasks.core.randomization import EpisodeRandom

MUG = GraspableObject("blue_mug", "mug", "blue", (0.1, 0.2, 0.8), (0.45, -0.1, 0.7705))
SCENE = Scene(table=Table(), objects=(MUG,))
"""A table and a thing whose centre of mass is not its origin."""

JOINTS = len(JOINT_NAMES)


def nominal() -> Dynamics:
    """Return a robot as its figures have it."""
    return sample_dynamics(EpisodeRandom(0, frozenset()), WALKING_PUSHES, carries_payload=False)


def ready(scene: Scene) -> WorldState:
    """Return the ready robot with everything of a scene where it belongs."""
    return initial_state(scene, nominal())


def in_the_air(
    scene: Scene,
    *,
    height: float = 3.0,
    quat_wxyz: FloatArray | None = None,
    twist: Twist | None = None,
    positions: FloatArray | None = None,
    velocities: FloatArray | None = None,
) -> WorldState:
    """Return the robot where nothing touches it, and everything of a scene where it belongs."""
    state = ready(scene)
    pose = Pose(
        np.array([0.0, 0.0, height]),
        np.array([1.0, 0.0, 0.0, 0.0]) if quat_wxyz is None else quat_wxyz,
    )
    robot = replace(
        state.robot,
        base=RigidBodyState(pose, twist or Twist(np.zeros(3), np.zeros(3))),
        joint_positions=state.robot.joint_positions if positions is None else positions,
        joint_velocities=np.zeros(JOINTS) if velocities is None else velocities,
    )
    return replace(state, robot=robot)


def command(
    *,
    position: FloatArray | float = 0.0,
    velocity: FloatArray | float = 0.0,
    kp: float = 0.0,
    kd: float = 0.0,
    torque: FloatArray | float = 0.0,
) -> JointCommand:
    """Return a joint command; a number stands for every joint."""
    wanted = (np.broadcast_to(np.asarray(x, float), JOINTS) for x in (position, velocity, torque))
    q, dq, tau = (values.copy() for values in wanted)
    return JointCommand(q, dq, np.full(JOINTS, kp), np.full(JOINTS, kd), tau)


def stand(
    simulation: Simulation,
    scene: Scene,
    seconds: float,
    force: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> list[RobotState]:
    """Let the balance layer hold the ready robot; return the states of every control period."""
    controller = BalanceController()
    controller.reset(simulation.reset(ready(scene)).robot)
    simulation.push(np.array(force))
    states: list[RobotState] = []
    for _ in range(round(seconds * CONTROL_RATE)):
        state = simulation.robot_state()
        simulation.step(controller.command(state), PHYSICS_RATE // CONTROL_RATE)
        states.append(simulation.robot_state())
    return states
