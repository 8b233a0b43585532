"""A rule of a mapping, told to whoever wrote it."""

from vla_humanoid.embodiment.rules import (
    Absent,
    Constant,
    Gripper,
    Position,
    Rotation,
    Rule,
    Scalar,
)


def rule_in_words(rule: Rule, absent: str) -> str:
    """Return where an entry comes from, in a few words.

    Args:
        rule: says it.
        absent: the word for an entry that the source does not have.
    """
    match rule:
        case Absent():
            return absent
        case Constant(value):
            return f"constant {value:g}"
        case Gripper():
            return f"{rule.feature}[{rule.pick}], open {rule.open:g}, closed {rule.closed:g}"
        case Scalar():
            plus = f" {rule.offset:+g}" if rule.offset else ""
            return f"{rule.feature}[{rule.pick}], {rule.unit}{_by(rule)}{plus}{_relative(rule)}"
        case Position():
            return f"{_several(rule)}, {rule.unit}{_by(rule)}{_frames(rule)}{_relative(rule)}"
        case Rotation():
            return f"{_several(rule)}, {rule.layout}{_by(rule)}{_frames(rule)}{_relative(rule)}"


def _by(rule: Scalar | Position | Rotation) -> str:
    return f" x {rule.scale:g}" if rule.scale != 1.0 else ""


def _several(rule: Position | Rotation) -> str:
    return f"{rule.feature}[{', '.join(map(str, rule.picks))}]"


def _frames(rule: Position | Rotation) -> str:
    tool = f" of {rule.tool.name}" if rule.tool is not None else ""
    return f"{tool} in {rule.frame.name}" if rule.frame is not None else tool


def _relative(rule: Scalar | Position | Rotation) -> str:
    return f", relative to {rule.relative_to}" if rule.relative_to is not None else ""
