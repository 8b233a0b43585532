"""Checks, before any number is read, that a mapping and a source go together."""

from collections.abc import Iterable, Mapping

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.importing.lerobot_info import IMAGE_KINDS, Feature
from vla_humanoid.data_collection.importing.mapping import EmbodimentMapping
from vla_humanoid.embodiment.faults import Faults
from vla_humanoid.embodiment.meaning import check_meaning
from vla_humanoid.embodiment.rules import (
    Absent,
    Gripper,
    Pick,
    Position,
    Rotation,
    Scalar,
    Taken,
)
from vla_humanoid.embodiment.vectors import VectorMapping, rotation_of

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
        if not isinstance(rule, Absent):
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
            if isinstance(rule, Taken):
                _check_vector(where, rule.feature, rule.picks, features)
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
    mapping: EmbodimentMapping, vector: VectorMapping, entry: str, rule: Taken
) -> None:
    faults = Faults()
    check_meaning(vector, entry, rule, faults)
    if faults.found:
        raise ConfigurationError(faults.found[0])
    if isinstance(rule, Position) and rule.tool is not None:
        turned = vector.rules.get(rotation_of(entry))
        if not isinstance(turned, Rotation) or rule.relative_to is not None or DELTA in entry:
            raise ConfigurationError(
                f"{vector.name} {entry}: the place of a tool is told absolutely, and together with "
                f"{rotation_of(entry)!r}; map that too, or leave 'tool' out."
            )
    if not isinstance(rule, Gripper) and rule.relative_to is not None:
        _check_relative(mapping, vector, entry, rule)


def _check_relative(
    mapping: EmbodimentMapping,
    vector: VectorMapping,
    entry: str,
    rule: Scalar | Position | Rotation,
) -> None:
    where = f"{vector.name} {entry}"
    if vector is mapping.state:
        raise ConfigurationError(f"{where}: a state is not relative to anything.")
    is_delta, is_fixed = DELTA in entry, not isinstance(rule, Rotation) or rule.axes == "fixed"
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
