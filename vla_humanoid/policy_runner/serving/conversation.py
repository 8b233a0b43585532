"""What a policy goes by in a client's episode, besides the packet that it is asked with."""

from dataclasses import dataclass

from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.policy_runner.serving.packet import VLAPacket


@dataclass(eq=False)  # Each is itself alone: memories are found by it.
class Conversation:
    """An episode of one client, as long as the robot is told the same.

    Args:
        episode: the client's number of it; None if it sends none.
        instruction: what the robot is told.
        first: the first question that was answered, as long as there is one. Whatever takes the
            policy's place is shown it, since it was not there then.
    """

    episode: int | None
    instruction: str
    first: Query | None = None

    def goes_on_with(self, packet: VLAPacket) -> bool:
        """Return whether a packet of the same client belongs to it."""
        return (packet.episode, packet.query) == (self.episode, self.instruction)
