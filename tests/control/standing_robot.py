"""A robot on a bare floor, for tests of the balance layer."""

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.postures import READY, READY_PELVIS_POSITION
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.control.robot_model import BODY_INDICES
from vla_humanoid.control.targets import WholeBodyTarget
from vla_humanoid.schema import Pose, RigidBodyState, RobotState, Twist, WorldState
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation


class StandingRobot:
    """The ready robot in MuJoCo with the standing controller; `run` advances both."""

    def __init__(self) -> None:
        self.simulation = MujocoSimulation(build_world(Scene()))
        self.controller = BalanceController()
        base = RigidBodyState(
            Pose(np.array(READY_PELVIS_POSITION), np.array([1.0, 0.0, 0.0, 0.0])),
            Twist(np.zeros(3), np.zeros(3)),
        )
        positions = np.array([READY[name] for name in JOINT_NAMES])
        robot = RobotState(base, positions, np.zeros_like(positions), {}, {})
        state = self.simulation.reset(WorldState(0.0, robot, {}))
        self.target: WholeBodyTarget = self.controller.reset(state.robot)
        self.largest_effort_share = 0.0

    def run(self, seconds: float, force: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> None:
        self.simulation.push(np.array(force))
        for _ in range(round(seconds / self.controller.config.dt)):
            state = self.simulation.robot_state()
            command = self.controller.command(state)
            # What the motors are asked for, not what the engine lets them do.
            demand = command.kp * (command.position - state.joint_positions)
            demand += command.kd * (command.velocity - state.joint_velocities) + command.torque
            share = np.abs(demand[BODY_INDICES]) / self.controller.model.effort_limit
            self.largest_effort_share = max(self.largest_effort_share, float(share.max()))
            self.simulation.step(command, 2)
        self.simulation.push(np.zeros(3))

    @property
    def height(self) -> float:
        return float(self.simulation.robot_state().base.pose.position[2])

    def wrist_error(self, side: str) -> float:
        mujoco.mj_kinematics(self.simulation.model, self.simulation.data)
        wrist = self.simulation.robot_state().links[f"{side}_wrist_yaw_link"]
        goal = self.controller.stance.to_world(self.target.wrists[side])
        return float(np.linalg.norm(goal.position - wrist.position))
