"""``vla-humanoid train``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.policies.loading import checkpoint_folder
from vla_humanoid.policies.systems.parts import Parts
from vla_humanoid.training.config import TrainingConfig
from vla_humanoid.training.schedule import Schedule


def train(
    files: Positional[tuple[Path, ...]],
    output: Path,
    training: Annotated[TrainingConfig, arg(name="")],
    schedule: Annotated[Schedule, arg(name="")],
    parts: Annotated[Parts, arg(name="")],
    model: str = "baku",
    weights: tuple[float, ...] = (),
    init: str | None = None,
    grounding: str | None = None,
    features: Path | None = None,
    adapt: str = "full",
    demonstrations: int | None = None,
    resume: bool = False,
) -> int:
    """Train a model on datasets, until it acts.

    Ctrl-C ends a run cleanly, and --resume goes on with it bit for bit, also after it was killed.
    With torchrun several processes share every batch.

    Args:
        files: HDF5 files; the episodes of their masks train are trained on, those of their masks
            valid are for validation.
        output: folder of the run.
        training: how the model is trained.
        schedule: what is done besides.
        parts: that the model has instead of its system's.
        model: name of a system.
        weights: each file's share of the samples; as many as it has steps, if not given.
        init: checkpoint to start from, a folder or shipped; its words keep what they mean.
        grounding: folder checkpoint of a run of `vla-humanoid ground`, or a policy with such a
            network, a folder or shipped; the network tells the model which things its sentence
            names, and where they are.
        features: folder in which what frozen encoders make of images and sentences is kept, so that
            they look at each once; images must come unchanged: --brightness 0.
        adapt: which weights are trained, from --init: full, head, or lora.
        demonstrations: how many of each file are used; all of them, if not given.
        resume: go on with the run that is in the output.
    """
    try:
        from vla_humanoid.training.command import adaptation, carry_out
        from vla_humanoid.training.request import Request
    except ModuleNotFoundError as error:
        if error.name not in {"torch", "safetensors", "pydantic"}:
            raise
        raise ConfigurationError(
            f"{error.name} is missing: install vla-humanoid[policy] to train models."
        ) from error
    request = Request(
        files=files,
        output=output,
        model=model,
        training=training,
        schedule=schedule,
        weights=weights,
        init=_folder(init),
        grounding=_folder(grounding),
        parts=parts,
        features=features,
        adapt=adaptation(adapt),
        demonstrations=demonstrations,
        resume=resume,
    )
    carry_out(request, new_console())
    return 0


def _folder(checkpoint: str | None) -> Path | None:
    """Return the folder of a checkpoint; one that is not there is refused when it is read."""
    return None if checkpoint is None else checkpoint_folder(checkpoint) or Path(checkpoint)
