"""From the words that name a policy to what acts in an episode."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import numpy as np

from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.description import Description, DescriptionError, require_same
from vla_humanoid.envs.description import describe_env
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.mapping import ADDRESSES, mapping_of
from vla_humanoid.evaluation.replayed import REPLAY, RecordedEpisodes, Replayed
from vla_humanoid.policies.loading import checkpoint_folder, load_policy
from vla_humanoid.policy_runner.execution import (
    Execution,
    OpenLoop,
    RealTimeChunking,
    RecedingHorizon,
    TemporalEnsemble,
)
from vla_humanoid.policy_runner.inference import InStep, Live
from vla_humanoid.policy_runner.live import LiveRunner
from vla_humanoid.policy_runner.mapped.config import PolicyMapping
from vla_humanoid.policy_runner.mapped.policy import MappedPolicy
from vla_humanoid.policy_runner.policy import ChunkPolicy, PolicyError
from vla_humanoid.policy_runner.runner import PolicyRunner, RunnerConfig
from vla_humanoid.policy_runner.serving.trial import try_policy

KINDS = (
    "shipped, expert, zero, random, replay:DEMOS.hdf5, the folder of a checkpoint, or "
    "ws://HOST:PORT of a server"
)

MakePolicy: TypeAlias = Callable[[HumanoidEnv], Policy]
"""Makes what acts in an environment."""


class Zero:
    """Asks for the middle of every range."""

    gave_up: str | None = None

    def __init__(self, env: HumanoidEnv) -> None:
        self._action = np.zeros(env.action_spec.dim, dtype=np.float32)

    def reset(self) -> None:
        """Do nothing: it is the same in every episode."""

    def act(self, observation: Observation) -> Action:
        """Return zeros."""
        return self._action


class Random:
    """Asks for anything, evenly, another thing at every step; the episode's seed decides."""

    gave_up: str | None = None

    def __init__(self, env: HumanoidEnv) -> None:
        self._env = env

    def reset(self) -> None:
        """Begin the episode that the environment was just reset to."""
        self._rng = np.random.default_rng(self._env.episode.seed)

    def act(self, observation: Observation) -> Action:
        """Return a draw."""
        return self._rng.uniform(-1.0, 1.0, self._env.action_spec.dim).astype(np.float32)


class PolicySource:
    """Makes the policy that an evaluation names, once per environment.

    Args:
        config: names it.

    Raises:
        ConfigurationError: if there is no such policy; the message says which there are.
    """

    def __init__(self, config: EvaluationConfig) -> None:
        self._config = config
        self._resources = ExitStack()
        self._chunks: ChunkPolicy | None = None
        self._recorded: RecordedEpisodes | None = None
        self._live: Live | None = None
        name = config.policy
        mapping = mapping_of(config)
        if mapping is not None:
            self._chunks = self._connect_mapped(name, mapping)
        elif name.startswith(ADDRESSES):
            self._chunks = self._connect(name)
        elif name.startswith(REPLAY):
            self._recorded = RecordedEpisodes(Path(name.removeprefix(REPLAY)))
        elif (folder := checkpoint_folder(name)) is not None:
            self._chunks = _load(folder)
        elif name not in _STEPWISE:
            raise ConfigurationError(f"Unknown policy {name!r}; choose {KINDS}.")

    @property
    def description(self) -> Description | None:
        """What the policy sees and does; None for one that takes what there is."""
        return None if self._chunks is None else self._chunks.description

    def make(self, env: HumanoidEnv, late: int = 0) -> Policy:
        """Return what acts in an environment.

        Args:
            env: the environment.
            late: steps that the answers of one that is asked for chunks take beyond its delay.

        Raises:
            ConfigurationError: if it does not fit; the message lists every difference.
        """
        if self._recorded is not None:
            return Replayed(env, self._recorded)
        if self._chunks is None:
            return _STEPWISE[self._config.policy](env)
        try:
            require_same(describe_env(env), self._chunks.description, self._config.policy)
        except DescriptionError as error:
            raise ConfigurationError(str(error)) from error
        execution, delay = make_execution(self._config), self._config.delay + late
        trust = RunnerConfig(done=self._config.done)
        if not self._config.live:
            return PolicyRunner(InStep(self._chunks, delay), execution, trust)
        if delay:
            raise ConfigurationError(
                "--live takes as long as the policy takes; leave out --delay and --perturb latency."
            )
        return LiveRunner(self._thread(self._chunks), execution, trust)

    def close(self) -> None:
        """Release what the policy holds."""
        self._resources.close()

    def _thread(self, policy: ChunkPolicy) -> Live:
        """Return where the policy thinks while the world goes on: the same in all episodes."""
        if self._live is None:
            self._live = Live(policy, policy.description.rate)
            self._resources.callback(self._live.close)
        return self._live

    def _connect_mapped(self, address: str, mapping: PolicyMapping) -> ChunkPolicy:
        """Return a policy of another embodiment that has answered once as its mapping says."""
        try:
            from vla_humanoid.policy_runner.wire.openpi import OpenpiConnection
        except ModuleNotFoundError as error:
            raise _without_serve(error) from error
        try:
            server = OpenpiConnection(address)
            self._resources.callback(server.close)
            return try_policy(MappedPolicy(server, mapping))
        except PolicyError as error:
            raise ConfigurationError(str(error)) from error

    def _connect(self, address: str) -> ChunkPolicy:
        try:
            from vla_humanoid.policy_runner.wire.openpi import OpenpiPolicy
        except ModuleNotFoundError as error:
            raise _without_serve(error) from error
        try:
            policy = OpenpiPolicy(address)
        except PolicyError as error:
            raise ConfigurationError(str(error)) from error
        self._resources.callback(policy.close)
        return policy


def _without_serve(error: ModuleNotFoundError) -> ConfigurationError:
    return ConfigurationError(
        f"{error.name} is missing: install vla-humanoid[serve] to ask policies on a server."
    )


def _load(folder: Path) -> ChunkPolicy:
    try:
        return load_policy(folder)
    except PolicyError as error:
        raise ConfigurationError(str(error)) from error


_STEPWISE: dict[str, MakePolicy] = {"expert": Expert, "zero": Zero, "random": Random}


def make_execution(config: EvaluationConfig) -> Execution:
    """Return how chunks are carried out."""
    match config.execution:
        case "open_loop":
            return OpenLoop()
        case "receding_horizon":
            return RecedingHorizon(config.every)
        case "ensemble":
            return TemporalEnsemble()
        case "real_time":
            return RealTimeChunking(config.every)
