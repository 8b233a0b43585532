"""From another embodiment's numbers to ours, rule by rule; many rows at once."""

from vla_humanoid.embodiment.frames import Frame
from vla_humanoid.embodiment.rotations import LAYOUTS, inverted, multiplied, quats_from, rotated
from vla_humanoid.embodiment.rules import Gripper, Position, Rotation, Scalar
from vla_humanoid.embodiment.units import UNITS
from vla_humanoid.schema import FloatArray


def scaled(rule: Scalar, raw: FloatArray) -> FloatArray:
    """Return numbers in our unit, shape (n, 1); of a change, the change."""
    return rule.scale * UNITS[rule.unit].factor * raw + rule.offset


def gripped(rule: Gripper, raw: FloatArray) -> FloatArray:
    """Return grips, shape (n, 1): 0 is open, 1 closed."""
    return (raw - rule.open) / (rule.closed - rule.open)


def placed(rule: Position, raw: FloatArray) -> FloatArray:
    """Return points in our frame [m], shape (n, 3); of a change, the change along our axes.

    They are of the rule's tool, if it has one.
    """
    metres = rule.scale * UNITS[rule.unit].factor * raw
    if rule.frame is None:
        return metres
    return (
        rule.frame.points_out(metres)
        if rule.relative_to is None
        else rule.frame.vectors_out(metres)
    )


def reach(tool: Frame, quats_wxyz: FloatArray) -> FloatArray:
    """Return how far a tool is from the wrist [m], shape (n, 3), where the wrist is turned so."""
    return rotated(quats_wxyz, tool.origin[None])


def turned(rule: Rotation, raw: FloatArray) -> FloatArray:
    """Return the rotations of our wrist as quaternions wxyz, shape (n, 4).

    Of a change: the turn about our axes if the rule has fixed ones, or else about the wrist's own.

    Raises:
        ValueError: if the numbers are no rotations of the rule's layout.
    """
    factor = rule.scale * UNITS[rule.unit].factor if LAYOUTS[rule.layout].angles else 1.0
    turns = quats_from(factor * raw, rule.layout)
    if rule.relative_to is None:
        turns = turns if rule.frame is None else multiplied(rule.frame.quats, turns)
        return turns if rule.tool is None else multiplied(turns, inverted(rule.tool.quats))
    axes = rule.frame if rule.axes == "fixed" else rule.tool
    return turns if axes is None else axes.changes_out(turns)


def turned_on(rule: Rotation, turns: FloatArray, current: FloatArray) -> FloatArray:
    """Return what changes that `turned` has found make of rotations, quaternions (n, 4)."""
    if rule.axes == "moving":
        return multiplied(current, turns)
    return multiplied(turns, current)
