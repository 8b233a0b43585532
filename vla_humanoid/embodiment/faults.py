"""What is wrong with a mapping: one error, or all that can be found before anything is done."""

from collections.abc import Iterator
from contextlib import contextmanager


class MappingError(ValueError):
    """A mapping makes no sense, or asks for what is not there; the message says what to do."""


class Faults:
    """Collects what is wrong, so that all of it can be told at once."""

    def __init__(self) -> None:
        self.found: list[str] = []
        """A sentence each."""

    def add(self, fault: str) -> None:
        """Note a fault."""
        self.found.append(fault)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note a `MappingError` that is raised within, and go on after it."""
        try:
            yield
        except MappingError as error:
            self.add(str(error))

    def require_none(self, what: str) -> None:
        """Tell all of them, a line each.

        Args:
            what: is at fault.

        Raises:
            MappingError: if there are any.
        """
        if self.found:
            lines = "\n".join(f"  {fault}" for fault in self.found)
            raise MappingError(f"{what}:\n{lines}")
