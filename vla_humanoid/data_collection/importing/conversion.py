"""Turns the numbers of a source into actions and states of this robot, as a mapping says."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.importing import rotations
from vla_humanoid.data_collection.importing.checks import (
    DELTA,
    absolute,
    check_rules,
    entry_index,
    is_in_state,
)
from vla_humanoid.data_collection.importing.lerobot_info import Feature
from vla_humanoid.data_collection.importing.mapping import EmbodimentMapping, VectorMapping
from vla_humanoid.data_collection.importing.rules import (
    Constant,
    Gripper,
    Missing,
    Pick,
    Rotation,
    Scalar,
)
from vla_humanoid.data_collection.importing.units import NORMALIZED, UNITS
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
        named = [rule.feature for rule in rules if isinstance(rule, Scalar | Gripper | Rotation)]
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
        for entry, rule in vector.rules.items():
            indices = vector.indices(entry)
            match rule:
                case Missing():
                    result[:, indices] = [neutral(vector.fields[index]) for index in indices]
                case Constant(value):
                    result[:, indices] = value
                case Gripper():
                    raw = self._picked(columns, rule.feature, rule.pick)
                    result[:, indices] = (raw - rule.open) / (rule.closed - rule.open)
                case Scalar():
                    field = vector.fields[indices[0]]
                    result[:, indices] = self._scalar(field, rule, columns, state)
                case Rotation():
                    try:
                        result[:, indices] = self._rotation(entry, rule, columns, state)
                    except ValueError as error:
                        raise ConfigurationError(
                            f"{vector.name} {entry}: {error}; say another layout, or others of the "
                            "source's entries."
                        ) from error
        return result

    def _scalar(
        self, field: Field, rule: Scalar, columns: Columns, state: FloatArray
    ) -> FloatArray:
        raw = self._picked(columns, rule.feature, rule.pick)
        if rule.unit == NORMALIZED:
            return field.low + 0.5 * (raw + 1.0) * (field.high - field.low)
        values = rule.scale * UNITS[rule.unit].factor * raw + rule.offset
        is_delta = DELTA in field.name
        if rule.relative_to is not None:
            return values if is_delta else values + self._state(state, rule.relative_to)
        return values - self._before(values, state, absolute(field.name)) if is_delta else values

    def _rotation(
        self, entry: str, rule: Rotation, columns: Columns, state: FloatArray
    ) -> FloatArray:
        picked = [self._picked(columns, rule.feature, pick) for pick in rule.picks]
        factor = UNITS[rule.unit].factor if rotations.LAYOUTS[rule.layout].angles else 1.0
        turns = rotations.quats_from(factor * np.concatenate(picked, axis=1), rule.layout)
        is_delta = DELTA in entry
        if rule.relative_to is not None:
            current = rotations.quats_from(self._state(state, rule.relative_to), "rotvec")
            if rule.axes == "moving":
                turns = rotations.multiplied(current, turns)
                turns = rotations.multiplied(turns, rotations.inverted(current))
            turns = turns if is_delta else rotations.multiplied(turns, current)
        elif is_delta:
            rotvecs = rotations.rotvecs_from(turns)
            before = rotations.quats_from(self._before(rotvecs, state, absolute(entry)), "rotvec")
            turns = rotations.multiplied(turns, rotations.inverted(before))
        return rotations.rotvecs_from(turns)

    def _before(self, targets: FloatArray, state: FloatArray, entry: str) -> FloatArray:
        """Return what our steps add to: the target before; where there is none, the state."""
        is_known = is_in_state(self.mapping, entry)
        first = self._state(state, entry)[:1] if is_known else targets[:1]
        return np.concatenate([first, targets[:-1]])

    def _picked(self, columns: Columns, feature: str, pick: Pick) -> FloatArray:
        index = entry_index(self._features[feature], pick)
        return columns[feature][:, index : index + 1]

    def _state(self, state: FloatArray, entry: str) -> FloatArray:
        return state[:, self.mapping.state.indices(entry)]


def neutral(field: Field) -> float:
    """Return what stands for an entry that the source does not have: 0, or else mid-range."""
    return 0.0 if field.low <= 0.0 <= field.high else 0.5 * (field.low + field.high)
