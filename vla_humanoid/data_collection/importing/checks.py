"""Checks, before any number is read, that a mapping and a source go together."""

from collections.abc import Iterable, Mapping

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.importing.lerobot_info import IMAGE_KINDS, Feature
from vla_humanoid.data_collection.importing.mapping import EmbodimentMapping, VectorMapping
from vla_humanoid.data_collection.importing.rules import (
    Gripper,
    Missing,
    Pick,
    Rotation,
    Rule,
    Scalar,
)
from vla_humanoid.data_collection.importing.units import NORMALIZED, UNITS

DELTA = "_delta_"
"""In the names of entries that are steps, added to the target before."""


def absolute(entry: str) -> str:
    """Return the entry of our state that a step goes on from."""
    return entry.replace(DELTA, "_")


def entry_index(feature: Feature, pick: Pick) -> int:
    """Return which of a feature's entries is meant."""
    return pick if isinstance(pick, int) else feature.names.index(pick)


def is_in_state(mapping: EmbodimentMapping, entry: str) -> bool:
    """Whether the source has an entry of our state, or a rotation in it."""
    try:
        indices = mapping.state.indices(entry)
    except ValueError:
        return False
    having: set[int] = set()
    for name, rule in mapping.state.rules.items():
        if not isinstance(rule, Missing):
            having |= set(mapping.state.indices(name))
    return having >= set(indices)


def check_rules(mapping: EmbodimentMapping, features: Mapping[str, Feature]) -> None:
    """Refuse a mapping that asks for what the source does not have, or makes no sense.

    Raises:
        ConfigurationError: naming the entry, what was expected and what to do.
    """
    for camera, name in mapping.cameras.items():
        feature = features.get(name)
        if feature is None or feature.kind not in IMAGE_KINDS:
            raise ConfigurationError(
                f"cameras {camera}: the source has no images {name!r}; it has "
                f"{_listed(key for key, value in features.items() if value.kind in IMAGE_KINDS)}."
            )
    if isinstance(mapping.success, str):
        _check_vector("success", mapping.success, (0,), features)
    for vector in (mapping.state, mapping.action):
        for entry, rule in vector.rules.items():
            where = f"{vector.name} {entry}"
            match rule:
                case Scalar() | Gripper():
                    _check_vector(where, rule.feature, (rule.pick,), features)
                case Rotation():
                    _check_vector(where, rule.feature, rule.picks, features)
                case _:
                    continue
            _check_meaning(mapping, vector, entry, rule)


def _check_vector(
    where: str, name: str, picks: tuple[Pick, ...], features: Mapping[str, Feature]
) -> None:
    feature = features.get(name)
    if feature is None or feature.kind in IMAGE_KINDS or feature.kind == "string":
        numbers = (key for key, value in features.items() if value.kind not in IMAGE_KINDS)
        raise ConfigurationError(
            f"{where}: the source has no numbers {name!r}; it has {_listed(numbers)}."
        )
    if len(feature.shape) > 1:
        raise ConfigurationError(
            f"{where}: the source's {name!r} has the shape {feature.shape}, but only vectors "
            "can be mapped."
        )
    for pick in picks:
        if isinstance(pick, str) and feature.names.count(pick) != 1:
            raise ConfigurationError(
                f"{where}: the source's {name!r} has no entry of the name {pick!r}; it has "
                f"{_listed(feature.names)}; or give an index."
            )
        if isinstance(pick, int) and pick >= feature.size:
            raise ConfigurationError(
                f"{where}: index {pick} is beyond the {feature.size} entries of the source's "
                f"{name!r}."
            )


def _check_meaning(
    mapping: EmbodimentMapping, vector: VectorMapping, entry: str, rule: Rule
) -> None:
    where = f"{vector.name} {entry}"
    field = vector.fields[vector.indices(entry)[0]]
    if isinstance(rule, Gripper):
        if "_grip" not in field.name:
            raise ConfigurationError(
                f"{where}: 'open' and 'closed' are for grips; this is in {field.unit}, so give a "
                "'unit'."
            )
        return
    if isinstance(rule, Scalar):
        valid = [name for name, unit in UNITS.items() if unit.ours == field.unit]
        if rule.unit != NORMALIZED and rule.unit not in valid:
            raise ConfigurationError(
                f"{where} is in {field.unit}, which {rule.unit} cannot be turned into; valid are "
                f"{', '.join(valid)} and {NORMALIZED}."
            )
        plain = (rule.scale, rule.offset, rule.relative_to) == (1.0, 0.0, None)
        if rule.unit == NORMALIZED and not plain:
            raise ConfigurationError(
                f"{where}: what is {NORMALIZED} has no scale, no offset and is not relative."
            )
    if isinstance(rule, Scalar | Rotation) and rule.relative_to is not None:
        _check_relative(mapping, vector, entry, rule)


def _check_relative(
    mapping: EmbodimentMapping, vector: VectorMapping, entry: str, rule: Scalar | Rotation
) -> None:
    where = f"{vector.name} {entry}"
    if vector is mapping.state:
        raise ConfigurationError(f"{where}: a state is not relative to anything.")
    is_delta, is_fixed = DELTA in entry, isinstance(rule, Scalar) or rule.axes == "fixed"
    if is_delta and mapping.rate is not None:
        raise ConfigurationError(
            f"{where}: steps cannot be had at another rate; leave 'rate' away, or map absolute "
            "targets."
        )
    base = str(rule.relative_to)
    if is_delta and is_fixed:
        return  # A step is a step, wherever it starts.
    if not is_in_state(mapping, base):
        raise ConfigurationError(
            f"{where}: it is relative to {base!r}, which the state lacks; map that "
            'entry of the state, or name another one: relative = "<entry>".'
        )
    if len(mapping.state.indices(base)) != len(vector.indices(entry)):
        raise ConfigurationError(f"{where}: it cannot be relative to {base!r}.")


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(map(repr, found[:12])) + (", ..." if len(found) > 12 else "") or "none"
