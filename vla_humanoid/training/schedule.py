"""What a run does besides training, and when."""

from dataclasses import asdict, dataclass

from vla_humanoid.data_collection.errors import ConfigurationError


@dataclass(frozen=True)
class Schedule:
    """What a run does besides updating weights; it changes none of them.

    Args:
        save_every: updates from one saved state to the next.
        validate_every: updates from one validation to the next.
        validation_batches: samples of a validation, in batches.
        evaluate_every: updates from one evaluation in closed loop to the next; 0 for none.
        episodes: of an evaluation, for each task.
        evaluators: processes that evaluate.
        readers: processes that read samples; 0 to read in between.
        threads: that compute; 0 for as many as torch chooses.

    Raises:
        ConfigurationError: if a number is too small.
    """

    save_every: int = 500
    validate_every: int = 500
    validation_batches: int = 6
    evaluate_every: int = 0
    episodes: int = 20
    evaluators: int = 2
    readers: int = 1
    threads: int = 0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            least = 0 if name in {"evaluate_every", "readers", "threads"} else 1
            if value < least:
                raise ConfigurationError(f"{name} must be at least {least}, not {value}.")
