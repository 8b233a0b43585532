"""Being asked to end: the step that is under way is finished, and what was trained is kept."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ASKS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def noticed_interrupts() -> Iterator[Callable[[], bool]]:
    """Give what tells whether Ctrl-C was pressed, or SIGTERM sent; a second time ends at once."""
    asked = False
    if threading.current_thread() is not threading.main_thread():
        yield lambda: asked  # Only that one may say what a signal does.
        return

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = {number: signal.signal(number, note) for number in _ASKS}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave_interrupts() -> None:
    """Leave Ctrl-C, which reaches processes that read as well, to the one they read for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
