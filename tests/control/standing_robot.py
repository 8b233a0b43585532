"""The robot on its floor, for tests of the balance layer."""

import math
from collections.abc import Callable
from dataclasses import replace

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.postures import READY, READY_PELVIS_POSITION
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.control.footsteps import Footstep
from vla_humanoid.control.gait import footstep_of
from vla_humanoid.control.robot_model import BODY_INDICES
from vla_humanoid.control.rotations import quat_to_matrix, yaw_of
from vla_humanoid.control.targets import WholeBodyTarget
from vla_humanoid.envs.sloped_stance import stand_on_slope
from vla_humanoid.schema import (
    CONTROL_RATE,
    PHYSICS_RATE,
    Pose,
    RigidBodyState,
    RobotState,
    Twist,
    WorldState,
)
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation

Vector = tuple[float, float, float]


class StandingRobot:
    """The ready robot in MuJoCo with the balance controller; `run` advances both.

    Args:
        scene: around the robot.
        config: of the controller.
        furnish: adds to the world before it is compiled.
    """

    def __init__(
        self,
        scene: Scene | None = None,
        config: BalanceConfig | None = None,
        furnish: Callable[[mujoco.MjSpec], None] | None = None,
    ) -> None:
        scene = scene or Scene()
        spec = build_world(scene)
        if furnish is not None:
            furnish(spec)
        self.simulation = MujocoSimulation(spec)
        self.controller = BalanceController(config)
        base = RigidBodyState(
            Pose(np.array(READY_PELVIS_POSITION), np.array([1.0, 0.0, 0.0, 0.0])),
            Twist(np.zeros(3), np.zeros(3)),
        )
        positions = np.array([READY[name] for name in JOINT_NAMES])
        positions = stand_on_slope(base, positions, scene.floor_slope)
        robot = RobotState(base, positions, np.zeros_like(positions), {}, {})
        self.state = self.simulation.reset(WorldState(0.0, robot, {})).robot
        self.target: WholeBodyTarget = self.controller.reset(self.state)
        self.time = 0.0
        self.largest_effort_share = 0.0

    def run(
        self,
        seconds: float,
        force: Vector = (0.0, 0.0, 0.0),
        velocity: Vector | None = None,
        watch: Callable[["StandingRobot"], None] | None = None,
    ) -> None:
        """Go on for a while.

        Args:
            seconds: for how long.
            force: at the torso [N].
            velocity: commanded from now on: ahead, to the left [m/s], turning left [rad/s].
            watch: called at every tick, once the controller has seen `state`.
        """
        if velocity is not None:
            self.target = replace(self.target, base_velocity=np.array(velocity))
            self.controller.set_target(self.target)
        self.simulation.push(np.array(force))
        for _ in range(round(seconds / self.controller.config.dt)):
            state = self.state
            command = self.controller.command(state)
            # What the motors are asked for, not what the engine lets them do.
            demand = command.kp * (command.position - state.joint_positions)
            demand += command.kd * (command.velocity - state.joint_velocities) + command.torque
            share = np.abs(demand[BODY_INDICES]) / self.controller.model.effort_limit
            self.largest_effort_share = max(self.largest_effort_share, float(share.max()))
            if watch is not None:
                watch(self)
            self.simulation.step(command, PHYSICS_RATE // CONTROL_RATE)
            self.state = self.simulation.robot_state()
            self.time += self.controller.config.dt
        self.simulation.push(np.zeros(3))

    def push(self, impulse: float, degrees: float, velocity: Vector | None = None) -> None:
        """Push the torso for 0.1 s [N s], in a horizontal direction counted from ahead."""
        force, angle = impulse / 0.1, math.radians(degrees)
        self.run(0.1, (force * math.cos(angle), force * math.sin(angle), 0.0), velocity)

    @property
    def height(self) -> float:
        return float(self.simulation.robot_state().base.pose.position[2])

    @property
    def heading(self) -> float:
        return yaw_of(quat_to_matrix(self.state.base.pose.quat_wxyz))

    @property
    def tilt(self) -> float:
        """Of pelvis or torso, whichever leans more [rad]."""
        return max(tilt(self.state.links["torso_link"]), tilt(self.state.base.pose))

    @property
    def is_upright(self) -> bool:
        return self.height > 0.55 and self.tilt < 0.5

    @property
    def feet(self) -> tuple[Footstep, Footstep]:
        """Where the left and the right sole are."""
        self.controller.model.update(self.state)
        soles = self.controller.model.soles()
        return footstep_of("left", soles["left"]), footstep_of("right", soles["right"])

    def wrist_error(self, side: str) -> float:
        mujoco.mj_kinematics(self.simulation.model, self.simulation.data)
        wrist = self.simulation.robot_state().links[f"{side}_wrist_yaw_link"]
        goal = self.controller.stance.to_world(self.target.wrists[side])
        return float(np.linalg.norm(goal.position - wrist.position))


def tilt(pose: Pose) -> float:
    """Return the angle between a pose's z axis and the vertical [rad]."""
    return float(np.arccos(quat_to_matrix(pose.quat_wxyz)[2, 2].clip(-1.0, 1.0)))
