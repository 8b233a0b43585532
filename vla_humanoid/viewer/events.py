"""What a session tells its subscribers, and what it is told to do."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from vla_humanoid.viewer.reading import Reading

if TYPE_CHECKING:
    from vla_humanoid.envs.episode import Episode


class Phase(Enum):
    """What a session is doing."""

    IDLE = "idle"
    """There is no episode."""
    READY = "ready"
    """An episode waits for its first step."""
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    """The episode succeeded."""
    FAILED = "failed"
    """The episode ended without success."""


class Command(Enum):
    """What a user can tell a session."""

    RESET = "Reset"
    STEP = "Step"
    RUN = "Run"
    PAUSE = "Pause"
    RECORD = "Record"
    STOP_RECORDING = "Stop recording"


@dataclass(frozen=True)
class PhaseChanged:
    """The session does something else now."""

    phase: Phase


@dataclass(frozen=True)
class EpisodeBegan:
    """There is another scene."""

    episode: "Episode"


@dataclass(frozen=True)
class MomentRead:
    """There is something new to see."""

    reading: Reading


@dataclass(frozen=True)
class EpisodeSaved:
    """An episode was recorded.

    Args:
        path: of the file.
        demo: its name in the file.
        success: whether it succeeded.
    """

    path: Path
    demo: str
    success: bool


@dataclass(frozen=True)
class Told:
    """The user should know something; nothing is wrong."""

    text: str


Event: TypeAlias = PhaseChanged | EpisodeBegan | MomentRead | EpisodeSaved | Told
