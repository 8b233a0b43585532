"""What a policy sees and does, entry by entry, as it travels with datasets and checkpoints."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from vla_humanoid.schema import CONTROL_MODES, ActionSpec, ControlMode, Field

FORMAT_VERSION = 1
_ENTRIES = {field.name for field in fields(Field)}


class DescriptionError(ValueError):
    """A description is damaged, or two of them do not fit; the message names the entries."""


@dataclass(frozen=True)
class Description:
    """What a policy sees and does.

    Args:
        action: what the entries of a normalized action mean.
        state: what the entries of the ``state`` observation mean.
        cameras: whose images it sees, by name.
        image_size: height and width of these [px]; 0 where there are none.
        rate: actions per second.
        tasks: names of those that it was trained on; empty where that is not known.
    """

    action: ActionSpec
    state: tuple[Field, ...]
    cameras: tuple[str, ...]
    image_size: int
    rate: float
    tasks: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the description as JSON, to be read by `from_json`."""
        content = {
            "format_version": FORMAT_VERSION,
            "control_mode": self.action.control_mode,
            "action": self.action.describe(),
            "state": [asdict(field) for field in self.state],
            "cameras": list(self.cameras),
            "image_size": self.image_size,
            "rate": self.rate,
            "tasks": list(self.tasks),
        }
        return json.dumps(content)

    @classmethod
    def from_json(cls, text: str) -> "Description":
        """Read what `to_json` has written.

        Raises:
            DescriptionError: if it is something else; the message names the entry.
        """
        try:
            content = json.loads(text)
        except ValueError as error:
            raise DescriptionError(f"The description is not JSON: {error}.") from error
        reader = _Reader(content)
        version = reader.number("format_version")
        if version != FORMAT_VERSION:
            raise DescriptionError(
                f"The description has format_version {version:g}; this version of vla-humanoid "
                f"reads {FORMAT_VERSION}."
            )
        return cls(
            action=ActionSpec(reader.control_mode(), reader.fields("action")),
            state=reader.fields("state"),
            cameras=reader.texts("cameras"),
            image_size=int(reader.number("image_size")),
            rate=reader.number("rate"),
            tasks=reader.texts("tasks") if "tasks" in reader else (),
        )


@dataclass(frozen=True)
class Difference:
    """Where two descriptions differ.

    Args:
        entry: of both.
        offered: what the one that is to be used has.
        needed: what it is to fit.
    """

    entry: str
    offered: str
    needed: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.entry}: {self.offered}, where {self.needed} is needed"


def differences(offered: Description, needed: Description) -> tuple[Difference, ...]:
    """Return every entry in which two descriptions differ.

    Args:
        offered: such as an environment's.
        needed: such as a policy's. Cameras that are offered beyond those needed are no difference.
    """
    found = [
        *value_differences("control_mode", offered.action.control_mode, needed.action.control_mode),
        *value_differences("rate [Hz]", offered.rate, needed.rate),
        *field_differences("action", offered.action.fields, needed.action.fields),
        *field_differences("state", offered.state, needed.state),
    ]
    if missing := [camera for camera in needed.cameras if camera not in offered.cameras]:
        listed = ", ".join(offered.cameras) or "none"
        found.append(Difference("cameras", listed, ", ".join(missing)))
    if needed.cameras:
        found += value_differences("image_size [px]", offered.image_size, needed.image_size)
    return tuple(found)


def require_same(offered: Description, needed: Description, who: str) -> None:
    """Check that what is offered is what is needed.

    Args:
        offered: such as an environment's.
        needed: such as a policy's.
        who: needs it, for the message.

    Raises:
        DescriptionError: listing every difference, a line each.
    """
    if found := differences(offered, needed):
        lines = "\n".join(f"  {difference}" for difference in found)
        raise DescriptionError(f"{who} does not fit:\n{lines}")


def value_differences(entry: str, offered: object, needed: object) -> list[Difference]:
    """Return the difference of two values, if they differ."""
    return [] if offered == needed else [Difference(entry, str(offered), str(needed))]


def field_differences(
    vector: str, offered: Sequence[Field], needed: Sequence[Field]
) -> list[Difference]:
    """Return where the fields of two vectors differ; ``vector`` is their name."""
    found = value_differences(f"length of {vector}", len(offered), len(needed))
    for index, (ours, theirs) in enumerate(zip(offered, needed, strict=False)):
        if ours != theirs:
            found.append(Difference(f"{vector}[{index}]", _told(ours), _told(theirs)))
    return found


def _told(field: Field) -> str:
    frame = f", {field.frame} frame" if field.frame else ""
    return f"{field.name} [{field.unit}] {field.low:g} to {field.high:g}{frame}"


class _Reader:
    """Reads the entries of a description that may come from anywhere."""

    def __init__(self, content: object) -> None:
        if not isinstance(content, dict):
            raise DescriptionError("The description is no JSON object.")
        self._content: Mapping[str, object] = {str(key): it for key, it in content.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._content

    def _entry(self, name: str) -> object:
        if name not in self._content:
            raise DescriptionError(f"The description lacks {name!r}.")
        return self._content[name]

    def number(self, name: str) -> float:
        value = self._entry(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise DescriptionError(f"{name!r} of the description is no number: {value!r}.")
        return float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._entry(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise DescriptionError(f"{name!r} of the description is no list of texts: {value!r}.")
        return tuple(str(item) for item in value)

    def control_mode(self) -> ControlMode:
        value = self._entry("control_mode")
        for mode in CONTROL_MODES:
            if mode == value:
                return mode
        listed = ", ".join(CONTROL_MODES)
        raise DescriptionError(f"'control_mode' of the description is {value!r}, not {listed}.")

    def fields(self, name: str) -> tuple[Field, ...]:
        value = self._entry(name)
        if not isinstance(value, list):
            raise DescriptionError(f"{name!r} of the description is no list.")
        return read_fields(name, value)


def read_fields(vector: str, items: Sequence[object]) -> tuple[Field, ...]:
    """Return the fields of a vector out of JSON.

    Args:
        vector: its name, for messages.
        items: an object for each; a bound that is null is infinite.

    Raises:
        DescriptionError: naming the one that is something else.
    """
    return tuple(_field(f"{vector}[{index}]", item) for index, item in enumerate(items))


def _field(where: str, item: object) -> Field:
    if not isinstance(item, dict) or set(item) != _ENTRIES:
        raise DescriptionError(
            f"{where} of the description does not have name, unit, low, high and frame alone."
        )
    name, unit, frame = item["name"], item["unit"], item["frame"]
    if not (isinstance(name, str) and isinstance(unit, str) and isinstance(frame, str)):
        raise DescriptionError(f"The name, unit or frame of {where} of the description is no text.")
    low = -math.inf if item["low"] is None else item["low"]
    high = math.inf if item["high"] is None else item["high"]
    if not (isinstance(low, int | float) and isinstance(high, int | float) and low < high):
        raise DescriptionError(f"{where} of the description has no bounds, low < high.")
    return Field(name, unit, float(low), float(high), frame)
