"""Runs a server beside what else the process does."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from vla_humanoid.policy_runner.serving.server import PolicyServer
from vla_humanoid.policy_runner.serving.slot import MakePolicy


class BackgroundServer:
    """A server that runs in a thread.

    Args:
        server: not running yet.
    """

    def __init__(self, server: PolicyServer) -> None:
        self._server = server
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="server")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._bound = ("", 0)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that it is bound to."""
        return self._bound

    @property
    def url(self) -> str:
        """Where clients connect to."""
        host, port = self._bound
        return f"ws://{host}:{port}"

    def start(self) -> None:
        """Return once clients may connect.

        Raises:
            RuntimeError: if it cannot bind.
        """
        self._thread.start()
        self._ready.wait()
        if not self._bound[1]:
            raise RuntimeError("The server did not start.")

    def swap(self, make_policy: MakePolicy) -> None:
        """Put another policy in the place, and wait until it is there.

        Raises:
            SwapError: if the one that is there stays.
        """
        if self._loop is None:
            raise RuntimeError("The server does not run.")
        asyncio.run_coroutine_threadsafe(self._server.slot.swap(make_policy), self._loop).result()

    def roll_back(self) -> None:
        """Put the policy back that was there before the latest swap.

        Raises:
            SwapError: if there was none.
        """
        if self._loop is None:
            raise RuntimeError("The server does not run.")

        async def roll_back() -> None:
            self._server.slot.roll_back()

        asyncio.run_coroutine_threadsafe(roll_back(), self._loop).result()

    def stop(self) -> None:
        """Stop serving and wait for it; do nothing where it has stopped."""
        if self._loop is not None and self._stop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        async def serve() -> None:
            self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
            await self._server.run(self._stop, self._on_ready)

        try:
            asyncio.run(serve())
        finally:
            self._ready.set()

    def _on_ready(self, host: str, port: int) -> None:
        self._bound = host, port
        self._ready.set()


@contextmanager
def in_background(server: PolicyServer) -> Iterator[BackgroundServer]:
    """Serve while the block runs."""
    running = BackgroundServer(server)
    running.start()
    try:
        yield running
    finally:
        running.stop()
