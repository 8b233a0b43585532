"""Whether what a rule says makes sense for our entry."""

from vla_humanoid.embodiment.faults import Faults
from vla_humanoid.embodiment.rules import Gripper, Scalar, Taken
from vla_humanoid.embodiment.units import NORMALIZED, UNITS
from vla_humanoid.embodiment.vectors import VectorMapping
from vla_humanoid.schema import Field


def units_of(field: Field) -> tuple[str, ...]:
    """Return the units that can be turned into an entry's."""
    return tuple(name for name, unit in UNITS.items() if unit.ours == field.unit)


def check_meaning(vector: VectorMapping, entry: str, rule: Taken, faults: Faults) -> None:
    """Note what is wrong with a rule's unit or polarity.

    Args:
        vector: of the entry.
        entry: ours, or a group's name.
        rule: what is said about it.
        faults: where to note it.
    """
    where = f"{vector.name} {entry}"
    field = vector.fields[vector.indices(entry)[0]]
    if isinstance(rule, Gripper) and "_grip" not in field.name:
        faults.add(
            f"{where}: 'open' and 'closed' are for grips; this is in {field.unit}, so "
            "give a 'unit'."
        )
    if isinstance(rule, Scalar):
        _check_unit(where, field, rule, faults)


def _check_unit(where: str, field: Field, rule: Scalar, faults: Faults) -> None:
    valid = units_of(field)
    if rule.unit != NORMALIZED and rule.unit not in valid:
        faults.add(
            f"{where} is in {field.unit}, which {rule.unit} cannot be turned into; valid are "
            f"{', '.join(valid)} and {NORMALIZED}."
        )
    plain = (rule.scale, rule.offset, rule.relative_to) == (1.0, 0.0, None)
    if rule.unit == NORMALIZED and not plain:
        faults.add(f"{where}: what is {NORMALIZED} has no scale, no offset and is not relative.")


def likelier_unit(field: Field, unit: str, low: float, high: float) -> str:
    """Return a smaller unit in which an entry's values would be within our bounds; or "".

    Args:
        field: ours.
        unit: that the values were taken to have.
        low: smallest of them, in our unit.
        high: largest of them, in our unit.
    """
    if unit not in UNITS or unit == NORMALIZED:
        return ""
    for name in units_of(field):
        factor = UNITS[name].factor / UNITS[unit].factor
        if factor < 1 and field.low <= factor * low and factor * high <= field.high:
            return name
    return ""
