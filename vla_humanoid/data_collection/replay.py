"""Carries recorded actions out again, and measures how far the world departs from the record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import gymnasium.error
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.environment import (
    Action,
    DemonstrationEnv,
    DemonstrationWorld,
    Observation,
    make_env,
)
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.recorded_environment import recorded_environment
from vla_humanoid.data_collection.rollout import Moment, Outcome, rollout
from vla_humanoid.data_collection.run_config import package_versions
from vla_humanoid.schema import WorldState
from vla_humanoid.sims.engine_names import ENGINES
from vla_humanoid.tasks.core.placement import PlacementError

_EXHAUSTED = "recorded actions ended"
_TRANSLATION = 3
"""How many columns of a pose or a twist come before those of its rotation."""


@dataclass(frozen=True)
class Deviation:
    """The largest difference between two records of states.

    Args:
        value: largest absolute difference, in the unit of the field [m, rad, m/s, rad/s, or 1].
        field: where it is, such as ``articulation/robot/joint_position``; empty if there is none.
        column: of the field's rows.
    """

    value: float
    field: str
    column: int = 0

    @property
    def unit(self) -> str:
        """Unit of the value, empty where there is no field."""
        quantity = self.field.rpartition("/")[2]
        if quantity == "root_pose":
            return "m" if self.column < _TRANSLATION else "of a quaternion"
        if quantity == "root_velocity":
            return "m/s" if self.column < _TRANSLATION else "rad/s"
        turns = self.field.startswith("articulation/robot/")
        units = {"joint_position": "rad" if turns else "rad or m"}
        units["joint_velocity"] = "rad/s" if turns else "rad/s or m/s"
        return units.get(quantity, "")


@dataclass(frozen=True)
class ReplayResult:
    """How the replay of one demo compares with its record.

    Args:
        demo: its name.
        recorded_success: whether the recorded episode succeeded.
        success: whether the replayed one did.
        failure: why not, or None.
        steps: recorded and replayed number of steps.
        initial: deviation of the initial state.
        largest: deviation over the whole episode, its end included.
    """

    demo: str
    recorded_success: bool
    success: bool
    failure: str | None
    steps: tuple[int, int]
    initial: Deviation
    largest: Deviation

    @property
    def repeated(self) -> bool:
        """Whether a recorded success succeeded again; a recorded failure need not."""
        return self.success or not self.recorded_success


class RecordedActions:
    """A policy that plays actions back.

    Args:
        actions: shape (T, dim).
    """

    def __init__(self, actions: NDArray[np.float32]) -> None:
        self._actions = actions
        self._next = 0
        self.gave_up: str | None = None

    def reset(self) -> None:
        """Start from the first action."""
        self._next, self.gave_up = 0, None

    def act(self, observation: Observation | None = None) -> Action:
        """Return the next action, whatever is seen; after the last one, give up."""
        if self._next == len(self._actions):
            self.gave_up = _EXHAUSTED
            return np.zeros_like(self._actions[0])
        self._next += 1
        return self._actions[self._next - 1]


class _Worlds:
    """Remembers every state of an episode."""

    def __init__(self) -> None:
        self.states: list[WorldState] = []

    def on_reset(self, world: DemonstrationWorld) -> None:
        self.states.clear()

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        self.states.append(moment.world)

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        self.states.append(moment.world)


def replay(
    dataset: DatasetFile,
    demos: Sequence[str] = (),
    make: Callable[[str, Mapping[str, object]], DemonstrationEnv] = make_env,
    engine: str | None = None,
) -> Iterator[ReplayResult]:
    """Replay demos one after another, without rendering.

    The initial state is rebuilt from the recorded seed and compared with the recorded one.

    Args:
        dataset: where they are.
        demos: their names; all if there are none.
        make: makes an environment from its name and arguments.
        engine: what simulates, one of `ENGINES`; None for the one that the dataset was made with.

    Raises:
        ConfigurationError: if there is no such engine.
        DatasetError: if the environment cannot be rebuilt or a record cannot be read.
    """
    if engine is not None and engine not in ENGINES:
        raise ConfigurationError(
            f"Episodes cannot be replayed in the engine {engine!r}; choose one of "
            f"{', '.join(ENGINES)}."
        )
    made: tuple[str, dict[str, object]] | None = None
    env: DemonstrationEnv | None = None
    try:
        for demo in map(dataset.demo, demos or dataset.demo_names()):
            wanted = _replayed_in(recorded_environment(dataset, demo), engine)
            if env is None or wanted != made:  # In files that were merged it may change.
                if env is not None:
                    env.close()
                env, made = _made(dataset, make, *wanted), wanted
            yield _replay_demo(env, demo)
    finally:
        if env is not None:
            env.close()


def _replayed_in(
    recorded: tuple[str, dict[str, object]], engine: str | None
) -> tuple[str, dict[str, object]]:
    name, kwargs = recorded
    kwargs = {**kwargs, "cameras": ()}  # No image is looked at here, and none changes what happens.
    if engine is not None:
        kwargs["engine"] = engine
        kwargs.pop("physics", None)  # A choice of Isaac Lab only.
        kwargs.pop("device", None)
    return name, kwargs


def _made(
    dataset: DatasetFile,
    make: Callable[[str, Mapping[str, object]], DemonstrationEnv],
    name: str,
    kwargs: Mapping[str, object],
) -> DemonstrationEnv:
    try:
        return make(name, kwargs)
    except (gymnasium.error.Error, ImportError, TypeError, ValueError) as error:
        raise DatasetError(
            f"{dataset.path}: the environment {name} cannot be rebuilt: {error}"
        ) from error


def recorded_engine(dataset: DatasetFile) -> str:
    """Return the name of the engine that a dataset was made with.

    Raises:
        DatasetError: if its environment is not on record.
    """
    return str(recorded_environment(dataset)[1].get("engine", "mujoco"))


def version_differences(dataset: DatasetFile, engine: str | None = None) -> tuple[str, ...]:
    """Name the packages whose versions differ from those the dataset was made with.

    Args:
        dataset: with the versions on record.
        engine: what is to simulate; None for the one that the dataset was made with.
    """
    here = package_versions(engine or recorded_engine(dataset))
    there = dataset.json_object("versions")
    return tuple(
        f"{name} {there[name]} there, {here[name]} here"
        for name in sorted(here.keys() & there.keys())
        if here[name] != there[name]
    )


def _replay_demo(env: DemonstrationEnv, demo: Demo) -> ReplayResult:
    worlds = _Worlds()
    actions, recorded = demo.actions(), demo.all_states()
    dim = env.unwrapped.action_spec.dim
    if actions.shape[1] != dim:
        raise demo.error(
            f"its actions have {actions.shape[1]} entries, but in its environment they have {dim}"
        )
    try:
        policy = RecordedActions(actions)
        outcome = rollout(env, policy, demo.seed, (worlds,), demo.goal_index)
    except PlacementError as error:
        raise DatasetError(
            f"{demo.name}: its episode cannot be sampled again, so it was made with another "
            f"version: {error}"
        ) from error
    return ReplayResult(
        demo=demo.name,
        recorded_success=demo.success,
        success=outcome.success,
        failure=outcome.failure,
        steps=(len(actions), outcome.steps),
        initial=_deviation(demo.states(layout.INITIAL_STATE), worlds.states[:1]),
        largest=_deviation(recorded, worlds.states),
    )


def _deviation(
    recorded: Mapping[str, NDArray[np.generic]], worlds: Sequence[WorldState]
) -> Deviation:
    replayed = layout.state_tree(worlds)
    largest = Deviation(0.0, "")
    for path in sorted(recorded.keys() | replayed.keys()):
        if path not in recorded or path not in replayed:
            return Deviation(float("inf"), path)
        one, other = recorded[path].astype(np.float64), replayed[path].astype(np.float64)
        if one.shape[1:] != other.shape[1:]:
            return Deviation(float("inf"), path)
        common = min(len(one), len(other))
        difference = np.nan_to_num(np.abs(one[:common] - other[:common]), nan=np.inf)
        value = float(difference.max(initial=0.0))
        if value > largest.value:
            where = np.unravel_index(int(difference.argmax()), difference.shape)
            largest = Deviation(value, path, int(where[-1]))
    return largest
