"""The runner: whatever a policy answers, and however late, every step gets a sound action."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.policy_runner.execution import Chunk, Execution
from vla_humanoid.policy_runner.holding import HoldAction
from vla_humanoid.policy_runner.inference import Answer, Inference
from vla_humanoid.policy_runner.policy import Action, Observation, PolicyError, Query
from vla_humanoid.policy_runner.report import RunReport

LATE, SILENT, FAILED = "late", "silent", "failed"
NOT_FINITE, MISSHAPEN, DISAGREES = "not_finite", "misshapen", "disagrees_with_itself"
"""Reasons why the policy's actions are missing."""


@dataclass(frozen=True)
class RunnerConfig:
    """When the runner stops trusting a policy.

    Args:
        silence: how long an answer may take before it is given up [s].
        hold: how long the robot holds still before it stands up straight [s].
        disagreement: mean distance, over the entries of a normalized action and the steps that two
            successive chunks share, from which the new one is not believed until the next one
            agrees with it.
        standing_height: of the pelvis [m] when the robot stands up.
        done: progress, in (0, 1], from which a policy that tells it has done what it was told: the
            chunk that came with it is carried out to its end, and then the robot holds still until
            it is told something else. None to ask as long as there are steps.
    """

    silence: float = 5.0
    hold: float = 1.0
    disagreement: float = 0.7
    standing_height: float = 0.74
    done: float | None = None


class PolicyRunner:
    """Chooses the actions of an episode, by asking a policy.

    It is told of every step's observation and returns that step's action. Where the policy has
    none, because it is late, silent, or does not make sense, the robot holds what it was doing;
    after a while it stands still upright; as soon as the policy is back, it acts again.

    Args:
        inference: puts the questions.
        execution: says when, and makes actions of the answers.
        config: when the policy is not trusted.
    """

    def __init__(
        self, inference: Inference, execution: Execution, config: RunnerConfig | None = None
    ) -> None:
        self._inference, self._execution = inference, execution
        self._config = config or RunnerConfig()
        description = inference.policy.description
        self._rate, self._spec = description.rate, description.action
        self._holding = HoldAction(description.action, description.state)
        self.gave_up: str | None = None
        self.reset()

    def reset(self) -> None:
        """Begin an episode; the policy is told with the first observation."""
        self.report = RunReport()
        self._inference.forget()
        self._execution.reset()
        self._instruction: str | None = None
        self._last: Action | None = None
        self._doubted: Chunk | None = None
        self._trouble = ""
        self._held = 0

    def act(self, observation: Observation) -> Action:
        """Return the action of the present step, each entry in [-1, 1], shape (action dim,)."""
        step = self.report.steps
        self._listen(observation)
        self._receive(step)
        if self._may_ask() and self._execution.asks(step):
            self._ask(observation, step)
            self._receive(step)
        action = self._execution.at(step)
        self.report.steps += 1
        if action is not None:
            self._last = self._go_on(action)
        elif self.report.done_at is not None and self._last is not None:
            self._last = self._holding.after(self._last)
        else:
            self._last = self._held_action(observation, step)
        return self._last

    def _may_ask(self) -> bool:
        """Tell whether there is something left to do, and nothing being thought about."""
        told = self._instruction is not None and self.report.done_at is None
        return told and self._inference.waits_since is None

    def _listen(self, observation: Observation) -> None:
        """Begin anew with the policy when the robot is told something else."""
        told = str(observation["instruction"])
        if told != self._instruction:
            self._inference.forget()
            self._execution.reset()
            self._doubted = None
            self.report.done_at = None
            self._instruction = told if self._is_told(told) else None

    def _is_told(self, instruction: str) -> bool:
        try:
            self._inference.policy.reset(instruction)
        except PolicyError as error:
            self._note(FAILED, str(error))
            return False
        return True

    def _ask(self, observation: Observation, step: int) -> None:
        plan = self._execution.plan
        committed = np.empty((0, self._spec.dim), dtype=np.float32)
        if plan is not None:
            committed = plan.between(step, step + self._inference.delay)
        self._inference.ask(Query(observation, committed, self._last), step)

    def _receive(self, step: int) -> None:
        answer = self._inference.collect(step)
        if answer is None:
            self._give_up_waiting(step)
            return
        self.report.latencies.append(answer.seconds)
        chunk = self._checked(answer)
        if chunk is not None:
            self.report.answers += 1
            self.report.late += self._trouble == LATE
            self._execution.accept(chunk, step)
            if self._is_done(answer):
                self.report.done_at = step

    def _is_done(self, answer: Answer) -> bool:
        told, enough = answer.outlook, self._config.done
        return told is not None and enough is not None and told.progress >= enough

    def _give_up_waiting(self, step: int) -> None:
        since = self._inference.waits_since
        if since is not None and step - since >= self._config.silence * self._rate:
            self._inference.forget()
            self._note(SILENT, f"No answer for {self._config.silence:g} s.")

    def _checked(self, answer: Answer) -> Chunk | None:
        """Return what can be carried out of an answer; note why, if nothing can."""
        if answer.actions is None:
            self._note(FAILED, answer.reason)
            return None
        actions = np.asarray(answer.actions, dtype=np.float32)
        if actions.ndim != 2 or actions.shape[1] != self._spec.dim or not len(actions):
            self._note(
                MISSHAPEN,
                f"The answer has shape {actions.shape} where (steps, {self._spec.dim}) is needed.",
            )
            return None
        if not np.isfinite(actions).all():
            bad = self._spec.fields[int((~np.isfinite(actions)).any(axis=0).argmax())].name
            self._note(NOT_FINITE, f"{bad} is not finite.")
            return None
        chunk = Chunk(answer.asked_at, np.clip(actions, -1.0, 1.0))
        return chunk if self._believes(chunk) else None

    def _believes(self, chunk: Chunk) -> bool:
        """Tell whether a chunk goes with the one before, or with the one that was doubted."""
        before = self._doubted or self._execution.plan
        self._doubted = None
        if before is None:
            return True
        shared = _distance(before, chunk)
        if shared is None or shared <= self._config.disagreement:
            return True
        self._doubted = chunk
        self._execution.reset()
        self._note(DISAGREES, f"Successive answers are {shared:.2f} apart in the mean.")
        return False

    def _note(self, reason: str, explanation: str) -> None:
        self.report.note(reason, explanation, begins=reason != self._trouble)
        self._trouble = reason

    def _go_on(self, action: Action) -> Action:
        self._trouble, self._held = "", 0
        return action

    def _held_action(self, observation: Observation, step: int) -> Action:
        if not self._trouble:
            self._note(LATE, f"No action for step {step}; the policy is still thinking.")
        self.report.stale += 1
        self._held += 1
        if self._last is not None:
            action = self._holding.after(self._last)
        else:
            action = self._holding.at(np.asarray(observation["state"], dtype=np.float32))
        if self._held > self._config.hold * self._rate:
            return self._standing(action)
        return action

    def _standing(self, action: Action) -> Action:
        """Return an action that also brings the pelvis to standing height."""
        names = [field.name for field in self._spec.fields]
        if "pelvis_height" not in names:
            return action
        index = names.index("pelvis_height")
        physical = self._spec.to_physical(action.astype(np.float64))
        physical[index] = self._config.standing_height
        return self._spec.to_normalized(physical).astype(np.float32)


def _distance(before: Chunk, after: Chunk) -> float | None:
    """Return how far two chunks are apart where they speak of the same steps; None if nowhere."""
    first, end = max(before.start, after.start), min(before.end, after.end)
    if end <= first:
        return None
    gap: NDArray[np.float32] = np.abs(before.between(first, end) - after.between(first, end))
    return float(gap.mean())
