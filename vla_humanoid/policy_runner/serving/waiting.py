"""The packets that wait: one of each client, its latest, in turns."""

import asyncio
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestWins(Generic[T]):
    """Bounded by the number of clients: a newer packet takes the place of its client's older one.

    Clients take turns: one that has just been served waits behind the others.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[int, T] = OrderedDict()
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, client: int, packet: T) -> T | None:
        """Let a packet wait; return the one of the same client that it replaces, in its turn."""
        replaced = self._waiting.get(client)
        self._waiting[client] = packet
        self._filled.set()
        return replaced

    def drop(self, client: int) -> T | None:
        """Forget the packet of a client; return it, if there was one."""
        return self._waiting.pop(client, None)

    async def take(self) -> T:
        """Return the packet whose turn it is, when there is one."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        return self._waiting.popitem(last=False)[1]
