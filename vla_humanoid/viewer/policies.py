"""What acts in an episode that is viewed."""

import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.description import Description, DescriptionError, require_same
from vla_humanoid.envs.description import describe_env
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.policies.loading import load_policy
from vla_humanoid.policy_runner.execution import RecedingHorizon
from vla_humanoid.policy_runner.inference import InStep
from vla_humanoid.policy_runner.policy import ChunkPolicy, PolicyError
from vla_humanoid.policy_runner.runner import PolicyRunner
from vla_humanoid.viewer.errors import InvalidSetting, PolicyUnavailable
from vla_humanoid.viewer.settings import SessionSettings

_STEPS_PER_QUESTION = 8
"""How much of a chunk is carried out before the policy is asked again."""
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


def make_policy(settings: SessionSettings, world: HumanoidEnv, resources: ExitStack) -> Policy:
    """Make what acts.

    Args:
        settings: say which.
        world: the bare environment.
        resources: releases what the policy holds when the episode is left.

    Raises:
        InvalidSetting: if its location is none.
        PolicyUnavailable: if it cannot be had, saying what is missing.
    """
    match settings.policy:
        case "expert":
            return Expert(world)
        case "checkpoint":
            return _load(_checked_path(settings.location), describe_env(world))
        case "server":
            _check_address(settings.location)
            return _ask_server(f"ws://{settings.location}", describe_env(world), resources)


def _ask_server(address: str, offered: Description, resources: ExitStack) -> Policy:
    """Return what asks a policy that is served, and carries out its chunks."""
    try:
        from vla_humanoid.policy_runner.wire.openpi import OpenpiPolicy
    except ModuleNotFoundError as error:
        raise PolicyUnavailable(
            f"{error.name} is missing: install vla-humanoid[serve] to ask policies on a server."
        ) from error
    try:
        policy = OpenpiPolicy(address)
        resources.callback(policy.close)
    except PolicyError as error:
        raise PolicyUnavailable(str(error)) from error
    return _run(policy, offered, f"The policy at {address}")


def _load(folder: Path, offered: Description) -> Policy:
    """Return what carries out the chunks of a checkpoint."""
    try:
        policy = load_policy(folder)
    except PolicyError as error:
        raise PolicyUnavailable(str(error)) from error
    return _run(policy, offered, f"The policy in {folder}")


def _run(policy: ChunkPolicy, offered: Description, who: str) -> Policy:
    try:
        require_same(offered, policy.description, who)
    except DescriptionError as error:
        raise PolicyUnavailable(str(error)) from error
    return PolicyRunner(InStep(policy), RecedingHorizon(_STEPS_PER_QUESTION))


def _checked_path(location: str) -> Path:
    if not location:
        raise InvalidSetting("location", "Say which checkpoint: write the path of its folder.")
    folder = Path(location).expanduser()
    if not folder.exists():
        raise InvalidSetting(
            "location", f"There is no checkpoint {location}; write the path of its folder."
        )
    return folder


def _check_address(location: str) -> None:
    match = _ADDRESS.fullmatch(location)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise InvalidSetting(
            "location",
            f"{location!r} is no address of a server; write HOST:PORT, such as localhost:8000.",
        )
