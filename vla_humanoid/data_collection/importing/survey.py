"""Looks at every number of a source before anything is written, and reports entry by entry."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.importing.conversion import Converter
from vla_humanoid.data_collection.importing.lerobot import LeRobotDataset
from vla_humanoid.data_collection.importing.mapping import MISSING
from vla_humanoid.data_collection.importing.sampling import Sampler
from vla_humanoid.embodiment.meaning import likelier_unit
from vla_humanoid.embodiment.rules import (
    Absent,
    Constant,
    Gripper,
    Position,
    Rotation,
    Rule,
    Scalar,
)
from vla_humanoid.embodiment.vectors import VectorMapping
from vla_humanoid.embodiment.words import rule_in_words
from vla_humanoid.schema import Field, FloatArray

_SLACK = 1e-5
"""Of an entry's range, which float32 may cost."""


@dataclass(frozen=True)
class EntryReport:
    """What an entry of ours has come to.

    Args:
        vector: action or state.
        field: ours.
        source: where it comes from, in words.
        low: smallest value, in our unit.
        high: largest value, likewise.
        outside: share of the values that lie outside of our bounds.
        problem: why it cannot be imported like that, and what to do; empty where it can.
        note: what else is to be known.
    """

    vector: str
    field: Field
    source: str
    low: float
    high: float
    outside: float
    problem: str
    note: str


@dataclass(frozen=True)
class Survey:
    """What a source has come to, entry by entry."""

    entries: tuple[EntryReport, ...]
    episodes: int
    steps: int

    def check(self) -> None:
        """Refuse what cannot be imported as it is mapped.

        Raises:
            ConfigurationError: naming the first entries with a problem.
        """
        problems = [entry for entry in self.entries if entry.problem]
        if problems:
            named = "; ".join(f"{e.vector} {e.field.name}: {e.problem}" for e in problems[:3])
            more = f"; and {len(problems) - 3} more entries" if len(problems) > 3 else ""
            raise ConfigurationError(f"The mapping does not fit the source: {named}{more}.")


def survey(dataset: LeRobotDataset, converter: Converter, sampler: Sampler) -> Survey:
    """Convert every number of a source, and keep their bounds.

    Raises:
        ConfigurationError: if a rotation is none of its layout.
        DatasetError: if the source cannot be read.
    """
    mapping = converter.mapping
    action, state = _Bounds(mapping.action.fields), _Bounds(mapping.state.fields)
    for place in dataset.places:
        frames = sampler.frames(place.length)
        columns = dataset.columns(place, converter.columns)
        rows = {name: values[frames] for name, values in columns.items()}
        found = converter.convert(rows, len(frames))
        action.add(found.action)
        state.add(found.state)
    entries = (*_report(mapping.action, action), *_report(mapping.state, state))
    return Survey(entries, len(dataset.places), action.count)


class _Bounds:
    """Smallest and largest values of some entries, and how many lie outside of our bounds."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self._low = np.array([field.low for field in fields])
        self._high = np.array([field.high for field in fields])
        self._slack = _SLACK * (self._high - self._low)
        self.low = np.full(len(fields), np.inf)
        self.high = np.full(len(fields), -np.inf)
        self.outside = np.zeros(len(fields), np.int64)
        self.count = 0

    def add(self, rows: FloatArray) -> None:
        self.low = np.minimum(self.low, rows.min(axis=0))
        self.high = np.maximum(self.high, rows.max(axis=0))
        is_low, is_high = rows < self._low - self._slack, rows > self._high + self._slack
        self.outside += np.count_nonzero(is_low | is_high, axis=0)
        self.count += len(rows)


def _report(vector: VectorMapping, bounds: _Bounds) -> Iterator[EntryReport]:
    rules = {index: rule for entry, rule in vector.rules.items() for index in vector.indices(entry)}
    for index, field in enumerate(vector.fields):
        rule = rules[index]
        low, high = float(bounds.low[index]), float(bounds.high[index])
        outside = float(bounds.outside[index]) / bounds.count
        may_clip = isinstance(rule, Scalar | Gripper | Position) and rule.clip
        problem = "" if may_clip or not outside else _problem(field, rule, low, high, outside)
        yield EntryReport(
            vector.name,
            field,
            rule_in_words(rule, MISSING),
            low,
            high,
            outside,
            problem,
            _note(rule, low, high),
        )


def _problem(field: Field, rule: Rule, low: float, high: float, outside: float) -> str:
    found = f"{outside:.1%} of its values lie outside of {field.low:g}..{field.high:g} {field.unit}"
    found += f" (they are {low:.3g}..{high:.3g})"
    if isinstance(rule, Constant):
        return f"{found}; give another constant"
    if isinstance(rule, Rotation):
        return f"{found}; the steps are too large"
    if isinstance(rule, Gripper):
        return f"{found}; give the values of 'open' and 'closed' as they are, or clip = true"
    if isinstance(rule, Scalar | Position) and (name := likelier_unit(field, rule.unit, low, high)):
        return f"{found}; the source's unit looks like {name} rather than {rule.unit}"
    return f"{found}; check unit, index, offset and scale, or say clip = true"


def _note(rule: Rule, low: float, high: float) -> str:
    if isinstance(rule, Absent):
        return "masked"
    return "never changes" if low == high and not isinstance(rule, Constant) else ""
