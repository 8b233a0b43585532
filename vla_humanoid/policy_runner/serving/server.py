"""Serves a policy to several clients, each of which only harms itself."""

import asyncio
import contextlib
import http
import itertools
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from vla_humanoid.policy_runner.serving.access import check_exposure, may_enter
from vla_humanoid.policy_runner.serving.client import Client
from vla_humanoid.policy_runner.serving.codec import Codec, Timing
from vla_humanoid.policy_runner.serving.metrics import Metrics
from vla_humanoid.policy_runner.serving.openpi_codec import OpenpiCodec
from vla_humanoid.policy_runner.serving.packet import PacketError, VLAPacket
from vla_humanoid.policy_runner.serving.pending import Pending
from vla_humanoid.policy_runner.serving.slot import MakePolicy, PolicySlot, SlotConfig
from vla_humanoid.policy_runner.serving.waiting import LatestWins

GOODBYE = 1.0
"""How long clients may take to read, at the end, that there will be no answer [s]."""
_LOGGER = logging.getLogger("vla_humanoid.serving")
# Everybody who only knocks would fill the log with a traceback.
_LOGGER.setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class ServerConfig:
    """How a policy is served.

    Args:
        host: address to bind to.
        port: to bind to; 0 for one that is free.
        api_key: that clients have to send; empty for none.
        allow_anyone: whether others may be served without a key.
        deadline: how long an answer is of use to clients that do not say so [s].
        most_clients: at once.
        most_refused: packets of a client that are refused in a row before it is cut off.
        handshake_patience: for a client to open its connection [s].
        send_patience: for a client to read a message [s].
        ping_interval: between looks at whether clients are still there [s].
        slot: how long the policy is waited for.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    api_key: str = field(default="", repr=False)
    allow_anyone: bool = False
    deadline: float = 10.0
    most_clients: int = 16
    most_refused: int = 1000
    handshake_patience: float = 10.0
    send_patience: float = 10.0
    ping_interval: float = 20.0
    slot: SlotConfig = field(default_factory=SlotConfig)


class PolicyServer:
    """Answers packets over WebSocket, ``GET /healthz`` and ``GET /metrics``.

    Args:
        make_policy: makes the policy; it is made and tried at once.
        config: how it is served.

    Raises:
        AccessError: if others could ask without a key.
        PolicyError: if the policy does not answer.
    """

    def __init__(self, make_policy: MakePolicy, config: ServerConfig | None = None) -> None:
        self._config = config or ServerConfig()
        check_exposure(
            self._config.host, self._config.api_key, allow_anyone=self._config.allow_anyone
        )
        self.slot = PolicySlot(make_policy, self._config.slot)
        """The place of the policy, where another may be put."""
        self.metrics = Metrics()
        self._codec: Codec = OpenpiCodec(self.slot.description)
        self._greeting = self._codec.greeting()
        self._clients: dict[int, Client] = {}
        self._numbers = itertools.count()
        self._waiting: LatestWins[Pending] = LatestWins()
        self._asked: Pending | None = None

    async def run(self, stop: asyncio.Event, on_ready: Callable[[str, int], None]) -> None:
        """Serve until asked to stop; packets that wait then are answered that it ends.

        Args:
            stop: ends it.
            on_ready: told the address and the port.

        Raises:
            OSError: if it cannot bind.
        """
        async with self._listening() as server:
            answering = asyncio.create_task(self._answer_all())
            host, port = next(iter(server.sockets)).getsockname()[:2]
            on_ready(str(host), int(port))
            stopping = asyncio.create_task(stop.wait())
            # A mistake of ours in answering ends the server with its traceback, not silently.
            await asyncio.wait({answering, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            answering.cancel()
            await self._say_goodbye()
            await self.slot.close()
            with contextlib.suppress(asyncio.CancelledError):
                await answering

    def _listening(self) -> AbstractAsyncContextManager[Server]:
        config = self._config
        return serve(
            self._attend,
            config.host,
            config.port,
            process_request=self._enter,
            compression=None,  # Images hardly compress, and openpi's clients do not ask for it.
            max_size=self._codec.message_bytes,
            max_queue=4,
            open_timeout=config.handshake_patience,
            ping_interval=config.ping_interval,
            ping_timeout=config.ping_interval,
            close_timeout=2.0,
            logger=_LOGGER,
        )

    def _enter(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/healthz":
            if self.slot.healthy:
                return connection.respond(http.HTTPStatus.OK, "OK\n")
            text = "the policy hung and is being restarted\n"
            return connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, text)
        if not may_enter(request.headers.get_all("Authorization"), self._config.api_key):
            text = "send the header Authorization: Api-Key KEY\n"
            return connection.respond(http.HTTPStatus.UNAUTHORIZED, text)
        if request.path == "/metrics":
            return connection.respond(http.HTTPStatus.OK, self.metrics.text(self._gauges()))
        if len(self._clients) >= self._config.most_clients:
            text = f"{self._config.most_clients} clients are served already\n"
            return connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, text)
        return None

    def _gauges(self) -> dict[str, float]:
        return {
            "queue_depth": len(self._waiting),
            "clients": len(self._clients),
            "healthy": self.slot.healthy,
            "policy_generation": self.slot.generation,
            "policy_restarts": self.slot.restarts,
            "hanging_threads": self.slot.hanging,
            "memories": self.slot.memories,
        }

    async def _attend(self, connection: ServerConnection) -> None:
        """Serve a client until it leaves."""
        client = Client(next(self._numbers), connection, self._config.send_patience)
        if len(self._clients) >= self._config.most_clients:  # Several came in the same moment.
            await connection.close(1013, "too many clients")
            return
        self._clients[client.number] = client
        client.tell(self._greeting)
        sending = asyncio.create_task(client.send_all())
        try:
            await self._read_all(client)
        except ConnectionClosed:
            return
        finally:
            sending.cancel()
            if (pending := self._waiting.drop(client.number)) is not None:
                pending.close()
            del self._clients[client.number]

    async def _read_all(self, client: Client) -> None:
        async for message in client.connection:
            self._read(client, message)
            if client.refused_in_a_row >= self._config.most_refused:
                await client.connection.close(1008, "too many packets that cannot be answered")
            await client.has_room()
            await asyncio.sleep(0)  # The others' turn, even while this one has more to read.

    def _read(self, client: Client, message: bytes | str) -> None:
        self.metrics.arrived()
        packet: VLAPacket | None = None
        try:
            packet = self._codec.read(message)
            client.check_new(packet)
        except PacketError as error:
            client.refused_in_a_row += 1
            self._tell_refusal(client, packet, error)
            return
        client.refused_in_a_row = 0
        longest = self._config.deadline
        deadline = longest if packet.deadline is None else min(packet.deadline, longest)
        pending = Pending(client, packet, deadline, self._refuse)
        replaced = self._waiting.put(client.number, pending)
        if replaced is not None:
            self._refuse(replaced, PacketError("superseded", "a newer packet took its place."))

    async def _answer_all(self) -> None:
        while True:
            self._asked = await self._waiting.take()
            await self._answer(self._asked)
            self._asked = None  # Nothing is kept of a client that leaves now.

    async def _answer(self, pending: Pending) -> None:
        if not pending.is_open:  # Told already that it would be late.
            return
        client, packet = pending.client, pending.packet
        try:
            inferred = await self.slot.infer(packet.to_query(), client.conversation(packet))
        except PacketError as error:
            self._refuse(pending, error)
            return
        if not pending.close():
            return
        timing = Timing(inferred.seconds, client.previous_total)
        client.tell(self._codec.answer(packet, inferred.actions, timing, inferred.outlook))
        client.previous_total = pending.age
        self.metrics.answered(pending.age)

    def _refuse(self, pending: Pending, error: PacketError) -> None:
        if pending.close():
            self._tell_refusal(pending.client, pending.packet, error)

    def _tell_refusal(self, client: Client, packet: VLAPacket | None, error: PacketError) -> None:
        self.metrics.refused(error.reason)
        client.tell(self._codec.refusal(error, packet))

    async def _say_goodbye(self) -> None:
        error = PacketError("unavailable", "the server ends.")
        clients = tuple(self._clients.values())
        for client in clients:
            if (pending := self._waiting.drop(client.number)) is not None:
                self._refuse(pending, error)
        if self._asked is not None:
            self._refuse(self._asked, error)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await asyncio.gather(*(client.has_read_all() for client in clients))
