"""A thread that runs one call after another, and can be left behind while it hangs."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class InferenceThread:
    """Runs calls in order.

    Unlike those of an executor it is not waited for when the process ends, since it may hang.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._thread.is_alive()

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Run a call when those before it are done; whatever it raises is in the future."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = call()
            except Exception as error:  # A policy is foreign code: what it raises is its answer.
                future.set_exception(error)
            else:
                future.set_result(result)

        self._calls.put(run)
        return future

    def end(self) -> None:
        """Let it end after the calls that were submitted."""
        self._calls.put(None)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
