"""The runner against the wall clock: a policy that is slow is slow for the robot as well."""

import time
from collections.abc import Callable

from vla_humanoid.policy_runner.execution import Execution
from vla_humanoid.policy_runner.inference import Live
from vla_humanoid.policy_runner.policy import Action, Observation
from vla_humanoid.policy_runner.runner import PolicyRunner, RunnerConfig


class LiveRunner(PolicyRunner):
    """Lets every step begin when its time has come on the wall clock, and not before.

    Where the simulation is slower than that, the steps after are late by as much and no more:
    nothing is caught up, and `RunReport.realtime_factor` tells it.

    Args:
        inference: puts the questions, in a thread of its own.
        execution: says when, and makes actions of the answers.
        config: when the policy is not trusted.
        clock: seconds that only grow.
        sleep: lets some of them pass.
    """

    def __init__(
        self,
        inference: Live,
        execution: Execution,
        config: RunnerConfig | None = None,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._live, self._clock, self._sleep = inference, clock, sleep
        self._patience = (config or RunnerConfig()).silence
        super().__init__(inference, execution, config)

    def reset(self) -> None:
        """Begin an episode, once the policy is done with the one before."""
        self._live.settle(self._patience)
        super().reset()
        self._began: float | None = None
        self._due = 0.0

    def act(self, observation: Observation) -> Action:
        """Return the action of the present step, once its time has come."""
        now = self._clock()
        if self._began is None:
            self._began = self._due = now
        if now < self._due:
            self._sleep(self._due - now)
        self._due = max(self._due, now) + 1.0 / self._rate
        action = super().act(observation)
        self.report.wall_seconds = self._due - self._began
        return action
