"""Runs the episodes of an evaluation, one at a time."""

import resource
import time
from collections.abc import Sequence
from typing import cast

import gymnasium
import numpy as np

from vla_humanoid.data_collection.environment import DemonstrationEnv, env_name, make_env
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.rollout import Outcome, Policy, Subscriber, rollout
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.measurements import Measurements
from vla_humanoid.evaluation.policies import PolicySource
from vla_humanoid.evaluation.telling import Retold, other_goal, replaced_words
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

    def run(self, task: str, seed: int, also: Sequence[Subscriber] = ()) -> EpisodeResult:
        """Run the episode of a seed.

        Args:
            task: its name.
            seed: of the episode.
            also: who else listens.

        Raises:
            ConfigurationError: if the policy does not fit the task, or the environment cannot be
                made as asked.
        """
        env, policy = self._prepared(task)
        bare = cast(HumanoidEnv, env.unwrapped)
        goal_index = other_goal(bare, seed) if self._config.words == "counterfactual" else None
        if self._config.words == "counterfactual" and goal_index is None:
            raise ConfigurationError(f"The scene of {task}, seed {seed}, has no other goal.")
        measured, cpu = Measurements(), time.process_time()
        outcome = rollout(env, policy, seed, [measured, *also], goal_index)
        return self._result(bare, outcome, measured, time.process_time() - cpu)

    def close(self) -> None:
        """Release environment and policy."""
        if self._env is not None:
            self._env.close()
        self._source.close()

    def _prepared(self, task: str) -> tuple[DemonstrationEnv, Policy]:
        """Return environment and policy for a task; both serve all of its episodes."""
        if self._env is None or task != self._task:
            if self._env is not None:
                self._env.close()
            self._env, self._task = self._make_env(task), task
            self._acts = self._made_for(cast(HumanoidEnv, self._env.unwrapped))
        words = replaced_words(self._config.words)
        return self._env, self._acts if words is None else Retold(self._acts, words)

    def _made_for(self, env: HumanoidEnv) -> Policy:
        try:
            return self._source.make(env)
        except ValueError as error:  # An expert that does not speak the control mode.
            raise ConfigurationError(str(error)) from error

    def _make_env(self, task: str) -> DemonstrationEnv:
        description = self._source.description
        kwargs: dict[str, object] = {
            "control_mode": self._config.control_mode,
            "cameras": (),
            "engine": self._config.engine,
            "randomization": self._config.randomization,
            "language": self._config.language,
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
        outcome: Outcome,
        measured: Measurements,
        cpu_seconds: float,
    ) -> EpisodeResult:
        acts = self._acts
        report = acts.report if isinstance(acts, PolicyRunner) else RunReport()
        quantiles = np.percentile(report.latencies or [0.0], [50, 95, 99])
        words = replaced_words(self._config.words)
        return EpisodeResult(
            task=self._task,
            seed=env.episode.seed,
            instruction=env.instruction,
            told=env.instruction if words is None else words,
            success=outcome.success,
            success_any=measured.success_any,
            failure=outcome.failure or "",
            steps=outcome.steps,
            seconds=outcome.steps / POLICY_RATE,
            wrong_object=measured.wrong_object,
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
        )
