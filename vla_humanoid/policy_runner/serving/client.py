"""One client: what it may still send, and what waits to be sent to it."""

import asyncio
import contextlib
from collections import OrderedDict

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from vla_humanoid.policy_runner.serving.conversation import Conversation
from vla_humanoid.policy_runner.serving.packet import PacketError, VLAPacket

OUTBOX = 64
"""Messages that may wait for a client that does not read them."""
REMEMBERED = 1024
"""Correlation ids of a client's that may not be used again."""


class Client:
    """A connection with what belongs to it alone.

    Args:
        number: tells it from the others.
        connection: to it.
        send_patience: how long it may take to read a message [s].
    """

    def __init__(self, number: int, connection: ServerConnection, send_patience: float) -> None:
        self.number = number
        self.connection = connection
        self.previous_total: float | None = None
        """How long its latest answer took, from arrival to sending [s]."""
        self.refused_in_a_row = 0
        self._send_patience = send_patience
        self._outbox: asyncio.Queue[bytes | str] = asyncio.Queue(OUTBOX)
        self._is_sent_to = True
        self._used: OrderedDict[str, None] = OrderedDict()
        self._conversation: Conversation | None = None

    def check_new(self, packet: VLAPacket) -> None:
        """Remember a packet's correlation id.

        Raises:
            PacketError: if it came before.
        """
        name = packet.correlation_id
        if not name:
            return
        if name in self._used:
            raise PacketError("replayed", f"the correlation id {name!r} was used before.")
        self._used[name] = None
        if len(self._used) > REMEMBERED:
            self._used.popitem(last=False)

    def conversation(self, packet: VLAPacket) -> Conversation:
        """Return what a packet of its belongs to; what came before that is forgotten."""
        if self._conversation is None or not self._conversation.goes_on_with(packet):
            self._conversation = Conversation(packet.episode, packet.query)
        return self._conversation

    def tell(self, message: bytes | str) -> None:
        """Let a message wait to be sent; one that reads none of them is cut off."""
        try:
            self._outbox.put_nowait(message)
        except asyncio.QueueFull:
            self.connection.transport.abort()

    async def has_room(self) -> None:
        """Wait until it has read half of what it is owed, or nothing more is sent to it.

        Until then nothing more is read.
        """
        while self._is_sent_to and self._outbox.qsize() > OUTBOX // 2:
            await asyncio.sleep(0.01)

    async def has_read_all(self) -> None:
        """Wait until everything that it is owed has been sent."""
        await self._outbox.join()

    async def send_all(self) -> None:
        """Send what waits, for ever; end with the connection, or when it does not read."""
        try:
            with contextlib.suppress(ConnectionClosed):
                while True:
                    message = await self._outbox.get()
                    async with asyncio.timeout(self._send_patience):
                        await self.connection.send(message)
                    self._outbox.task_done()
        except TimeoutError:
            self.connection.transport.abort()
        finally:
            self._is_sent_to = False
