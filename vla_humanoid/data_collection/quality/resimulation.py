"""Checks by simulation that states follow from actions, and belong to the steps they stand at."""

from collections.abc import Callable, Iterator, Mapping

import gymnasium.error
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.environment import DemonstrationEnv, make_env
from vla_humanoid.data_collection.quality.alignment import best_shift
from vla_humanoid.data_collection.quality.check import EpisodeCheck, Examined, NotChecked
from vla_humanoid.data_collection.quality.finding import Finding, Severity
from vla_humanoid.data_collection.recorded_environment import recorded_environment
from vla_humanoid.data_collection.recorder import EpisodeRecord, Recorder
from vla_humanoid.data_collection.replay import RecordedActions, version_differences
from vla_humanoid.data_collection.rollout import Outcome, rollout
from vla_humanoid.tasks.core.placement import PlacementError

TOLERANCE = 1e-4
"""Largest deviation that goes unmentioned, in the unit of each field; with the same versions on the
same kind of processor there is none at all."""
_JUDGED = (layout.REWARDS, layout.SUBGOAL, layout.PROGRESS, layout.SENTENCE)
"""What follows from the goal, which a relabelled episode has another of."""

Make = Callable[[str, Mapping[str, object]], DemonstrationEnv]


class ResimulationCheck(EpisodeCheck):
    """Carries the recorded actions out again and compares everything with the record.

    Args:
        make: makes an environment from its name and arguments.
    """

    name = "re-simulation"
    is_costly = True

    def __init__(self, make: Make = make_env) -> None:
        self._make = make

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Look at an episode.

        Raises:
            NotChecked: if its environment cannot be made here.
        """
        demo = episode.demo
        differences = version_differences(episode.dataset)
        severity: Severity = "warning" if differences else "error"
        because = f"; made with {', '.join(differences)}" if differences else ""
        record, outcome = self._repeat(episode)
        recorded = demo.all_states()
        now = _states(record)
        shift = _shift(recorded, now)
        if shift:
            yield Finding(
                f"its states[t] fit what its actions lead to at step t{shift:+d}: actions and "
                "states are shifted by a step against each other"
            )
        found = _largest(episode, record)
        if found is not None and not shift:
            deviation, path, step = found
            yield Finding(
                f"{path} does not follow from its actions: it differs by {deviation:.3g} from step "
                f"{step} on{because}",
                severity,
            )
        if demo.success and not outcome.success and not episode.is_relabelled:
            text = f"its actions do not succeed again: {outcome.failure}{because}"
            yield Finding(text, severity)

    def _repeat(self, episode: Examined) -> tuple[EpisodeRecord, Outcome]:
        demo = episode.demo
        name, kwargs = recorded_environment(episode.dataset, demo)
        try:
            env = self._make(name, {**kwargs, "cameras": ()})
        except (gymnasium.error.Error, ImportError, TypeError, ValueError) as error:
            raise NotChecked(f"{name} cannot be made here: {error}") from error
        recorder = Recorder(demo.text("task"), 0)
        actions = demo.actions()
        if actions.shape[1] != env.unwrapped.action_spec.dim:
            env.close()
            raise demo.error(f"its actions have {actions.shape[1]} entries, not those of {name}")
        try:
            policy = RecordedActions(actions)
            outcome = rollout(env, policy, demo.seed, (recorder,), demo.goal_index)
        except (PlacementError, ValueError) as error:
            raise demo.error(f"its episode cannot be sampled again: {error}") from error
        finally:
            env.close()
        return recorder.record(), outcome


def _states(record: EpisodeRecord) -> dict[str, NDArray[np.float32]]:
    """Return states and final state of a record, laid out as those of a demo."""
    prefix = f"{layout.STATES}/"
    paths = [path.removeprefix(prefix) for path in record.arrays if path.startswith(prefix)]
    return {
        path: np.concatenate(
            [record.arrays[prefix + path], record.arrays[f"{layout.FINAL_STATE}/{path}"]]
        ).astype(np.float32)
        for path in paths
    }


def _shift(
    recorded: Mapping[str, NDArray[np.float32]], now: Mapping[str, NDArray[np.float32]]
) -> int:
    """Return by how many steps the recorded robot is ahead of what its actions lead to."""
    path = "articulation/robot/joint_position"
    if path not in recorded or path not in now or recorded[path].shape[1] != now[path].shape[1]:
        return 0
    ours, theirs = recorded[path].astype(np.float64), now[path].astype(np.float64)
    common = min(len(ours), len(theirs))
    if np.abs(ours[:common] - theirs[:common]).max() <= TOLERANCE:
        return 0
    # Small errors grow: over a whole episode they would drown a shift.
    first = slice(0, min(common, 40))
    return best_shift(ours[first], theirs[first])


def _largest(episode: Examined, record: EpisodeRecord) -> tuple[float, str, int] | None:
    """Return the largest deviation beyond the tolerance, where it is, and where it begins."""
    demo = episode.demo
    largest: tuple[float, str, int] | None = None
    for path in sorted(record.arrays):
        if episode.is_relabelled and path in _JUDGED:
            continue
        one = demo.array(path).astype(np.float64)
        other = record.arrays[path].astype(np.float64)
        if one.shape[1:] != other.shape[1:]:
            return float("inf"), path, 0
        common = min(len(one), len(other))
        difference = np.abs(one[:common] - other[:common]).reshape(common, -1)
        rows = np.nan_to_num(difference, nan=np.inf).max(axis=1, initial=0.0)
        beyond = np.flatnonzero(rows > TOLERANCE)
        if len(beyond) == 0:
            continue
        begins = demo.steps if path.startswith(layout.FINAL_STATE) else int(beyond[0])
        if largest is None or begins < largest[2]:
            largest = float(rows.max()), path, begins
    return largest
