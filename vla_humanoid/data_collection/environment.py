"""What data collection needs of an environment, and how it makes one."""

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypedDict, cast

import gymnasium
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import ActionSpec, Field, FloatArray, WorldState
from vla_humanoid.tasks.core.task import Instruction

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Action: TypeAlias = NDArray[np.float32]
Image: TypeAlias = NDArray[np.uint8]
Observation: TypeAlias = Mapping[str, Image | NDArray[np.float32] | str]

IMAGE_PREFIX = "images/"
"""Observation keys that start so hold camera images."""


_ENV_PREFIX = "VLAHumanoid-"


class Balance(TypedDict):
    """How the robot is balanced, in [m], world frame.

    Both ZMPs and ``dcm`` (2,), ``com`` (3,), ``support_polygon`` (8, 2).
    """

    zmp: FloatArray
    zmp_dynamics: FloatArray
    com: FloatArray
    dcm: FloatArray
    support_margin: float
    support_polygon: FloatArray


class Safety(TypedDict):
    """What was done otherwise than asked since `reset`: how often, by reason."""

    interventions: Mapping[str, int]


class StepInfo(TypedDict):
    """What an environment reports beside the observation."""

    success: bool
    fallen: bool
    failure: str | None
    wrong_object: bool
    balance: Balance
    safety: Safety
    subgoal: int
    progress: float
    instruction: str


class Episode(Protocol):
    """What was sampled for an episode; all of it follows from the seed."""

    @property
    def seed(self) -> int:
        """What the environment was reset with."""
        ...

    @property
    def scene(self) -> Scene:
        """Everything around the robot."""
        ...

    @property
    def goal(self) -> object:
        """What the task wants done."""
        ...

    @property
    def instruction(self) -> Instruction:
        """The goal in words."""
        ...

    @property
    def randomization(self) -> Mapping[str, object]:
        """Values drawn, by axis; JSON."""
        ...


class SubgoalNames(Protocol):
    """The part of a task that names its sub-goals."""

    def subgoals(self, goal: object, scene: Scene) -> tuple[str, ...]:
        """Name the steps towards a goal, in order."""
        ...


class DemonstrationWorld(Protocol):
    """The bare environment under Gymnasium's wrappers."""

    @property
    def config(self) -> "DataclassInstance":
        """The environment's whole configuration."""
        ...

    @property
    def task(self) -> SubgoalNames:
        """What is to be done."""
        ...

    @property
    def episode(self) -> Episode:
        """The episode it was last reset to."""
        ...

    @property
    def action_spec(self) -> ActionSpec:
        """What the entries of an action mean."""
        ...

    @property
    def state_fields(self) -> tuple[Field, ...]:
        """What the entries of the ``state`` observation mean."""
        ...

    @property
    def joint_names(self) -> tuple[str, ...]:
        """In the order of the joint positions of a world state."""
        ...

    def world_state(self) -> WorldState:
        """Return the current state of the world; the arrays are copies."""
        ...


class DemonstrationEnv(Protocol):
    """An environment as `gymnasium.make` returns it."""

    @property
    def unwrapped(self) -> DemonstrationWorld:
        """The environment without wrappers."""
        ...

    def reset(
        self, *, seed: int, options: dict[str, object] | None = None
    ) -> tuple[Observation, StepInfo]:
        """Begin the episode of a seed; ``{"goal_index": k}`` chooses one of its goals."""
        ...

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, StepInfo]:
        """Act; return observation, reward, terminated, truncated, info."""
        ...

    def close(self) -> None:
        """Release what it holds."""
        ...


def env_name(task: str) -> str:
    """Return the Gymnasium id of a task."""
    return f"{_ENV_PREFIX}{task}-v0"


def registered_envs() -> tuple[str, ...]:
    """Return the Gymnasium ids of this package's environments, in alphabetical order."""
    return tuple(sorted(name for name in gymnasium.registry if name.startswith(_ENV_PREFIX)))


def make_env(name: str, env_kwargs: Mapping[str, object]) -> DemonstrationEnv:
    """Make a registered environment for data collection.

    Args:
        name: Gymnasium id.
        env_kwargs: keyword arguments of the environment.

    Raises:
        gymnasium.error.Error: if the id is not registered.
    """
    spec = deepcopy(gymnasium.spec(name))
    spec.kwargs |= env_kwargs
    # Gymnasium's passive checker inspects every observation, which costs time in long runs.
    return cast(DemonstrationEnv, gymnasium.make(spec, disable_env_checker=True))
