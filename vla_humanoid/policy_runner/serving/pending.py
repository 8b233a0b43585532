"""A packet on its way to its answer, of which it gets exactly one."""

import asyncio
from collections.abc import Callable

from vla_humanoid.policy_runner.serving.client import Client
from vla_humanoid.policy_runner.serving.packet import PacketError, VLAPacket


class Pending:
    """A packet that is to be answered by a deadline.

    Args:
        client: who asks.
        packet: what is asked.
        deadline: how long from now an answer is of use [s].
        on_late: told when the deadline has passed without an answer.
    """

    def __init__(
        self,
        client: Client,
        packet: VLAPacket,
        deadline: float,
        on_late: Callable[["Pending", PacketError], None],
    ) -> None:
        self.client, self.packet = client, packet
        self._loop = asyncio.get_running_loop()
        self.arrived = self._loop.time()
        late = PacketError("late", f"there was no answer within {1000.0 * deadline:g} ms.")
        self._timer = self._loop.call_later(deadline, on_late, self, late)
        self.is_open = True
        """Whether it has not been answered yet."""

    @property
    def age(self) -> float:
        """How long ago it arrived [s]."""
        return self._loop.time() - self.arrived

    def close(self) -> bool:
        """Take it as answered; return False if it was already."""
        was_open, self.is_open = self.is_open, False
        self._timer.cancel()
        return was_open
