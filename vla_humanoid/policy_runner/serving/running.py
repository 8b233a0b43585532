"""Runs a server until a signal ends it."""

import asyncio
import signal
from collections.abc import Callable

from vla_humanoid.policy_runner.serving.server import PolicyServer
from vla_humanoid.policy_runner.serving.slot import MakePolicy, SwapError


def run_until_signalled(
    server: PolicyServer,
    on_ready: Callable[[str, int], None],
    make_policy: MakePolicy,
    on_swap: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or SIGINT.

    SIGHUP has the policy made anew and swapped, SIGUSR1 puts the one before it back.

    Args:
        server: not running yet.
        on_ready: told the address and the port.
        make_policy: makes the policy anew, such as from a checkpoint that was replaced.
        on_swap: told what came of it.

    Raises:
        OSError: if it cannot bind.
    """

    async def serve() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        swaps: set[asyncio.Task[None]] = set()

        def swap() -> None:
            task = loop.create_task(_swap(server, make_policy, on_swap))
            swaps.add(task)
            task.add_done_callback(swaps.discard)

        loop.add_signal_handler(signal.SIGHUP, swap)
        loop.add_signal_handler(signal.SIGUSR1, _roll_back, server, on_swap)
        await server.run(stop, on_ready)

    asyncio.run(serve())


async def _swap(
    server: PolicyServer, make_policy: MakePolicy, on_swap: Callable[[str], None]
) -> None:
    try:
        await server.slot.swap(make_policy)
    except SwapError as error:
        on_swap(f"the policy stays: {error}")
        return
    on_swap(f"policy number {server.slot.generation} is served")


def _roll_back(server: PolicyServer, on_swap: Callable[[str], None]) -> None:
    try:
        server.slot.roll_back()
    except SwapError as error:
        on_swap(f"the policy stays: {error}")
        return
    on_swap(f"policy number {server.slot.generation} is served: the one before is back")
