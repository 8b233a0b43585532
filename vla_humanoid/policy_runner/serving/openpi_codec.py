"""openpi's protocol, seen from the server.

Metadata come first, then a chunk for every observation. What goes wrong is told as text, which
openpi's clients raise as an error; the connection stays open, so that they may ask again.
"""

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import Outlook
from vla_humanoid.policy_runner.serving.codec import Timing
from vla_humanoid.policy_runner.serving.packet import (
    PACKET_VERSION,
    PacketError,
    PacketLimits,
    PacketReader,
    VLAPacket,
)
from vla_humanoid.policy_runner.wire.arrays import WireError, pack, unpack
from vla_humanoid.policy_runner.wire.openpi import DESCRIPTION_KEY, OUTLOOK_KEY


class OpenpiCodec:
    """Turns openpi's messages into packets and answers into openpi's messages.

    Args:
        description: of the policy that is served.
        limits: how much a packet may hold.
    """

    def __init__(self, description: Description, limits: PacketLimits | None = None) -> None:
        limits = limits or PacketLimits()
        self._description = description
        self._reader = PacketReader(description, limits)
        self.message_bytes = limits.message_bytes(description)
        """Size of the largest message that is read."""

    def greeting(self) -> bytes:
        """Return the metadata."""
        described = self._description.to_json()
        return pack({DESCRIPTION_KEY: described, "packet_version": PACKET_VERSION})

    def read(self, message: bytes | str) -> VLAPacket:
        """Return what is asked.

        Raises:
            PacketError: if it cannot be read, or a field is wrong.
        """
        if isinstance(message, str):
            raise PacketError("unreadable", "the message is text; send MessagePack.")
        try:
            content = unpack(message)
        except WireError as error:
            raise PacketError("unreadable", str(error)) from error
        if not isinstance(content, dict):
            raise PacketError("unreadable", f"the message is a {type(content).__name__}, no map.")
        return self._reader.read(content)

    def answer(
        self,
        packet: VLAPacket,
        actions: NDArray[np.float32],
        timing: Timing,
        outlook: Outlook | None = None,
    ) -> bytes:
        """Return actions as a message, as `Codec.answer` does."""
        infer_ms = 1000.0 * timing.infer
        server_timing = {"infer_ms": infer_ms}
        if timing.previous_total is not None:
            server_timing["prev_total_ms"] = 1000.0 * timing.previous_total
        content: dict[str, object] = {
            "actions": actions,
            "server_timing": server_timing,
            "policy_timing": {"infer_ms": infer_ms},
        }
        if outlook is not None:
            content[OUTLOOK_KEY] = {"progress": outlook.progress, "subgoal": outlook.subgoal}
        if packet.correlation_id:
            content["correlation_id"] = packet.correlation_id
        return pack(content)

    def refusal(self, error: PacketError, packet: VLAPacket | None) -> str:
        """Return why there are none, in a line."""
        named = f" [{packet.correlation_id}]" if packet and packet.correlation_id else ""
        return " ".join(f"{error}{named}".split())
