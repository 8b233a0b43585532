"""What one world of a batch is about: its episode, its controller, its judge."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.control.controllers import make_controller
from vla_humanoid.envs.episode import Episode, sample_episode
from vla_humanoid.envs.footprints import footprints
from vla_humanoid.envs.humanoid_env import DIVERGED, TIMEOUT
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.envs.isaaclab.batch_config import BatchConfig
from vla_humanoid.envs.isaaclab.standing_loads import with_standing_loads
from vla_humanoid.envs.observation import proprioception
from vla_humanoid.envs.report import balance_report, safety_report
from vla_humanoid.schema import (
    CONTROL_RATE,
    PHYSICS_RATE,
    FloatArray,
    JointCommand,
    RigidBodyState,
    RobotState,
    WorldState,
    action_spec,
    state_fields,
)
from vla_humanoid.tasks.core.predicates import is_standing
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.task import Task, Verdict

Info: TypeAlias = dict[str, object]

_PHYSICS_PER_CONTROL = PHYSICS_RATE // CONTROL_RATE


class WorldEpisode:
    """The episode of one world, from its sampling to its verdict, whatever moves the bodies.

    Experts and recorders take it for an environment of its own.

    Args:
        config: of the batch.
        task: what is to be done.
    """

    def __init__(self, config: BatchConfig, task: Task[object]) -> None:
        self.config = config
        self.task = task
        self.action_spec = action_spec(config.control_mode, JOINT_RANGES)
        self.state_fields = state_fields(JOINT_NAMES)
        self.joint_names = JOINT_NAMES
        self.controller = make_controller(self.action_spec)
        self._episode: Episode | None = None

    @property
    def episode(self) -> Episode:
        """What was sampled for the current episode.

        Raises:
            RuntimeError: before the first.
        """
        if self._episode is None:
            raise RuntimeError("Call reset() first: there is no episode yet.")
        return self._episode

    @property
    def instruction(self) -> str:
        """The sentence that the robot is told."""
        return self.episode.instruction.text

    def sample(self, seed: int, goal_index: int | None = None) -> None:
        """Sample the next episode; `begin` begins it.

        Raises:
            PlacementError: if the seed finds no layout.
            ValueError: if there is no goal of that index.
        """
        self._episode = sample_episode(self.task, seed, self.config.randomization, goal_index)

    def initial_state(self) -> WorldState:
        """Return the world that the episode begins with."""
        return initial_state(self.episode.scene, self.episode.dynamics)

    def begin(self, state: WorldState) -> None:
        """Begin the episode in a world as the engine has it, before any time has passed."""
        episode = self.episode
        self.controller.set_footprints(footprints(episode.scene))
        self._noise = EpisodeRandom(episode.seed, frozenset()).stream("noise")
        self._tick = 0
        self.controller.reset(state.robot)
        self._state = with_standing_loads(state, self.controller.balance.com)
        self.controller.reset(self._state.robot)
        self._judge = self.task.judge(episode.goal, episode.scene)
        self._verdict = self._judge.update(self._state)
        self.terminated = self.truncated = False
        self._look()

    def act(self, action: NDArray[np.float64]) -> None:
        """Take a normalized action, shape (dim,)."""
        self.controller.set_action(action)

    @property
    def is_due(self) -> bool:
        """Whether the controller is to be asked before the next physics step."""
        return self._tick % _PHYSICS_PER_CONTROL == 0

    def command(self, robot: RobotState) -> JointCommand:
        """Return joint commands for the next control period."""
        return self.controller.command(robot)

    def push(self) -> FloatArray:
        """Return the force on the torso now [N], world frame, shape (3,)."""
        time = self._tick / PHYSICS_RATE
        force = np.zeros(3)
        for push in self.episode.dynamics.pushes:
            if push.start <= time < push.start + push.duration:
                force += push.force
        return force

    def advance(self) -> None:
        """Count a physics step."""
        self._tick += 1

    def finish_step(self, robot: RobotState, objects: Mapping[str, RigidBodyState]) -> None:
        """Judge the world after a policy step."""
        if not _is_finite(robot, objects):
            self._verdict = Verdict(False, DIVERGED, False, self._verdict.subgoal, 0.0)
            self.terminated, self.truncated = True, False
            return
        self._state = WorldState(self._tick / PHYSICS_RATE, robot, objects)
        self.controller.observe(robot)
        self._verdict = self._judge.update(self._state)
        self.terminated = self._verdict.success or self._verdict.failure is not None
        self.truncated = not self.terminated and self._state.time >= self.task.time_limit - 1e-9
        self._look()

    def world_state(self) -> WorldState:
        """Return the current state of the world: privileged, never part of an observation."""
        return self._state

    @property
    def reward(self) -> float:
        """What the latest step earned."""
        return self._verdict.reward

    def info(self) -> Info:
        """Return what there is to report beside observations; entries as of `HumanoidEnv`."""
        balance, verdict, safety = self.controller.balance, self._verdict, self.controller.safety
        return {
            "success": verdict.success,
            "fallen": not is_standing(self._state.robot),
            "failure": TIMEOUT if self.truncated else verdict.failure,
            "wrong_object": verdict.wrong_object,
            "balance": balance_report(balance),
            "safety": safety_report(safety),
            "subgoal": verdict.subgoal,
            "subgoals": self.task.subgoals(self.episode.goal, self.episode.scene),
            "progress": verdict.progress,
            "no_success_rule": False,
            "instruction": self.instruction,
        }

    def _look(self) -> None:
        self.proprioception = proprioception(
            self._state.robot, self.controller, self.episode.dynamics, self._noise
        )
        """What the robot senses of itself, as `schema.state_fields` says."""


def _is_finite(robot: RobotState, objects: Mapping[str, RigidBodyState]) -> bool:
    """Tell whether a state is one; a single number that is none spreads to all of a body."""
    base = robot.base
    parts = [
        base.pose.position,
        base.twist.linear,
        robot.joint_velocities,
        *(body.pose.position for body in objects.values()),
    ]
    return all(bool(np.isfinite(part).all()) for part in parts)
