"""Shows how an export goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def report_export(console: Console) -> Iterator[Callable[[int, int], None]]:
    """Give a callback for `export`: a bar on a terminal, nothing elsewhere."""
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("episodes", total=None)

        def update(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        yield update
