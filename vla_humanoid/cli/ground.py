"""``vla-humanoid ground``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.training.grounding.config import GroundingTraining


def ground(
    files: Positional[tuple[Path, ...]],
    output: Path,
    training: Annotated[GroundingTraining, arg(name="")],
    save_every: int = 250,
    validate_every: int = 250,
    threads: int = 0,
    resume: bool = False,
) -> int:
    """Train a network to point at the things that sentences name.

    A policy is trained on what it says with `vla-humanoid train --grounding`. Ctrl-C ends a run
    cleanly, and --resume goes on with it bit for bit. With torchrun several processes share every
    batch.

    Args:
        files: HDF5 files that `vla-humanoid scenes` wrote.
        output: folder of the run; the network is in its folder checkpoint.
        training: how the network is trained.
        save_every: updates from one saved state to the next.
        validate_every: updates from one validation to the next.
        threads: that compute; 0 for as many as torch chooses.
        resume: go on with the run that is in the output.
    """
    try:
        from vla_humanoid.training.grounding.request import GroundingRequest
        from vla_humanoid.training.grounding.run import carry_out
    except ModuleNotFoundError as error:
        if error.name not in {"torch", "safetensors", "pydantic"}:
            raise
        raise ConfigurationError(
            f"{error.name} is missing: install vla-humanoid[policy] to train networks."
        ) from error
    request = GroundingRequest(files, output, training, save_every, validate_every, threads, resume)
    carry_out(request, new_console())
    return 0
