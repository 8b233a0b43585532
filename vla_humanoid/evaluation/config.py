"""What is evaluated, and how."""

from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

PROTOCOL = 1
"""Version of everything that seeds and rules of an evaluation follow from."""
FIRST_SEED = 2_000_000
"""Of every task: far from what anyone trains or develops with."""
MAPPING = "mapping.json"
"""Where the mapping of a policy of another embodiment is kept, within the output."""

Words: TypeAlias = Literal["own", "counterfactual", "blank", "foreign", "switch"]
WORDS: tuple[Words, ...] = ("own", "counterfactual", "blank", "foreign", "switch")
ExecutionName: TypeAlias = Literal["open_loop", "receding_horizon", "ensemble", "real_time"]
EXECUTIONS: tuple[ExecutionName, ...] = ("open_loop", "receding_horizon", "ensemble", "real_time")


@dataclass(frozen=True)
class EvaluationConfig:
    """What every episode of an evaluation shares; results follow from this, task and seed alone.

    Args:
        policy: what acts: see `vla_humanoid.evaluation.policies`.
        control_mode: what actions mean, for policies that do not say so themselves.
        engine: what simulates.
        randomization: axes of domain randomization, or "default" or "none".
        language: forms of language.
        split: which episodes there are.
        words: what the policy is told: its own sentence; that of another goal, by which it is then
            judged; nothing; or a sentence of no task, both judged by the own goal; or, after
            its own sentence, that of another goal, by which it is judged from then on.
        execution: how chunks are carried out.
        every: steps from question to question, of receding horizon and real time; 0 for half as
            many as a chunk has.
        delay: steps that an answer takes.
        done: progress from which a policy that tells it has done what it was told, and is asked no
            more; None to ask as long as there are steps.
        live: whether simulated time runs against the wall clock, so that a slow policy is felt.
        mapping: what a policy of another embodiment is to this robot, as JSON; empty for none.
    """

    policy: str
    control_mode: str = "end_effector"
    engine: str = "mujoco"
    randomization: tuple[str, ...] = ("default",)
    language: tuple[str, ...] = ("plain",)
    split: str = "all"
    words: Words = "own"
    execution: ExecutionName = "receding_horizon"
    every: int = 0
    delay: int = 0
    done: float | None = None
    live: bool = False
    mapping: str = ""
    protocol: int = PROTOCOL

    def to_json(self) -> dict[str, object]:
        """Return the configuration as plain data."""
        return asdict(self)


def seeds(episodes: int) -> range:
    """Return the seeds of the first episodes of any task."""
    return range(FIRST_SEED, FIRST_SEED + episodes)
