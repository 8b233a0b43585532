"""What a protocol has to do for the server; a file for each protocol."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.policy_runner.policy import Outlook
from vla_humanoid.policy_runner.serving.packet import PacketError, VLAPacket


@dataclass(frozen=True)
class Timing:
    """How long an answer took.

    Args:
        infer: of it the policy [s].
        previous_total: of the client's answer before this one, from arrival to sending [s]; None
            if this is its first.
    """

    infer: float
    previous_total: float | None


class Codec(Protocol):
    """Turns messages into packets and answers into messages."""

    @property
    def message_bytes(self) -> int:
        """Size of the largest message that is read."""
        ...

    def greeting(self) -> bytes:
        """Return what every client is told first."""
        ...

    def read(self, message: bytes | str) -> VLAPacket:
        """Return what is asked.

        Raises:
            PacketError: if it cannot be read, or a field is wrong.
        """
        ...

    def answer(
        self,
        packet: VLAPacket,
        actions: NDArray[np.float32],
        timing: Timing,
        outlook: Outlook | None = None,
    ) -> bytes:
        """Return actions as a message, those of shape (horizon, action dim).

        Args:
            packet: that is answered.
            actions: of the policy.
            timing: of the answer.
            outlook: how far the policy takes itself to be; None if it does not tell.
        """
        ...

    def refusal(self, error: PacketError, packet: VLAPacket | None) -> bytes | str:
        """Return why there are none as a message."""
        ...
