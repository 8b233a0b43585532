"""What is known of an episode once it is over."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from vla_humanoid.data_collection.errors import CollectionError
from vla_humanoid.evaluation.conditions import Condition, Job


class JournalError(CollectionError):
    """A journal of episodes is damaged, or is that of another evaluation."""


@dataclass(frozen=True)
class EpisodeResult:
    """One episode. All but the costs follows from configuration, task and seed.

    Args:
        task: its name.
        seed: of the episode.
        instruction: the goal that the episode was judged by, in words.
        told: what the policy was told.
        success: at the last step.
        success_any: at any step.
        failure: why not, or empty.
        steps: actions carried out.
        seconds: simulated time.
        wrong_object: whether it handled something else than what was named.
        acted: whether it handled what was named, as far as the first sub-goal, or something else.
        subgoal: how many sub-goals were behind it.
        subgoals: how many there are.
        fallen: whether the robot fell.
        least_margin: of the DCM to the edge of the support [m].
        interventions: of the safety filter, by reason.
        fallbacks: of the runner, by reason.
        stale_action_ratio: part of the actions that the runner made up.
        roughness: mean squared change from one action to the next, normalized.
        latencies: median, 95th and 99th percentile of the policy's answers [s]; a cost.
        cpu_seconds: of the process; a cost.
        peak_memory: of the process [MiB]; a cost.
        realtime_factor: simulated time over that of the wall clock, where the one ran against the
            other; a cost.
        condition: how the episode differs from what its seed says; empty where it does not.
        energy: that the motors turned over [J].
        event_at: when the robot was disturbed, or told something else [s]; None if it never was.
        action_error: where the expert acted, mean distance of the policy's actions from the
            expert's, normalized.
        action_accuracy: there, part of the entries within 5 % of their range.
        trained: whether the policy says that it was trained on the task; None if it does not say.
    """

    task: str
    seed: int
    instruction: str
    told: str
    success: bool
    success_any: bool
    failure: str
    steps: int
    seconds: float
    wrong_object: bool
    acted: bool
    subgoal: int
    subgoals: int
    fallen: bool
    least_margin: float
    interventions: Mapping[str, int]
    fallbacks: Mapping[str, int]
    stale_action_ratio: float
    roughness: float
    latencies: tuple[float, float, float]
    cpu_seconds: float
    peak_memory: float
    realtime_factor: float | None = None
    condition: str = ""
    energy: float = 0.0
    event_at: float | None = None
    action_error: float | None = None
    action_accuracy: float | None = None
    trained: bool | None = None

    def to_json(self) -> str:
        """Return it as a line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "EpisodeResult":
        """Read a line.

        Raises:
            JournalError: if it is none of `to_json`.
        """
        try:
            content = json.loads(line)
        except ValueError as error:
            raise JournalError(f"is not JSON: {error}") from error
        names = {field.name for field in fields(cls)}
        if not isinstance(content, dict) or set(content) != names:
            raise JournalError("does not have the entries of an episode")
        content["latencies"] = tuple(content["latencies"])
        return cls(**content)

    @property
    def job(self) -> Job:
        """What it is the result of."""
        return Job(self.task, self.seed, Condition.parse(self.condition))

    @property
    def outcome(self) -> tuple[object, ...]:
        """All of it but the costs."""
        costs = {"latencies", "cpu_seconds", "peak_memory", "realtime_factor"}
        return tuple(json.dumps(value) for name, value in asdict(self).items() if name not in costs)
