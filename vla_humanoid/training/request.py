"""What a user asks to be trained, and how a run folder records it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.policies.systems.parts import AS_NAMED, Parts
from vla_humanoid.training.adaptation import Adaptation
from vla_humanoid.training.config import TrainingConfig
from vla_humanoid.training.grounding_source import weights_file
from vla_humanoid.training.schedule import Schedule

FORMAT_VERSION = 1
_PACKAGES = ("vla-humanoid", "numpy", "torch")
_FREE = ("versions", "schedule", "files", "grounding")
"""Entries that may differ when a run is resumed: they change no weight."""


@dataclass(frozen=True)
class Request:
    """What is to be trained, on what.

    Args:
        files: datasets.
        output: folder of the run.
        model: name of a system.
        training: how.
        schedule: what is done besides.
        weights: each file's share of the samples; empty for as many as it has steps.
        init: checkpoint to start from.
        grounding: folder of the grounding network that tells the model where things are, or of a
            policy that has one.
        parts: that the model has instead of its system's.
        features: folder in which what frozen encoders see and read is kept; None to look again
            every time.
        adapt: which weights are trained.
        demonstrations: how many of each file are used; None for all of them.
        resume: whether to go on with a run that ended early.
    """

    files: tuple[Path, ...]
    output: Path
    model: str = "baku"
    training: TrainingConfig = field(default_factory=TrainingConfig)
    schedule: Schedule = field(default_factory=Schedule)
    weights: tuple[float, ...] = ()
    init: Path | None = None
    grounding: Path | None = None
    parts: Parts = AS_NAMED
    features: Path | None = None
    adapt: Adaptation = "full"
    demonstrations: int | None = None
    resume: bool = False

    def __post_init__(self) -> None:
        if not self.files:
            raise ConfigurationError("Name the HDF5 files to train on.")
        if self.adapt != "full" and self.init is None:
            raise ConfigurationError(f"--adapt {self.adapt} needs a checkpoint: give --init.")
        if self.init is not None and self.grounding is not None:
            raise ConfigurationError(
                "A model keeps its grounding network: give --init or --grounding, not both."
            )
        if self.init is not None and self.parts.named():
            options = ", ".join(f"--{part}" for part in self.parts.named())
            raise ConfigurationError(f"A model keeps its parts: give --init or {options}.")

    def record(self) -> dict[str, object]:
        """Return all that determines the run as plain data, hashes of the files with it."""
        content = asdict(self)
        del content["resume"], content["output"], content["features"]
        content["files"] = [str(path) for path in self.files]
        content["init"] = None if self.init is None else str(self.init)
        content["grounding"] = None if self.grounding is None else str(self.grounding)
        content["grounding_weights"] = _digest_of(self.grounding)
        content["datasets"] = dataset_hashes(self.files)
        content["versions"] = {name: version(name) for name in _PACKAGES}
        content["format_version"] = FORMAT_VERSION
        # As it will be read: tuples become lists.
        return json.loads(json.dumps(content))


def dataset_hashes(files: tuple[Path, ...]) -> dict[str, str]:
    """Return the SHA-256 of each file's content, by name.

    Raises:
        ConfigurationError: if a file cannot be read, or two have the same name.
    """
    hashes: dict[str, str] = {}
    for path in files:
        if path.name in hashes:
            raise ConfigurationError(f"Two files are called {path.name}; rename one of them.")
        try:
            with path.open("rb") as file:
                hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
    return hashes


def _digest_of(grounding: Path | None) -> str:
    """Return the SHA-256 of a grounding network's weights; empty without one.

    Raises:
        ConfigurationError: if the folder holds none.
    """
    if grounding is None:
        return ""
    (digest,) = dataset_hashes((weights_file(grounding),)).values()
    return digest


def require_same_run(now: Mapping[str, object], before: Mapping[str, object], path: Path) -> None:
    """Check that a run is asked for as it was begun.

    Raises:
        ConfigurationError: naming every entry that differs.
    """
    ours, theirs = _flat(now), _flat(before)
    lines = [
        f"  {name}: {ours.get(name)!r} instead of {theirs.get(name)!r}"
        for name in sorted(ours.keys() | theirs.keys())
        if name.partition(".")[0] not in _FREE and ours.get(name) != theirs.get(name)
    ]
    if lines:
        listed = "\n".join(lines)
        raise ConfigurationError(f"{path} is of a run that was asked for otherwise:\n{listed}")


def _flat(content: Mapping[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in content.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            flat[name] = value
    return flat
