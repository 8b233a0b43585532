"""Recorded demonstrations as a policy: every episode's own actions, whatever is seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo, open_dataset
from vla_humanoid.data_collection.environment import Action, Observation, env_name
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.recorded_environment import recorded_environment
from vla_humanoid.data_collection.replay import RecordedActions
from vla_humanoid.envs.config import EnvConfig, make_config
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.tasks import task_names

REPLAY = "replay:"
"""How the name of such a policy begins; the path of a dataset file follows."""
_DECIDES = ("control_mode", "randomization", "language", "split")
"""What an environment must share with the recorded one, for a seed to be the same episode."""


@dataclass(frozen=True)
class _Recorded:
    """An episode on record.

    Args:
        actions: shape (steps, action dim).
        kwargs: of the environment that it was recorded in.
    """

    actions: NDArray[np.float32]
    kwargs: Mapping[str, object]


class RecordedEpisodes:
    """What a dataset file has of episodes, by task and seed.

    Args:
        path: of the file.

    Raises:
        DatasetError: if it is none, or its environment is not on record.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._episodes: dict[tuple[str, int], _Recorded] = {}
        tasks = {env_name(task): task for task in task_names()}
        with open_dataset(path) as dataset:
            for demo in dataset.demos():
                task, recorded = _read(dataset, demo, tasks)
                self._episodes.setdefault((task, demo.seed), recorded)

    def seeds(self, task: str) -> Sequence[int]:
        """Return the seeds of the episodes of a task, in the order of the file.

        Raises:
            ConfigurationError: if it has none.
        """
        found = [seed for name, seed in self._episodes if name == task]
        if not found:
            listed = ", ".join(sorted({name for name, _ in self._episodes})) or "none at all"
            raise ConfigurationError(f"{self.path} has no episodes of {task}; it has: {listed}.")
        return found

    def find(self, task: str, seed: int) -> _Recorded:
        """Return an episode.

        Raises:
            ConfigurationError: if it is not on record.
        """
        found = self._episodes.get((task, seed))
        if found is None:
            raise ConfigurationError(f"{self.path} has no episode of {task} with seed {seed}.")
        return found


class Replayed:
    """Carries out what was recorded of the very episode that runs, then gives up.

    Args:
        env: what it acts in.
        recorded: where its actions are.
    """

    def __init__(self, env: HumanoidEnv, recorded: RecordedEpisodes) -> None:
        self._env, self._recorded = env, recorded
        self._actions: RecordedActions | None = None

    @property
    def gave_up(self) -> str | None:
        """Why it gave up: the recorded actions have ended; or None."""
        return None if self._actions is None else self._actions.gave_up

    def reset(self) -> None:
        """Find the actions of the episode that the environment was just reset to.

        Raises:
            ConfigurationError: if it is not on record, or the environment is another one.
        """
        task = self._env.config.task
        found = self._recorded.find(task, self._env.episode.seed)
        _check_alike(self._env, found.kwargs, self._recorded.path)
        self._actions = RecordedActions(found.actions)

    def act(self, observation: Observation) -> Action:
        """Return the next action."""
        if self._actions is None:
            raise RuntimeError("Call reset() first: there is no episode yet.")
        return self._actions.act(observation)


def _read(dataset: DatasetFile, demo: Demo, tasks: Mapping[str, str]) -> tuple[str, _Recorded]:
    name, kwargs = recorded_environment(dataset, demo)
    if name not in tasks:
        raise demo.error(f"its environment {name} is none of ours")
    if demo.goal_index is not None:
        raise demo.error(
            "it has another goal than its seed says; look at it with `vla-humanoid replay`"
        )
    return tasks[name], _Recorded(demo.actions(), kwargs)


def _check_alike(env: HumanoidEnv, kwargs: Mapping[str, object], path: Path) -> None:
    wanted = _recorded_config(env.config.task, kwargs)
    for key in _DECIDES:
        here, there = getattr(env.config, key), getattr(wanted, key)
        if here != there:
            told = (" ".join(there) if isinstance(there, tuple) else there) or "none"
            raise ConfigurationError(
                f"{path} was recorded with {key} {told}, so that its seeds are other episodes "
                f"here; pass --{key.replace('_', '-')} {told}."
            )


def _recorded_config(task: str, kwargs: Mapping[str, object]) -> EnvConfig:
    return make_config(
        task,
        control_mode=str(kwargs.get("control_mode", "end_effector")),
        cameras=(),
        image_size=224,
        randomization=_words(kwargs.get("randomization", "default")),
        render_mode=None,
        language=_words(kwargs.get("language", "plain")),
        split=str(kwargs.get("split", "all")),
    )


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
