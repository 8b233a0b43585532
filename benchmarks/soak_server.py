"""The server of a soak, in a process of its own: zeros, from a policy that hangs now and then."""

import os
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.policy_runner.serving.running import run_until_signalled
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
from vla_humanoid.policy_runner.serving.slot import SlotConfig
from vla_humanoid.schema import ActionSpec, Field

HORIZON = 16
PATIENCE = 2.0
"""After which the policy counts as hanging [s]."""
HANGS_FOR = 30.0
"""How long it hangs [s]: the thread that was left behind then ends."""
DESCRIPTION = Description(
    ActionSpec("end_effector", tuple(Field(f"command_{i}", "1", -1.0, 1.0) for i in range(18))),
    tuple(Field(f"sensed_{i}", "1", -1.0, 1.0) for i in range(109)),
    ("head",),
    64,
    20.0,
)


@dataclass
class Moments:
    """When the policy hangs.

    Args:
        every: between two hangs [s].
        passed: how many of these moments there were.
    """

    every: float
    passed: int = 0

    def __post_init__(self) -> None:
        self._begin = time.monotonic()

    def is_due(self) -> bool:
        """Return whether another one is due; one of several that were missed."""
        moments = int((time.monotonic() - self._begin) / self.every)
        due, self.passed = moments > self.passed, moments
        return due


class HangingPolicy:
    """Answers zeros at once, or hangs.

    Args:
        moments: when it hangs; those of all that take its place.
    """

    def __init__(self, moments: Moments) -> None:
        self.description = DESCRIPTION
        self._moments = moments

    def reset(self, instruction: str) -> None:
        """Do nothing: it has no past."""

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return zeros, shape (16, 18)."""
        if self._moments.is_due():
            time.sleep(HANGS_FOR)
        return np.zeros((HORIZON, self.description.action.dim), dtype=np.float32)


def serve(told: Connection, complaints: Path, hang_every: float) -> None:
    """Serve until a signal ends it.

    Args:
        told: is sent the port once clients may connect.
        complaints: file that its standard error goes to.
        hang_every: between two hangs [s].
    """
    with complaints.open("a") as file:
        os.dup2(file.fileno(), 2)
    moments = Moments(hang_every)

    def make() -> HangingPolicy:
        return HangingPolicy(moments)

    config = ServerConfig(port=0, slot=SlotConfig(patience=PATIENCE, retry=0.2))
    run_until_signalled(
        PolicyServer(make, config),
        on_ready=lambda _, port: told.send(port),
        make_policy=make,
        on_swap=lambda line: None,
    )
