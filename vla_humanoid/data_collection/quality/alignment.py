"""Checks, without simulation, that proprioception and states are of the same moment."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile
from vla_humanoid.data_collection.quality.check import EpisodeCheck, Examined, NotChecked
from vla_humanoid.data_collection.quality.finding import Finding

_JOINTS = "articulation/robot/joint_position"
_SHIFTS = (-1, 1)
_MARGIN = 0.95
"""A shift fits better only if what is left is so much less; noise leaves as much for all."""


class AlignmentCheck(EpisodeCheck):
    """The joint angles that the policy saw must be those of the state at the same step."""

    name = "alignment"

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Look at an episode.

        Raises:
            NotChecked: if joint positions are not in the observation.
        """
        demo = episode.demo
        names, columns = _columns(episode.dataset)
        if not columns:
            raise NotChecked("the observation has no joint positions")
        seen = demo.array(f"{layout.OBS}/state").astype(np.float64)[:, columns]
        true = demo.all_states()[_JOINTS].astype(np.float64)[:, names]
        if (shift := best_shift(seen, true)) != 0:
            yield Finding(
                f"{layout.OBS}/state[t] fits {layout.STATES}[t{shift:+d}] better than "
                f"{layout.STATES}[t]: one of them is shifted by a step"
            )


def best_shift(rows: NDArray[np.float64], others: NDArray[np.float64]) -> int:
    """Return the s of -1, 0, 1 for which rows[t] fits others[t + s] best; 0 unless clearly not.

    Args:
        rows: shape (T, n).
        others: shape (T, n), or one row more.
    """
    inner = np.arange(1, min(len(rows), len(others)) - 1)
    if len(inner) == 0:
        return 0
    left = {
        shift: float(np.square(rows[inner] - others[inner + shift]).sum()) for shift in (0, -1, 1)
    }
    best = min(_SHIFTS, key=lambda shift: left[shift])
    return best if left[best] < _MARGIN * left[0] else 0


def _columns(dataset: DatasetFile) -> tuple[list[int], list[int]]:
    """Return the columns of joint positions in the states, and those in the observation."""
    fields = [
        str(entry.get("name")) if isinstance(entry, dict) else ""
        for entry in dataset.json_list("state")
    ]
    joints = dataset.json_texts("joint_names")
    known = [(k, f"{name}_position") for k, name in enumerate(joints)]
    found = [(k, fields.index(name)) for k, name in known if name in fields]
    return [k for k, _ in found], [column for _, column in found]
