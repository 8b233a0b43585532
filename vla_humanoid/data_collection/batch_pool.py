"""Attempts carried out side by side in the worlds of one batch, within this process."""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TypeAlias

import numpy as np

from vla_humanoid.data_collection.attempts import AttemptResult, PartsFolder, attempt_seed
from vla_humanoid.data_collection.batch import Batch, BatchEpisode, BatchMember
from vla_humanoid.data_collection.environment import Action
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.recorder import Recorder
from vla_humanoid.data_collection.rollout import EpisodeRun, Outcome, Policy
from vla_humanoid.data_collection.run_config import RunDescription, describe_run
from vla_humanoid.data_collection.worker import Job, attempt_result
from vla_humanoid.sims.isaaclab.stock import NotInStock
from vla_humanoid.tasks.core.placement import PlacementError

MakeBatch: TypeAlias = Callable[[], Batch]
MakePolicy: TypeAlias = Callable[[BatchEpisode], Policy]

NO_LAYOUT, NOT_IN_STOCK = "no layout found", "not in stock"
"""Why an attempt has no episode."""


@dataclass
class _Lane:
    """A world of the batch, and the attempt that is under way there."""

    member: BatchMember
    policy: Policy
    attempt: int | None = None
    run: EpisodeRun | None = None
    recorder: Recorder | None = None


class BatchPool:
    """A context that runs attempts in a batch, with the face of a `WorkerPool`.

    Args:
        job: what to do.
        make_batch: makes the worlds, each with some episode.
        make_policy: makes what acts in one of them.
    """

    def __init__(self, job: Job, make_batch: MakeBatch, make_policy: MakePolicy) -> None:
        self._job = job
        self._make_batch, self._make_policy = make_batch, make_policy
        self._parts = PartsFolder(job.output)
        self._lanes: list[_Lane] = []
        self.description: RunDescription | None = None
        """What the run is carried out with; known once the batch has been made."""
        self.replaced = 0
        """Workers lost: none, for the worlds are in this process."""

    def __enter__(self) -> "BatchPool":
        try:
            self._batch = self._make_batch()
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise ConfigurationError(f"The environment does not start: {error}") from error
        for world, episode in enumerate(self._batch.episodes):
            self._lanes.append(_Lane(BatchMember(self._batch, world), self._make_policy(episode)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._batch.close()

    @property
    def in_flight(self) -> frozenset[int]:
        """Attempts that are being carried out."""
        return frozenset(lane.attempt for lane in self._lanes if lane.attempt is not None)

    @property
    def has_idle(self) -> bool:
        """Whether a world waits for work."""
        return self.description is not None and any(lane.attempt is None for lane in self._lanes)

    def assign(self, attempt: int) -> None:
        """Give an attempt to a world that waits for work."""
        lane = next(lane for lane in self._lanes if lane.attempt is None)
        lane.attempt = attempt

    def wait(self) -> list[AttemptResult]:
        """Advance until attempts have finished, and return them; the first call returns none."""
        if self.description is None:
            world = self._batch.episodes[0]
            self.description = describe_run(world, self._job.config.engine)
            return []
        results: list[AttemptResult] = []
        while not results:
            for lane in self._lanes:
                if lane.attempt is not None and lane.run is None:
                    results += self._begin(lane)
            if not results:
                results += self._advance()
        return results

    def _begin(self, lane: _Lane) -> list[AttemptResult]:
        """Begin an attempt; return its result if it cannot begin."""
        config, attempt = self._job.config, lane.attempt or 0
        recorder = Recorder(config.task, attempt)
        try:
            lane.run = EpisodeRun(
                lane.member, lane.policy, attempt_seed(config.seed, attempt), (recorder,)
            )
        except PlacementError:
            return [self._end(lane, Outcome(False, NO_LAYOUT, 0))]
        except NotInStock:
            return [self._end(lane, Outcome(False, NOT_IN_STOCK, 0))]
        lane.recorder = recorder
        return []

    def _advance(self) -> list[AttemptResult]:
        """Take one step in every world; return the attempts that it ended."""
        results: list[AttemptResult] = []
        chosen: dict[int, Action] = {}
        for world, lane in enumerate(self._lanes):
            if lane.run is not None:
                action = lane.run.choose()
                if action is not None:
                    chosen[world] = action
                elif lane.run.outcome is not None:
                    results.append(self._end(lane, lane.run.outcome))
        idle = np.zeros(self._batch.episodes[0].action_spec.dim, dtype=np.float32)
        self._batch.advance(np.stack([chosen.get(k, idle) for k in range(len(self._lanes))]))
        for world, action in chosen.items():
            lane = self._lanes[world]
            if lane.run is not None and (outcome := lane.run.take(action, *lane.member.outcome())):
                results.append(self._end(lane, outcome))
        return results

    def _end(self, lane: _Lane, outcome: Outcome) -> AttemptResult:
        """Keep a finished attempt, and let its world wait for work."""
        result = attempt_result(self._job.config, lane.attempt or 0, outcome)
        record = lane.recorder.record() if result.recorded and lane.recorder else None
        self._parts.store(result, record)
        lane.attempt = lane.run = lane.recorder = None
        return result
