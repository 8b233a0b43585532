"""Where commands print."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def new_console() -> "Console":
    """Return a console that prints words in brackets, such as extras, as they stand."""
    from rich.console import Console

    return Console(markup=False, emoji=False)
