"""Counts what is in a dataset file, one episode after another."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.editing.rebuilt_episode import rebuild
from vla_humanoid.data_collection.editing.source import Source
from vla_humanoid.data_collection.errors import DatasetError
from vla_humanoid.data_collection.quality.coverage import WHERE, AxisCoverage
from vla_humanoid.data_collection.quality.histogram import HeatMap, Histogram
from vla_humanoid.schema import SIDES

PLANES: Mapping[str, tuple[str, str]] = {"from above": ("x", "y"), "from the side": ("x", "z")}
_REACH: Mapping[str, tuple[float, float]] = {"x": (-0.4, 0.9), "y": (-0.8, 0.8), "z": (0.2, 1.6)}
"""Of a wrist, in the stance frame [m]."""
_LONGEST = 60.0
"""Of what is shown of lengths [s]."""
_WIDEST = 0.15
"""Of what is shown of margins of support [m]."""


class DatasetStatistics:
    """What is in a dataset.

    Args:
        dataset: with the descriptions of actions and state.
    """

    def __init__(self, dataset: DatasetFile) -> None:
        self.rate = dataset.rate
        self.action_names = _names(dataset.json_list("action"))
        self._state_names = _names(dataset.json_list("state"))
        self.episodes = self.successes = self.steps = 0
        self.attempts = dataset.integer("attempts")
        self.failures = {key: int(str(n)) for key, n in dataset.json_object("failures").items()}
        self.tasks: Counter[str] = Counter()
        self.lengths = Histogram(0.0, _LONGEST, 60)
        self.actions = [Histogram(-1.0, 1.0) for _ in self.action_names]
        self.wrists = {
            (side, view): HeatMap(_REACH[axes[0]], _REACH[axes[1]])
            for side in SIDES
            for view, axes in PLANES.items()
        }
        self.margins = Histogram(-0.05, _WIDEST)
        self.outside = 0
        self.sentences: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        self.templates: Counter[str] = Counter()
        self.told_by_template = 0
        self.subgoals: dict[tuple[str, int], tuple[str, list[float]]] = {}
        self.axes = [AxisCoverage(axis) for axis in WHERE]

    def add(self, source: Source, demo: Demo) -> None:
        """Count an episode.

        Raises:
            DatasetError: if it cannot be read.
        """
        self.episodes += 1
        self.successes += demo.success
        self.steps += demo.steps
        self.tasks[demo.text("task")] += 1
        self.lengths.add(np.array(demo.steps / self.rate))
        for histogram, column in zip(self.actions, demo.actions().T, strict=False):
            histogram.add(column)
        self._add_wrists(demo)
        margins = demo.array(f"{layout.BALANCE}/support_margin").astype(np.float64)
        self.margins.add(margins)
        self.outside += int(np.count_nonzero(margins < 0))
        self._add_words(source, demo)
        self._add_subgoals(demo)
        randomization = demo.json_object("randomization")
        for axis in self.axes:
            axis.add(randomization)

    def _add_wrists(self, demo: Demo) -> None:
        state = demo.array(f"{layout.OBS}/state")
        for (side, view), heat in self.wrists.items():
            names = [f"{side}_wrist_{axis}" for axis in PLANES[view]]
            if all(name in self._state_names for name in names):
                columns = [self._state_names.index(name) for name in names]
                heat.add(state[:, columns])

    def _add_words(self, source: Source, demo: Demo) -> None:
        text = demo.text("instruction")
        self.sentences[text] += 1
        self.words.update(re.findall(r"[\w'-]+", text.lower()))
        try:
            instruction = rebuild(source, demo).episode.instruction
        except DatasetError:
            return  # Of another version: its templates are not known here.
        if instruction.text == text and instruction.templates:
            self.told_by_template += 1
            self.templates[" / ".join(instruction.templates[0])] += 1

    def _add_subgoals(self, demo: Demo) -> None:
        phrases = demo.json_texts("subgoals")
        counts = Counter(demo.array(layout.SUBGOAL).astype(np.int64).tolist())
        for index, phrase in enumerate(phrases):
            key = demo.text("task"), index
            if index in counts:
                durations = self.subgoals.setdefault(key, (phrase, []))[1]
                durations.append(counts[index] / self.rate)


def collect(source: Source) -> DatasetStatistics:
    """Count what is in a file.

    Raises:
        DatasetError: if something in it cannot be read.
    """
    found = DatasetStatistics(source.dataset)
    for demo in source.dataset.demos():
        found.add(source, demo)
    return found


def _names(fields: Sequence[object]) -> list[str]:
    return [str(entry.get("name")) if isinstance(entry, dict) else "" for entry in fields]
