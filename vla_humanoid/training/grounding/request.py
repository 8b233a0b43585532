"""What a user asks to be trained, and how a run folder records it."""

import json
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.training.grounding.config import GroundingTraining
from vla_humanoid.training.request import dataset_hashes

FORMAT_VERSION = 1


@dataclass(frozen=True)
class GroundingRequest:
    """A grounding network that is to be trained.

    Args:
        files: of scenes.
        output: folder of the run.
        training: how.
        save_every: updates from one saved state to the next.
        validate_every: updates from one validation to the next.
        threads: that compute; 0 for as many as torch chooses.
        resume: whether to go on with a run that ended early.
    """

    files: tuple[Path, ...]
    output: Path
    training: GroundingTraining = field(default_factory=GroundingTraining)
    save_every: int = 250
    validate_every: int = 250
    threads: int = 0
    resume: bool = False

    def __post_init__(self) -> None:
        if not self.files:
            raise ConfigurationError("Name the files of scenes to train on.")
        if min(self.save_every, self.validate_every) < 1 or self.threads < 0:
            raise ConfigurationError(
                "save_every and validate_every must be at least 1, threads at least 0."
            )

    def record(self) -> dict[str, object]:
        """Return all that determines the run as plain data, hashes of the files with it.

        Raises:
            ConfigurationError: if a file cannot be read.
        """
        return {
            "kind": "grounding",
            "files": [str(path) for path in self.files],
            "training": json.loads(json.dumps(asdict(self.training))),
            "datasets": dataset_hashes(self.files),
            "versions": {name: version(name) for name in ("vla-humanoid", "torch")},
            "format_version": FORMAT_VERSION,
        }
