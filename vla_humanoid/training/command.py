"""Carries out ``vla-humanoid train``."""

from collections.abc import Callable

import torch
from rich.console import Console

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.adaptation import ADAPTATIONS, Adaptation
from vla_humanoid.training.allocator import keep_freed_memory
from vla_humanoid.training.distributed import Share, process_group, wait_for_all
from vla_humanoid.training.kept_features import keep_features
from vla_humanoid.training.preparation import prepare
from vla_humanoid.training.progress import display
from vla_humanoid.training.request import Request
from vla_humanoid.training.run import Run
from vla_humanoid.training.run_folder import RunFolder
from vla_humanoid.training.signals import noticed_interrupts


def carry_out(request: Request, console: Console) -> None:
    """Train as asked, alone or as one of the processes that torchrun has started.

    Raises:
        ConfigurationError: if the request cannot be carried out.
        DatasetError: if a file cannot be read.
        GenerationError: if the run ended early; the message says how to go on.
    """
    keep_freed_memory()
    if request.schedule.threads:
        torch.set_num_threads(request.schedule.threads)
    record = request.record()
    with process_group() as share, noticed_interrupts() as stop:
        model = prepare(request)  # First, so that what does not fit leaves no folder.
        if request.features is not None:
            keep_features(model, request.features, request.training)
        _begin(request, record, share)
        _train(model, request, record, share, console, stop)


def _begin(request: Request, record: dict[str, object], share: Share) -> None:
    """Let the first process make the folder; the others then go on with what it made."""
    if share.first:
        RunFolder(request.output).begin(record, request.resume)
    wait_for_all()


def _train(
    model: PolicyModel,
    request: Request,
    record: dict[str, object],
    share: Share,
    console: Console,
    stop: Callable[[], bool],
) -> None:
    quiet = console if share.first else Console(quiet=True)
    with display(quiet, request.training.batch_size, request.training.steps) as shown:
        run = Run(model, request, record, share, shown, stop)
        size = sum(weight.numel() for weight in run.trainer.model.parameters())
        shown.say(
            f"{size / 1e6:.2f} million weights; {run.trainer.updates.step} steps were made before"
        )
        run.run()
        shown.say(f"run         {request.output}")


def adaptation(name: str) -> Adaptation:
    """Return the adaptation of a name.

    Raises:
        ConfigurationError: if there is none.
    """
    for one in ADAPTATIONS:
        if one == name:
            return one
    raise ConfigurationError(f"Unknown --adapt {name!r}; choose one of {', '.join(ADAPTATIONS)}.")
