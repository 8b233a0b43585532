"""Several processes that train one model, each on its part of every batch."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import distributed

_PATIENCE = timedelta(hours=12)
"""That processes have while the first one evaluates in closed loop."""


@dataclass(frozen=True)
class Share:
    """Which of the processes this is.

    Args:
        rank: number of this one.
        processes: how many there are.
    """

    rank: int = 0
    processes: int = 1

    @property
    def first(self) -> bool:
        """Whether this is the one that writes."""
        return self.rank == 0


ALONE = Share()


@contextmanager
def process_group() -> Iterator[Share]:
    """Join the processes that torchrun has started; there is one if it has not.

    Its variables are set for every process that it starts.
    """
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        yield ALONE
        return
    distributed.init_process_group("gloo", timeout=_PATIENCE)
    try:
        yield Share(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()


def mean_over_processes(values: torch.Tensor) -> torch.Tensor:
    """Return the mean of all processes' values; gradients do not pass."""
    if not distributed.is_initialized():
        return values
    total = values.detach().clone()
    distributed.all_reduce(total)
    return total / distributed.get_world_size()


def any_process(flag: bool) -> bool:
    """Tell whether it is so in any process; all of them must ask."""
    return bool(mean_over_processes(torch.tensor(float(flag))) > 0)


def wait_for_all() -> None:
    """Go on once every process has come here."""
    if distributed.is_initialized():
        distributed.barrier()
