"""Reads the tables of a mapping file: what is missing, unknown or of another kind is named."""

import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeGuard

from vla_humanoid.embodiment.faults import MappingError

_LARGEST = 1 << 20
"""Bytes of a mapping file."""


class Table:
    """A table of a mapping file, from which everything is to be taken.

    Args:
        values: its content.
        where: what to call it in messages.
    """

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self._values = dict(values)
        self._left = dict(values)
        self._known: list[str] = []
        self.where = where

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def error(self, what: str) -> MappingError:
        """Return an error that says where in the mapping something is wrong."""
        return MappingError(f"{self.where}: {what}.")

    def take(self, name: str) -> object:
        """Return a value, or None if it is not given."""
        self._known.append(name)
        return self._left.pop(name, None)

    def text(self, name: str, default: str | None = None, among: Sequence[str] = ()) -> str:
        """Return a text.

        Raises:
            MappingError: if it is something else, or not among those that are valid.
        """
        value = self.take(name)
        value = default if value is None else value
        choice = f", one of {', '.join(among)}" if among else ""
        if not isinstance(value, str) or (among and value not in among):
            raise self.error(f"{name!r} must be a text{choice}, not {_written(value)}")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """Return a number.

        Raises:
            MappingError: if it is something else.
        """
        value = self.take(name)
        value = default if value is None else value
        if not is_number(value):
            raise self.error(f"{name!r} must be a number, not {_written(value)}")
        return float(value)

    def flag(self, name: str, default: bool) -> bool:
        """Return a truth value.

        Raises:
            MappingError: if it is something else.
        """
        value = self.take(name)
        value = default if value is None else value
        if not isinstance(value, bool):
            raise self.error(f"{name!r} must be true or false, not {_written(value)}")
        return value

    def table(self, name: str) -> "Table":
        """Return a table in this one.

        Raises:
            MappingError: if it is missing or something else.
        """
        value = self.take(name)
        if not isinstance(value, dict):
            raise self.error(f"it needs a table {name!r}")
        return Table(value, f"{self.where}, [{name}]")

    def items(self) -> dict[str, object]:
        """Return everything that has not been taken yet."""
        left, self._left = self._left, {}
        return left

    def finish(self) -> None:
        """Refuse what nobody has asked for.

        Raises:
            MappingError: naming it, and what is valid.
        """
        if self._left:
            raise self.error(
                f"it has no use for {', '.join(map(repr, self._left))}; valid are "
                f"{', '.join(dict.fromkeys(self._known))}"
            )


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a finite number and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _written(value: object) -> str:
    return json.dumps(value, default=str)  # TOML has dates, too.


def read_table(path: Path) -> Table:
    """Read a mapping file, TOML or JSON.

    Raises:
        MappingError: if it cannot be read.
    """
    return Table(read_values(path), str(path))


def read_values(path: Path) -> dict[str, object]:
    """Return what is in a mapping file, TOML or JSON.

    Raises:
        MappingError: if it cannot be read.
    """
    if path.suffix not in (".toml", ".json"):
        raise MappingError(f"The mapping {path} must end in .toml or .json.")
    try:
        if path.stat().st_size > _LARGEST:
            raise MappingError(f"{path} is no mapping: it is larger than {_LARGEST} bytes.")
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise MappingError(f"The mapping {path} cannot be read: {error}.") from error
    except (ValueError, RecursionError) as error:
        kind = path.suffix[1:].upper()
        raise MappingError(f"The mapping {path} is not {kind}: {error}.") from error
    if not isinstance(values, dict):
        raise MappingError(f"The mapping {path} is not a JSON object.")
    return {str(key): value for key, value in values.items()}
