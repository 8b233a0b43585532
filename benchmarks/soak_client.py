"""A client of a soak, in a process of its own: keeps account of every packet that it sends."""

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import numpy as np
from soak_packets import break_connection, good_packet, refused_message
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from vla_humanoid.policy_runner.wire.arrays import pack, unpack

DEADLINE = 1.0
"""How long an answer is of use [s]."""
GRACE = 5.0
"""How much later than that something must have been told about a packet [s]."""
BREAKING = 0.2
"""Share of what is malformed that ends the connection."""
WRONG = {"unreadable", "invalid", "replayed"}
"""Reasons for which only what is malformed is refused."""


@dataclass
class Account:
    """What became of the packets of a client.

    Args:
        counts: of packets that were ``good``: those ``answered``, those refused by the server's
            reason for it, those ``open`` yet, ``unanswered`` for too long, and of what was told
            about one of them ``again``. Of those that were ``malformed``: the ``refused``; of
            connections: those ``broken`` by the client and those ``cut`` by the server.
        slowest: answer [s].
    """

    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    def add(self, other: "Account") -> None:
        """Add what became of the packets of another."""
        self.counts.update(other.counts)
        self.slowest = max(self.slowest, other.slowest)


class SoakClient:
    """Sends packets at a rate, some of them malformed, and reads what is told about them.

    Args:
        address: of the server.
        rate: packets per second.
        malformed: share of them that is not right.
        seed: of what is sent.
    """

    def __init__(self, address: str, rate: float, malformed: float, seed: int) -> None:
        self._address, self._period, self._malformed = address, 1.0 / rate, malformed
        self._rng = np.random.default_rng(seed)
        self._sent: dict[str, float] = {}
        self._used = ""
        self._account = Account()

    def run(self, report: Connection) -> None:
        """Send for ever; report the account after every packet."""
        while True:
            with connect(
                self._address, compression=None, max_size=None, close_timeout=1.0
            ) as connection:
                connection.recv(GRACE)
                self._used = ""
                try:
                    self._converse(connection, report)
                except ConnectionClosed:
                    self._account.counts["cut"] += 1
                    self._account.counts["unanswered"] += len(self._sent)
                    self._sent.clear()

    def _converse(self, connection: ClientConnection, report: Connection) -> None:
        while True:
            if self._rng.random() >= self._malformed:
                self._send_good(connection)
            elif not self._sent and self._rng.random() < BREAKING:
                self._account.counts["broken"] += 1
                # The server may be quicker to end it.
                with suppress(ConnectionClosed, OSError):
                    break_connection(connection, self._rng)
                return
            else:
                self._account.counts["malformed"] += 1
                connection.send(refused_message(self._used, self._rng))
            self._listen(connection)
            self._look_for_old()
            report.send(self._account)

    def _send_good(self, connection: ClientConnection) -> None:
        self._account.counts["good"] += 1
        name = str(self._account.counts["good"])
        self._sent[name], self._used = time.monotonic(), name
        connection.send(pack(good_packet(name, DEADLINE, self._rng)))

    def _listen(self, connection: ClientConnection) -> None:
        end = time.monotonic() + self._period
        while (left := end - time.monotonic()) > 0:
            try:
                self._read(connection.recv(left))
            except TimeoutError:
                return

    def _read(self, message: bytes | str) -> None:
        counts = self._account.counts
        if isinstance(message, str):
            outcome = message.partition(":")[0]
            if outcome in WRONG:
                counts["refused"] += 1
                return
            name = message.rpartition("[")[2].rstrip("]")
        else:
            outcome, content = "answered", unpack(message)
            name = str(content["correlation_id"]) if isinstance(content, dict) else ""
        sent = self._sent.pop(name, None)
        if sent is None:
            counts["again"] += 1
            return
        counts[outcome] += 1
        if outcome == "answered":
            self._account.slowest = max(self._account.slowest, time.monotonic() - sent)

    def _look_for_old(self) -> None:
        latest = time.monotonic() - DEADLINE - GRACE
        old = [name for name, sent in self._sent.items() if sent < latest]
        for name in old:
            del self._sent[name]
        self._account.counts["unanswered"] += len(old)
        self._account.counts["open"] = len(self._sent)


def keep_asking(report: Connection, address: str, rate: float, malformed: float, seed: int) -> None:
    """Be a client until killed; see ``SoakClient``."""
    SoakClient(address, rate, malformed, seed).run(report)
