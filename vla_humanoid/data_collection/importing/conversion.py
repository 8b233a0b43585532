"""Turns the numbers of a source into actions and states of this robot, as a mapping says."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.importing.checks import (
    DELTA,
    absolute,
    check_rules,
    entry_index,
    is_in_state,
)
from vla_humanoid.data_collection.importing.lerobot_info import Feature
from vla_humanoid.data_collection.importing.mapping import EmbodimentMapping
from vla_humanoid.embodiment import rotations, values
from vla_humanoid.embodiment.rules import (
    Absent,
    Constant,
    Gripper,
    Position,
    Rotation,
    Rule,
    Scalar,
    Taken,
)
from vla_humanoid.embodiment.units import NORMALIZED
from vla_humanoid.embodiment.vectors import VectorMapping, rotation_of
from vla_humanoid.schema import Field, FloatArray

Columns = Mapping[str, FloatArray]
"""Features of a source by name, each of shape (frames, size)."""


@dataclass(frozen=True)
class Converted:
    """What an episode of the source is to this robot, in our units.

    Args:
        action: shape (frames, action entries), not yet clipped to their bounds.
        state: shape (frames, state entries), likewise.
    """

    action: FloatArray
    state: FloatArray


class Converter:
    """Converts episodes of one source.

    Args:
        mapping: what to make of its numbers.
        features: that the source has.

    Raises:
        ConfigurationError: if the mapping asks for what the source does not have, or makes no
            sense for an entry; the message names the entry.
    """

    def __init__(self, mapping: EmbodimentMapping, features: Mapping[str, Feature]) -> None:
        self.mapping = mapping
        self._features = features
        check_rules(mapping, features)

    @property
    def columns(self) -> tuple[str, ...]:
        """The features of the source that are needed."""
        rules = (*self.mapping.state.rules.values(), *self.mapping.action.rules.values())
        named = [rule.feature for rule in rules if isinstance(rule, Taken)]
        return tuple(dict.fromkeys(named))

    def convert(self, columns: Columns, frames: int) -> Converted:
        """Convert an episode of so many frames.

        Raises:
            ConfigurationError: if numbers are not what the mapping says, such as a quaternion.
        """
        state = self._vector(self.mapping.state, columns, np.zeros((frames, 0)))
        return Converted(self._vector(self.mapping.action, columns, state), state)

    def _vector(self, vector: VectorMapping, columns: Columns, state: FloatArray) -> FloatArray:
        result = np.zeros((len(state), len(vector.fields)))
        for entry, rule in sorted(vector.rules.items(), key=_needs_others):
            indices = vector.indices(entry)
            match rule:
                case Absent():
                    result[:, indices] = [neutral(vector.fields[index]) for index in indices]
                case Constant(value):
                    result[:, indices] = value
                case Gripper():
                    result[:, indices] = values.gripped(rule, self._picked(columns, rule))
                case Scalar() if rule.unit == NORMALIZED:
                    field = vector.fields[indices[0]]
                    raw = self._picked(columns, rule)
                    result[:, indices] = field.low + 0.5 * (raw + 1.0) * (field.high - field.low)
                case Scalar():
                    found = values.scaled(rule, self._picked(columns, rule))
                    result[:, indices] = self._numbers(entry, rule, found, state)
                case Position():
                    found = values.placed(rule, self._picked(columns, rule))
                    if rule.tool is not None:
                        turns = result[:, vector.indices(rotation_of(entry))]
                        found -= values.reach(rule.tool, rotations.quats_from(turns, "rotvec"))
                    result[:, indices] = self._numbers(entry, rule, found, state)
                case Rotation():
                    try:
                        result[:, indices] = self._rotation(entry, rule, columns, state)
                    except ValueError as error:
                        raise ConfigurationError(
                            f"{vector.name} {entry}: {error}; say another layout, or others of the "
                            "source's entries."
                        ) from error
        return result

    def _numbers(
        self, entry: str, rule: Scalar | Position, found: FloatArray, state: FloatArray
    ) -> FloatArray:
        is_delta = DELTA in entry
        if rule.relative_to is not None:
            return found if is_delta else found + self._state(state, rule.relative_to)
        return found - self._before(found, state, absolute(entry)) if is_delta else found

    def _rotation(
        self, entry: str, rule: Rotation, columns: Columns, state: FloatArray
    ) -> FloatArray:
        turns = values.turned(rule, self._picked(columns, rule))
        is_delta = DELTA in entry
        if rule.relative_to is not None and not (is_delta and rule.axes == "fixed"):
            current = rotations.quats_from(self._state(state, rule.relative_to), "rotvec")
            turns = values.turned_on(rule, turns, current)
            turns = rotations.multiplied(turns, rotations.inverted(current)) if is_delta else turns
        elif rule.relative_to is None and is_delta:
            rotvecs = rotations.rotvecs_from(turns)
            before = rotations.quats_from(self._before(rotvecs, state, absolute(entry)), "rotvec")
            turns = rotations.multiplied(turns, rotations.inverted(before))
        return rotations.rotvecs_from(turns)

    def _before(self, targets: FloatArray, state: FloatArray, entry: str) -> FloatArray:
        """Return what our steps add to: the target before; where there is none, the state."""
        is_known = is_in_state(self.mapping, entry)
        first = self._state(state, entry)[:1] if is_known else targets[:1]
        return np.concatenate([first, targets[:-1]])

    def _picked(self, columns: Columns, rule: Taken) -> FloatArray:
        feature = self._features[rule.feature]
        return columns[rule.feature][:, [entry_index(feature, pick) for pick in rule.picks]]

    def _state(self, state: FloatArray, entry: str) -> FloatArray:
        return state[:, self.mapping.state.indices(entry)]


def _needs_others(rule: tuple[str, Rule]) -> bool:
    """Whether an entry is made of others: the position of a tool, of its wrist's rotation."""
    return isinstance(rule[1], Position) and rule[1].tool is not None


def neutral(field: Field) -> float:
    """Return what stands for an entry that the source does not have: 0, or else mid-range."""
    return 0.0 if field.low <= 0.0 <= field.high else 0.5 * (field.low + field.high)
