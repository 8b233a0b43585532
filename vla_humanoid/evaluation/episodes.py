"""Runs the episodes of an evaluation, one at a time."""

import resource
import time
from collections.abc import Sequence
from typing import cast

import gymnasium
import numpy as np

from vla_humanoid.data_collection.environment import (
    DemonstrationEnv,
    DemonstrationWorld,
    env_name,
    make_env,
)
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.rollout import Outcome, Policy, Subscriber, rollout
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.acting import Acting, acting
from vla_humanoid.evaluation.conditions import AS_IT_IS, Condition
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.measurements import Measurements
from vla_humanoid.evaluation.perturbation import alteration, latency
from vla_humanoid.evaluation.policies import PolicySource
from vla_humanoid.evaluation.telling import other_goal
from vla_humanoid.policy_runner.report import RunReport
from vla_humanoid.policy_runner.runner import PolicyRunner
from vla_humanoid.schema import POLICY_RATE

FILM_SIZE = 288
"""Height and width of films [px], unless the policy looks at images of another size."""
_KIB_PER_MIB = 1024.0


class Evaluator:
    """Runs episodes of any task; every one is the same whatever ran before it.

    Args:
        config: what they share.
        filmed: whether the environment can be rendered from outside, which changes nothing else.

    Raises:
        ConfigurationError: if there is no such policy.
    """

    def __init__(self, config: EvaluationConfig, filmed: bool = False) -> None:
        self._config, self._filmed = config, filmed
        self._source = PolicySource(config)
        self._task = ""
        self._env: DemonstrationEnv | None = None
        self._made: dict[int, Policy] = {}

    def run(
        self,
        task: str,
        seed: int,
        also: Sequence[Subscriber] = (),
        condition: Condition = AS_IT_IS,
    ) -> EpisodeResult:
        """Run the episode of a seed.

        Args:
            task: its name.
            seed: of the episode.
            also: who else listens.
            condition: how the episode differs from what its seed says.

        Raises:
            ConfigurationError: if the policy does not fit the task, or the environment cannot be
                made as asked.
        """
        env = self._prepared(task)
        bare = cast(HumanoidEnv, env.unwrapped)
        acts = self._acting(bare, condition)
        bare.alteration = None
        goal_index = other_goal(bare, seed) if self._config.words == "counterfactual" else None
        if self._config.words == "counterfactual" and goal_index is None:
            raise ConfigurationError(f"The scene of {task}, seed {seed}, has no other goal.")
        bare.alteration = alteration(condition)
        measured, cpu = Measurements(), time.process_time()
        outcome = rollout(env, acts.policy, seed, [measured, *also], goal_index)
        if acts.disturbance is not None:
            acts.disturbance.watch(bare.world_state())
        return self._result(bare, condition, acts, outcome, measured, time.process_time() - cpu)

    @property
    def _switches(self) -> bool:
        return self._config.words == "switch"

    def world(self, task: str) -> DemonstrationWorld:
        """Return the world of a task, made but in no episode yet.

        Raises:
            ConfigurationError: if it cannot be made as asked.
        """
        return self._prepared(task).unwrapped

    def close(self) -> None:
        """Release environment and policy."""
        if self._env is not None:
            self._env.close()
        self._source.close()

    def _prepared(self, task: str) -> DemonstrationEnv:
        """Return the environment of a task; it serves all of its episodes."""
        if self._env is None or task != self._task:
            if self._env is not None:
                self._env.close()
            self._env, self._task = self._make_env(task), task
            self._made.clear()
        return self._env

    def _acting(self, env: HumanoidEnv, condition: Condition) -> Acting:
        late = latency(condition)
        try:
            if late not in self._made:
                self._made[late] = self._source.make(env, late)
            return acting(self._made[late], env, self._task, self._config.words, condition)
        except ValueError as error:  # An expert that does not speak the control mode.
            raise ConfigurationError(str(error)) from error

    def _make_env(self, task: str) -> DemonstrationEnv:
        description = self._source.description
        kwargs: dict[str, object] = {
            "control_mode": self._config.control_mode,
            "cameras": (),
            "engine": self._config.engine,
            "randomization": self._config.randomization,
            "language": ("correction",) if self._switches else self._config.language,
            "split": self._config.split,
        }
        if self._filmed:
            kwargs |= {"render_mode": "rgb_array", "image_size": FILM_SIZE}
        if description is not None:
            kwargs |= {
                "control_mode": description.action.control_mode,
                "cameras": description.cameras,
                "image_size": description.image_size or 224,
            }
        try:
            return make_env(env_name(task), kwargs)
        except (ValueError, gymnasium.error.Error) as error:
            raise ConfigurationError(str(error)) from error

    def _result(
        self,
        env: HumanoidEnv,
        condition: Condition,
        acts: Acting,
        outcome: Outcome,
        measured: Measurements,
        cpu_seconds: float,
    ) -> EpisodeResult:
        policy = self._made[latency(condition)]
        disturbance, shadowing = acts.disturbance, acts.shadowing
        report = policy.report if isinstance(policy, PolicyRunner) else RunReport()
        quantiles = np.percentile(report.latencies or [0.0], [50, 95, 99])
        description = self._source.description
        known = () if description is None else description.tasks
        return EpisodeResult(
            task=self._task,
            seed=env.episode.seed,
            instruction=env.instruction,
            told=acts.view.told,
            success=outcome.success,
            success_any=measured.success_any,
            failure=outcome.failure or "",
            steps=outcome.steps,
            seconds=outcome.steps / POLICY_RATE,
            wrong_object=measured.wrong_object,
            acted=measured.wrong_object or measured.furthest > 0,
            subgoal=measured.subgoal,
            subgoals=len(env.task.subgoals(env.episode.goal, env.episode.scene)),
            fallen=measured.fallen,
            least_margin=measured.least_margin,
            interventions=measured.interventions,
            fallbacks=dict(report.fallbacks),
            stale_action_ratio=report.stale_action_ratio,
            roughness=measured.roughness,
            latencies=(float(quantiles[0]), float(quantiles[1]), float(quantiles[2])),
            cpu_seconds=cpu_seconds,
            peak_memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB,
            realtime_factor=report.realtime_factor(POLICY_RATE),
            condition=str(condition),
            energy=env.motor_work,
            event_at=measured.told_anew_at if disturbance is None else disturbance.at,
            action_error=None if shadowing is None else shadowing.error,
            action_accuracy=None if shadowing is None else shadowing.accuracy,
            trained=self._task in known if known else None,
        )
