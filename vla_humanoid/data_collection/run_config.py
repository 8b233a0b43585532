"""What a generation run is asked for, and what was used to carry it out."""

import json
import math
import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

from vla_humanoid import __version__
from vla_humanoid.data_collection.environment import DemonstrationWorld, env_name
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.envs.config import EnvConfig, make_config
from vla_humanoid.envs.isaaclab.batch_config import BatchConfig, make_batch_config
from vla_humanoid.schema import PHYSICS_RATE, POLICY_RATE, Field
from vla_humanoid.sims.engine_names import ISAAC_LAB
from vla_humanoid.tasks.core.forms import PLAIN
from vla_humanoid.tasks.core.randomization import AXES

_RECORDED_PACKAGES = ("daqp", "gymnasium", "h5py", "mink", "mujoco", "numpy")
_ENGINE_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "physx": ("mujoco-usd-converter", "ovphysx", "usd-exchange"),
    ISAAC_LAB: ("isaaclab", "newton", "ovphysx", "torch", "warp-lang"),
}
"""What the content depends on besides, by engine."""


@dataclass(frozen=True)
class GenerationConfig:
    """What determines the content of a dataset; the number of workers does not.

    Args:
        task: name of a task.
        episodes: successful episodes wanted, >= 1.
        seed: of the run, >= 0; the episodes' seeds derive from it.
        cameras: some of `CAMERAS`, or none for a dataset without images.
        image_size: edge of the square images [pixels].
        randomization: axes that are on; "default", "none" or names, normalized to sorted names.
        control_mode: one of `CONTROL_MODES`.
        keep_failures: also record the episodes that fail.
        engine: what simulates; one of `ENGINES`, or `ISAAC_LAB`.
        physics: which engine Isaac Lab drives; empty for the other engines.
        language: forms of language; "all", "plain" or names, in the order of `LANGUAGES`.
        split: one of `SPLITS`.
        device: what the engine computes on; empty for a CPU.

    Raises:
        ConfigurationError: if a value is not valid; the message lists the valid ones.
    """

    task: str
    episodes: int = 50
    seed: int = 0
    cameras: tuple[str, ...] = ("head", "right_wrist")
    image_size: int = 224
    randomization: tuple[str, ...] = AXES
    control_mode: str = "end_effector"
    keep_failures: bool = False
    engine: str = "mujoco"
    physics: str = ""
    language: tuple[str, ...] = (PLAIN,)
    split: str = "all"
    device: str = ""

    def __post_init__(self) -> None:
        if self.episodes < 1:
            raise ConfigurationError(f"episodes must be at least 1, not {self.episodes}.")
        if self.seed < 0:
            raise ConfigurationError(f"seed must not be negative, but is {self.seed}.")
        try:
            env = self._make_env_config()
        except ValueError as error:
            raise ConfigurationError(str(error)) from error
        # Two spellings of one request must compare equal when a run is resumed.
        object.__setattr__(self, "cameras", env.cameras)
        object.__setattr__(self, "image_size", env.image_size)
        object.__setattr__(self, "randomization", tuple(sorted(env.randomization)))
        if isinstance(env, BatchConfig):
            object.__setattr__(self, "physics", env.physics)
        else:
            object.__setattr__(self, "language", env.language)

    def _make_env_config(self) -> EnvConfig | BatchConfig:
        if self.engine == ISAAC_LAB:
            if self.language != (PLAIN,) or self.split != "all":
                raise ValueError(
                    f"Worlds of {ISAAC_LAB!r} are told plain sentences of the split 'all' only."
                )
            # All axes are what nobody chose: then those that Isaac Lab's worlds can follow.
            is_default = set(self.randomization) == set(AXES)
            return make_batch_config(
                self.task,
                control_mode=self.control_mode,
                cameras=self.cameras,
                image_size=self.image_size,
                randomization="default" if is_default else self.randomization or "none",
                physics=self.physics or None,
                device=self.device or "cpu",
            )
        if self.physics:
            raise ValueError(f"physics={self.physics!r} is a choice of engine {ISAAC_LAB!r} only.")
        return make_config(
            self.task,
            control_mode=self.control_mode,
            cameras=self.cameras,
            image_size=self.image_size,
            randomization=self.randomization,
            render_mode=None,
            engine=self.engine,
            device=self.device or "cpu",
            language=self.language,
            split=self.split,
        )

    @property
    def env_name(self) -> str:
        """Gymnasium id of the environment."""
        return env_name(self.task)

    @property
    def env_kwargs(self) -> dict[str, object]:
        """Arguments of the environment."""
        kwargs: dict[str, object] = {
            "control_mode": self.control_mode,
            "cameras": self.cameras,
            "image_size": self.image_size,
            "randomization": self.randomization or "none",
            "engine": self.engine,
        }
        chosen = {"physics": self.physics, "device": self.device}
        told: dict[str, object] = {}
        if self.language != (PLAIN,):
            told["language"] = self.language
        if self.split != "all":
            told["split"] = self.split
        return kwargs | {name: value for name, value in chosen.items() if value} | told

    @property
    def env_args(self) -> dict[str, object]:
        """How to rebuild the environment, as robomimic and Isaac Lab spell it."""
        decimation = PHYSICS_RATE // POLICY_RATE
        return {
            "env_name": self.env_name,
            "type": 2,  # robomimic's code for a Gymnasium environment
            "env_kwargs": self.env_kwargs,
            "sim_args": {
                "dt": 1 / PHYSICS_RATE,
                "decimation": decimation,
                "render_interval": decimation,
                "num_envs": 1,
            },
        }


@dataclass(frozen=True)
class RunDescription:
    """What a run was carried out with, as JSON texts and plain values.

    Args:
        env_config: the environment's whole configuration.
        action: `Field`s of an action, in order.
        state: `Field`s of the ``state`` observation, in order; a missing bound is null.
        joint_names: in the order of the recorded joint positions.
        package_version: of this package.
        versions: of the packages that the content depends on.
    """

    env_config: str
    action: str
    state: str
    joint_names: str
    package_version: str
    versions: str


def package_versions(engine: str = "mujoco") -> dict[str, str]:
    """Return the versions of what the content of a dataset from an engine depends on."""
    versions = {"python": platform.python_version(), "vla-humanoid": __version__}
    versions |= {name: version(name) for name in _RECORDED_PACKAGES}
    for name in _ENGINE_PACKAGES.get(engine, ()):
        with suppress(PackageNotFoundError):  # One may look at a dataset without its engine.
            versions[name] = version(name)
    return versions


def describe_run(world: DemonstrationWorld, engine: str = "mujoco") -> RunDescription:
    """Describe the environment and the software of a run.

    Args:
        world: the environment.
        engine: what simulates it.
    """
    return RunDescription(
        env_config=json.dumps(_plain(asdict(world.config)), sort_keys=True),
        action=json.dumps(_describe_fields(world.action_spec.fields)),
        state=json.dumps(_describe_fields(world.state_fields)),
        joint_names=json.dumps(world.joint_names),
        package_version=__version__,
        versions=json.dumps(package_versions(engine)),
    )


def check_same(what: str, there: Mapping[str, object], here: Mapping[str, object]) -> None:
    """Refuse to complete a run with anything but what it was started with.

    Args:
        what: begins the message, such as "demos.hdf5 was generated".
        there: fields of the run to be completed.
        here: fields of the request to complete it.

    Raises:
        ConfigurationError: naming the first field that differs, with both values.
    """
    if (difference := first_difference(there, here)) is not None:
        key, old, new = difference
        raise ConfigurationError(
            f"{what} with {key} = {old}, but now it is {new}; use the same to resume, or pass "
            "--overwrite to start again."
        )


def first_difference(
    there: Mapping[str, object], here: Mapping[str, object]
) -> tuple[str, object, object] | None:
    """Return the dotted name and both values of the first field that differs, or None."""
    there, here = _flat(there), _flat(here)
    for key in sorted(there.keys() | here.keys()):
        if there.get(key) != here.get(key):
            return key, there.get(key), here.get(key)
    return None


def _flat(values: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Name nested fields by dotted paths; JSON texts of objects are nested as well."""
    flat: dict[str, object] = {}
    for key, value in values.items():
        plain = _plain(value)
        if isinstance(plain, str) and plain.startswith("{"):
            plain = json.loads(plain)
        if isinstance(plain, dict):
            flat |= _flat(plain, f"{prefix}{key}.")
        else:
            flat[prefix + key] = plain
    return flat


def _describe_fields(fields: Sequence[Field]) -> object:
    return [_plain(asdict(field)) for field in fields]


def _plain(value: object) -> object:
    """Turn nested data into what JSON can hold: sets are sorted, infinite numbers are null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(str(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
