"""Names, field by field, what differs between two descriptions."""

import json
from collections.abc import Iterator, Mapping

MOST_NAMED = 8


def differences(one: object, other: object, path: str = "") -> Iterator[tuple[str, object, object]]:
    """Yield the path, and both values, of every field in which two JSON values differ.

    A field that is missing counts as None. Entries of a list that have a ``name`` are told by it.
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}):
            inner = f"{path}.{key}" if path else str(key)
            yield from differences(one.get(key), other.get(key), inner)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{path}[{_label(index, left)}]")
    elif one != other:
        yield path, one, other


def difference_text(one: object, other: object) -> str:
    """Return the first differences in words; empty if there are none."""
    found = list(differences(one, other))
    said = [
        f"{path}: {_short(left)} there, {_short(right)} here"
        for path, left, right in found[:MOST_NAMED]
    ]
    if len(found) > MOST_NAMED:
        said.append(f"and {len(found) - MOST_NAMED} more")
    return "; ".join(said)


def _label(index: int, item: object) -> str:
    name = item.get("name") if isinstance(item, Mapping) else None
    return f"{index} {name}" if isinstance(name, str) else str(index)


def _short(value: object) -> str:
    if value is None:
        return "missing"
    if isinstance(value, list):
        return f"{len(value)} entries"
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
