"""What judges have in common: falls end episodes, and the first verdict to end one stands."""

from abc import abstractmethod
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.predicates import is_standing
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Judge, Verdict

DROPPED = "dropped"
"""Failure: something that is needed has fallen off the table."""


@dataclass(frozen=True)
class Judgement:
    """What a task makes of a world state, the robot standing; fields as in `Verdict`."""

    success: bool
    failure: str | None
    subgoal: int
    progress: float


class EpisodeJudge(Judge):
    """Judges one episode: falls are failures, and whatever ends the episode stands."""

    def __init__(self) -> None:
        self._final: Verdict | None = None

    def update(self, state: WorldState) -> Verdict:
        """Take the world state after a policy step and return how the episode stands."""
        if self._final is not None:
            return self._final
        judged = self.assess(state)
        failure = judged.failure if is_standing(state.robot) else FALLEN
        success = judged.success and failure is None
        verdict = Verdict(
            success=success,
            failure=failure,
            wrong_object=failure == WRONG_OBJECT,
            subgoal=judged.subgoal,
            reward=float(success),
            progress=1.0 if success else judged.progress,
        )
        if success or failure is not None:
            self._final = verdict
        return verdict

    @abstractmethod
    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""


class Mistakes:
    """Follows what must not come about; what was so from the first is nobody's mistake.

    Args:
        duration: for which a mistake must last to count [s].
    """

    def __init__(self, duration: float) -> None:
        self._duration = duration
        self._holds: dict[Hashable, Hold] = {}
        self._excused: frozenset[Hashable] | None = None

    def update(self, present: Mapping[Hashable, str], time: float) -> str | None:
        """Take what is wrong at a time [s], and return the failure that it comes to, if any.

        Args:
            present: what is wrong now, such as which thing is where, with its failure.
            time: in the episode [s].
        """
        if self._excused is None:
            self._excused = frozenset(present)
        for key in set(self._holds) - set(present):
            del self._holds[key]
        counted = [key for key in present if key not in self._excused]
        lasting = {
            key: self._holds.setdefault(key, Hold(self._duration)).update(True, time)
            for key in counted
        }
        return next((present[key] for key in counted if lasting[key]), None)
