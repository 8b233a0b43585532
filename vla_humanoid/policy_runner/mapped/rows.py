"""What becomes what, line by line, for whoever wrote the mapping."""

from collections.abc import Iterator
from dataclasses import dataclass

from vla_humanoid.embodiment.rules import Constant, Taken
from vla_humanoid.embodiment.vectors import entries_of
from vla_humanoid.embodiment.words import rule_in_words
from vla_humanoid.policy_runner.mapped.config import (
    PolicyMapping,
    SeenConstant,
    SeenGrip,
    SeenImage,
    SeenNumber,
    SeenPart,
    SeenPosition,
    SeenRotation,
    SeenVector,
)
from vla_humanoid.policy_runner.mapped.reading import HOLD


@dataclass(frozen=True)
class Row:
    """One thing that becomes another.

    Args:
        becomes: what it becomes: the policy's of an observation, ours of an action.
        source: what it is made of.
        note: its shape, or our unit and bounds.
    """

    becomes: str
    source: str
    note: str


def observation_rows(mapping: PolicyMapping) -> Iterator[Row]:
    """Yield a row for everything that the policy is told."""
    yield Row(mapping.prompt, "instruction", "text")
    for image in mapping.images:
        yield Row(image.key, _image(image), _image_shape(image))
    for vector in mapping.vectors:
        place = 0
        for part in vector.parts:
            yield Row(_places(vector, place, part.size), _part(part), vector.dtype)
            place += part.size


def action_rows(mapping: PolicyMapping) -> Iterator[Row]:
    """Yield a row for every entry of our action, or the three of a group."""
    fields = {field.name: field for field in mapping.ours.action.fields}
    for entry, rule in mapping.action.rules.items():
        field = fields[entries_of(entry, mapping.ours.action.fields)[0]]
        note = f"{field.low:.4g}..{field.high:.4g} {field.unit}"
        yield Row(entry, rule_in_words(rule, HOLD), f"{note}, {field.frame}".rstrip(", "))


def unused(mapping: PolicyMapping) -> tuple[str, ...]:
    """Return the entries of the policy's action that nothing is made of."""
    answered = mapping.answered
    used = {
        answered.index(pick)
        for rule in mapping.action.rules.values()
        if isinstance(rule, Taken)
        for pick in rule.picks
    }
    names = answered.names or tuple(map(str, range(answered.dim)))
    return tuple(name for index, name in enumerate(names) if index not in used)


def summary(mapping: PolicyMapping) -> str:
    """Return both sides' sizes and rates, and what is left out, in a few lines."""
    answered, ours = mapping.answered, mapping.ours
    rules = mapping.action.rules.values()
    taken = sum(isinstance(rule, Taken) for rule in rules)
    constant = sum(isinstance(rule, Constant) for rule in rules)
    lines = [
        f"the policy sees {len(mapping.images)} images and "
        f"{sum(vector.size for vector in mapping.vectors)} numbers, and answers with "
        f"{answered.dim} at {answered.rate:g} Hz",
        f"our {ours.action.control_mode} has {ours.action.dim} at {ours.rate:g} Hz: "
        f"{taken} rules from the policy, {constant} constant, {len(rules) - taken - constant} held",
    ]
    if answered.rate != ours.rate:
        lines.append(f"between two actions: {answered.resampling}")
    if left := unused(mapping):
        lines.append(f"not used of the policy's action: {', '.join(left)}")
    return "\n".join(lines)


def _image(image: SeenImage) -> str:
    return f"images/{image.camera}" if image.camera else "black"


def _image_shape(image: SeenImage) -> str:
    edges = f"{image.height} x {image.width}"
    turn = f", turned by {image.turn} deg" if image.turn else ""
    return f"{edges} {image.layout} {image.dtype}, {image.fit}{turn}"


def _places(vector: SeenVector, place: int, size: int) -> str:
    last = f"..{place + size - 1}" if size > 1 else ""
    return f"{vector.key}[{place}{last}]"


def _part(part: SeenPart) -> str:
    match part:
        case SeenConstant(value):
            return f"constant {value:g}"
        case SeenNumber():
            by = f" x {part.scale:g}" if part.scale != 1.0 else ""
            plus = f" {part.offset:+g}" if part.offset else ""
            return f"{part.name}, {part.unit}{by}{plus}"
        case SeenGrip():
            return f"{part.name}, open {part.open:g}, closed {part.closed:g}"
        case SeenPosition():
            return f"{part.name}, {part.unit}{_frames(part)}"
        case SeenRotation():
            return f"{part.name}, {part.layout}{_frames(part)}"


def _frames(part: SeenPosition | SeenRotation) -> str:
    tool = f" of {part.tool.name}" if part.tool is not None else ""
    return f"{tool} in {part.frame.name}" if part.frame is not None else tool
