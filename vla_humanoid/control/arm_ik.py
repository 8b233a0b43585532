"""Inverse kinematics of waist and arms: joint positions that bring both wrists to wanted poses."""

from collections.abc import Mapping

import mink
import mujoco
import numpy as np

from vla_humanoid.assets.g1 import control_spec
from vla_humanoid.assets.postures import READY
from vla_humanoid.control.robot_model import BODY_INDICES, BODY_JOINTS
from vla_humanoid.control.targets import StanceFrame
from vla_humanoid.schema import (
    POLICY_RATE,
    SIDES,
    WAIST_JOINTS,
    Pose,
    RobotState,
    arm_joint_names,
)

MOVED_JOINTS = (*arm_joint_names("left"), *arm_joint_names("right"), *WAIST_JOINTS)
"""The joints that are solved for; pelvis and legs stay as they are."""

ITERATIONS = 5
STEP = 1.0 / (ITERATIONS * POLICY_RATE)
"""Differential steps of a solve and the time each of them stands for [s]: one policy period."""
JOINT_SPEED = 1.8
"""Largest speed of a joint [rad/s]; near a straight arm, solutions would jump without it."""
LM_DAMPING = 0.1
"""Levenberg-Marquardt damping of the wrists' tasks, for targets out of reach."""


class ArmIk:
    """Solves from one target to the next, starting where the last solution was."""

    def __init__(self) -> None:
        model = control_spec().compile()
        moved = np.array([name in MOVED_JOINTS for name in BODY_JOINTS])
        self._configuration = mink.Configuration(model)
        self._wrists = {
            side: mink.FrameTask(f"{side}_wrist_yaw_link", "body", 1.0, 0.3, lm_damping=LM_DAMPING)
            for side in SIDES
        }
        posture = mink.PostureTask(model, cost=0.01)
        posture.set_target(np.concatenate([np.zeros(7), [READY[name] for name in BODY_JOINTS]]))
        self._tasks = [*self._wrists.values(), posture]
        speeds = dict.fromkeys(MOVED_JOINTS, JOINT_SPEED)
        self._limits = [mink.ConfigurationLimit(model), mink.VelocityLimit(model, speeds)]
        fixed = [*range(6), *(6 + np.flatnonzero(~moved)).tolist()]
        self._constraints = [mink.DofFreezingTask(model, fixed)]
        self._ranges = model.jnt_range[1:].T.copy()
        self._moved = 7 + np.flatnonzero(moved)
        self._names = [name for name in BODY_JOINTS if name in MOVED_JOINTS]
        self._solution: np.ndarray | None = None

    def reset(self) -> None:
        """Forget the last solution."""
        self._solution = None

    def solve(
        self, state: RobotState, stance: StanceFrame, wrists: Mapping[str, Pose]
    ) -> dict[str, float]:
        """Return positions of `MOVED_JOINTS` by name [rad].

        Args:
            state: the robot now: its pelvis and legs are taken as they are.
            stance: the frame the wrists are given in.
            wrists: wanted pose of each wrist yaw link.
        """
        base = state.base.pose
        q = np.concatenate([base.position, base.quat_wxyz, state.joint_positions[BODY_INDICES]])
        if self._solution is not None:
            q[self._moved] = self._solution
        # A leg that is frozen a hair beyond its range would leave the program without a solution.
        q[7:] = np.clip(q[7:], *self._ranges)
        self._configuration.update(q)
        for side, task in self._wrists.items():
            goal = stance.to_world(wrists[side])
            task.set_target(mink.SE3(np.concatenate([goal.quat_wxyz, goal.position])))
        for _ in range(ITERATIONS):
            velocity = mink.solve_ik(
                self._configuration,
                self._tasks,
                STEP,
                solver="daqp",
                damping=1e-4,
                limits=self._limits,
                constraints=self._constraints,
            )
            mujoco.mj_integratePos(self._configuration.model, q, velocity, STEP)
            self._configuration.update(q)
        self._solution = q[self._moved].copy()
        return dict(zip(self._names, self._solution.tolist(), strict=True))
