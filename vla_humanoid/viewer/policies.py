"""What acts in an episode that is viewed."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.expert import Expert, ExpertWorld
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.viewer.errors import InvalidSetting, PolicyUnavailable
from vla_humanoid.viewer.settings import SessionSettings

_ADDRESS = re.compile(r"(?P<host>[A-Za-z0-9.-]+):(?P<port>\d{1,5})")


class TimedPolicy:
    """A policy with a stopwatch.

    Args:
        policy: what acts.
        clock: seconds that only grow.
    """

    def __init__(self, policy: Policy, clock: Callable[[], float] = time.perf_counter) -> None:
        self._policy = policy
        self._clock = clock
        self.latency = 0.0
        """How long the latest action took to choose [s]."""
        self.action: Action | None = None
        """The latest action; None before the first."""

    @property
    def gave_up(self) -> str | None:
        """Why the policy gave the episode up, or None."""
        return self._policy.gave_up

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        self.latency, self.action = 0.0, None
        self._policy.reset()

    def act(self, observation: Observation) -> Action:
        """Return the next action, each entry in [-1, 1]."""
        start = self._clock()
        self.action = self._policy.act(observation)
        self.latency = self._clock() - start
        return self.action


def make_policy(settings: SessionSettings, world: ExpertWorld) -> Policy:
    """Make what acts.

    Args:
        settings: say which.
        world: the bare environment.

    Raises:
        InvalidSetting: if its location is none.
        PolicyUnavailable: if it cannot be had, saying what is missing.
    """
    match settings.policy:
        case "expert":
            return Expert(world)
        case "checkpoint":
            _check_path(settings.location)
            raise PolicyUnavailable(
                f"{settings.location} cannot be run: this version of vla-humanoid has no policies "
                "that load checkpoints yet. Choose the expert."
            )
        case "server":
            _check_address(settings.location)
            raise PolicyUnavailable(
                f"{settings.location} cannot be asked: this version of vla-humanoid has no client "
                "for policy servers yet. Choose the expert."
            )


def _check_path(location: str) -> None:
    if not location:
        raise InvalidSetting("location", "Say which checkpoint: write the path of its folder.")
    if not Path(location).expanduser().exists():
        raise InvalidSetting(
            "location", f"There is no checkpoint {location}; write the path of its folder."
        )


def _check_address(location: str) -> None:
    match = _ADDRESS.fullmatch(location)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise InvalidSetting(
            "location",
            f"{location!r} is no address of a server; write HOST:PORT, such as localhost:5555.",
        )
