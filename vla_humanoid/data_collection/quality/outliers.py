"""Finds episodes that are unlike the others, or unlike anything that a robot does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.quality.check import Examined
from vla_humanoid.data_collection.quality.finding import Finding

LEAST_EPISODES = 8
"""From here on episodes are compared with each other."""
MOST_DEVIATIONS = 8.0
"""Of a measure from the median, in robust standard deviations."""
_MAD_TO_SIGMA = 1.4826
_SATURATED = 0.999
"""From here on an entry of an action is at its bound."""


@dataclass(frozen=True)
class _Measure:
    """One number of each episode.

    Args:
        unit: of it.
        floor: deviation that never counts.
        limit: beyond it, a value is unusual whatever the others are.
    """

    unit: str
    floor: float
    limit: float = float("inf")


MEASURES: Mapping[str, _Measure] = {
    "length": _Measure("steps", 5.0),
    "saturation": _Measure("of the actions' entries at a bound", 0.05),
    "action jump": _Measure("largest change of an action's entry between two steps", 0.05),
    "joint speed": _Measure("rad/s, the fastest joint", 1.0, 60.0),
    "base speed": _Measure("m/s, the pelvis", 0.2, 5.0),
    "object speed": _Measure("m/s, the fastest object", 0.5, 20.0),
}


class OutlierCheck:
    """Lengths, actions and speeds, against the other episodes and against what is possible."""

    name = "outliers"
    is_costly = False
    needs_states = True

    def __init__(self) -> None:
        self._measured: dict[str, dict[str, float]] = {}

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Measure an episode."""
        measured = measures(episode.demo)
        for name, value in measured.items():
            measure = MEASURES[name]
            if value > measure.limit:
                yield Finding(f"{name} {value:.3g} {measure.unit}; no robot does that", "warning")
        self._measured[f"{episode.demo.text('task')} {episode.demo.name}"] = measured

    def conclude(self) -> Iterator[Finding]:
        """Name the episodes that are far from the others of their task."""
        by_task: dict[str, list[str]] = {}
        for key in self._measured:
            by_task.setdefault(key.split(" ")[0], []).append(key)
        for keys in by_task.values():
            if len(keys) >= LEAST_EPISODES:
                for name in MEASURES:
                    yield from self._far(name, keys)

    def _far(self, name: str, keys: list[str]) -> Iterator[Finding]:
        values = np.array([self._measured[key][name] for key in keys])
        median = float(np.median(values))
        sigma = _MAD_TO_SIGMA * float(np.median(np.abs(values - median)))
        allowed = max(MOST_DEVIATIONS * sigma, MEASURES[name].floor)
        for key, value in zip(keys, values.tolist(), strict=True):
            if abs(value - median) > allowed:
                text = f"{name} {value:.3g} {MEASURES[name].unit}; the median is {median:.3g}"
                yield Finding(text, "warning", key.split(" ")[1])


def measures(demo: Demo) -> dict[str, float]:
    """Return the numbers by which episodes are compared, by name as in `MEASURES`."""
    actions, states = demo.actions(), demo.all_states()
    velocities = {
        path.split("/")[1]: rows for path, rows in states.items() if path.endswith("root_velocity")
    }
    objects = [rows for name, rows in velocities.items() if name != "robot"]
    return {
        "length": float(len(actions)),
        "saturation": float(np.mean(np.abs(actions) >= _SATURATED)),
        "action jump": float(np.abs(np.diff(actions, axis=0)).max(initial=0.0)),
        "joint speed": _largest(states.get("articulation/robot/joint_velocity")),
        "base speed": _speed(velocities.get("robot")),
        "object speed": max((_speed(rows) for rows in objects), default=0.0),
    }


def _largest(rows: NDArray[np.float32] | None) -> float:
    return 0.0 if rows is None else float(np.abs(rows).max(initial=0.0))


def _speed(rows: NDArray[np.float32] | None) -> float:
    return 0.0 if rows is None else float(np.linalg.norm(rows[:, :3], axis=1).max(initial=0.0))
