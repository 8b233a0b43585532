"""Loads USD, which takes half a second and must not be interrupted."""

import importlib
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_MODULES = ("pxr.Usd", "pxr.UsdPhysics", "usdex.core")


def load_usd() -> None:
    """Import USD; an interrupt waits so long, since USD would swallow it or stay half loaded.

    Raises:
        ImportError: if it does not load.
    """
    with _interrupts_held():
        for name in _MODULES:
            importlib.import_module(name)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # Signals are another's business.
        return
    held: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        held.append(number)

    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in held[:1]:
        signal.raise_signal(number)
