"""From the words that name a policy to the server that lets others ask it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.replayed_policy import ReplayedPolicy
from vla_humanoid.description import Description
from vla_humanoid.envs.description import describe_env
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.policies.loading import checkpoint_folder, load_policy
from vla_humanoid.policy_runner.policy import ChunkPolicy, PolicyError

if TYPE_CHECKING:
    from vla_humanoid.policy_runner.serving.server import PolicyServer

KINDS = "shipped, zero, random, replay:DEMOS.hdf5, or the folder of a checkpoint"
REPLAY = "replay:"


@dataclass(frozen=True)
class Surroundings:
    """Where a policy acts that does not say so itself.

    Args:
        task: its name, such as "PickPlace".
        control_mode: what actions mean.
        cameras: whose images it is sent.
        image_size: height and width of these [px].
    """

    task: str
    control_mode: str
    cameras: tuple[str, ...]
    image_size: int


def policy_maker(name: str, surroundings: Surroundings) -> Callable[[], ChunkPolicy]:
    """Return what makes the policy of a name, each time anew.

    Args:
        name: zero, random, replay:DEMOS.hdf5, shipped, or the folder of a checkpoint.
        surroundings: of zero and random.

    Raises:
        ConfigurationError: if there is no such policy; the message says which there are.
    """
    from vla_humanoid.policy_runner.constant import RandomPolicy, ZeroPolicy

    if name.startswith(REPLAY):
        path = Path(name.removeprefix(REPLAY))
        return lambda: ReplayedPolicy(path)
    if name in ("zero", "random"):
        description = _describe(surroundings)
        make = ZeroPolicy if name == "zero" else RandomPolicy
        return lambda: make(description)
    if (folder := checkpoint_folder(name)) is not None:
        return lambda: load_policy(folder)
    raise ConfigurationError(f"Unknown policy {name!r}; choose {KINDS}.")


def policy_server(
    make_policy: Callable[[], ChunkPolicy],
    *,
    host: str,
    port: int,
    api_key: str,
    allow_anyone: bool,
    deadline: float,
    patience: float,
    most_clients: int,
) -> "PolicyServer":
    """Return a server that is not running yet; the arguments are those of `ServerConfig`.

    Raises:
        ConfigurationError: if the policy does not answer, others could ask without being meant to,
            or the extra [serve] is missing.
    """
    try:
        from vla_humanoid.policy_runner.serving.access import AccessError
        from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
        from vla_humanoid.policy_runner.serving.slot import SlotConfig
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"{error.name} is missing: install vla-humanoid[serve] to serve policies."
        ) from error
    if not 0 <= port <= 65535:
        raise ConfigurationError(f"--port {port} is no port; choose 1 to 65535, or 0 for any.")
    for option, value in (
        ("deadline", deadline),
        ("patience", patience),
        ("clients", most_clients),
    ):
        if value <= 0:
            raise ConfigurationError(f"--{option} {value} has to be positive.")
    config = ServerConfig(
        host=host,
        port=port,
        api_key=api_key,
        allow_anyone=allow_anyone,
        deadline=deadline,
        most_clients=most_clients,
        slot=SlotConfig(patience=patience),
    )
    try:
        return PolicyServer(make_policy, config)
    except AccessError as error:
        hint = "Options: --api-key-file FILE, --allow-anyone."
        raise ConfigurationError(f"{error} {hint}") from error
    except PolicyError as error:
        raise ConfigurationError(str(error)) from error


def serve_until_signalled(
    server: "PolicyServer",
    make_policy: Callable[[], ChunkPolicy],
    tell: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP exchanges the policy, SIGUSR1 puts the last one back.

    Args:
        server: not running yet.
        make_policy: makes the policy anew.
        tell: told what happens, a line each.

    Raises:
        ConfigurationError: if it cannot listen there.
    """
    from vla_humanoid.policy_runner.serving.running import run_until_signalled

    def on_ready(host: str, port: int) -> None:
        tell(f"ws://{host}:{port}")

    try:
        run_until_signalled(server, on_ready, make_policy, tell)
    except OSError as error:
        raise ConfigurationError(f"It cannot be listened there: {error}.") from error


def read_api_key(path: Path) -> str:
    """Return the key in a file, without the white space around it.

    Raises:
        ConfigurationError: if it cannot be read, or holds no key that fits into a header.
    """
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} holds no API key: {error}.") from error
    if not key.isprintable() or not key or " " in key:
        raise ConfigurationError(f"{path} holds no API key: write one word of ASCII into it.")
    return key


def _describe(surroundings: Surroundings) -> Description:
    try:
        env = HumanoidEnv(
            surroundings.task,
            control_mode=surroundings.control_mode,
            cameras=surroundings.cameras,
            image_size=surroundings.image_size,
        )
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    description = describe_env(env)
    env.close()
    return description
