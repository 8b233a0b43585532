"""What the clients of a soak send: packets that are right, that are not, and what is none."""

import numpy as np
from soak_server import DESCRIPTION
from websockets.sync.client import ClientConnection

from vla_humanoid.policy_runner.wire.arrays import pack

SIZE = DESCRIPTION.image_size


def good_packet(name: str, deadline: float, rng: np.random.Generator) -> dict[str, object]:
    """Return a packet that is right.

    Args:
        name: its correlation id.
        deadline: how long an answer is of use [s].
        rng: draws the image and the sentence.
    """
    return {
        "images/head": rng.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8),
        "state": np.zeros(len(DESCRIPTION.state), dtype=np.float32),
        "prompt": str(rng.choice(("lift the cube", "put it down", "walk to the table"))),
        "correlation_id": name,
        "deadline_ms": 1000.0 * deadline,
        "timestamp": float(rng.uniform(0, 1e9)),
    }


def refused_message(used: str, rng: np.random.Generator) -> bytes | str:
    """Return a message that is refused, with the connection staying open.

    Args:
        used: a correlation id that was used before; empty for none.
        rng: draws what is wrong with it.
    """
    right = good_packet("wrong", 1.0, rng)
    match rng.integers(7 if used else 6):
        case 0:
            return rng.bytes(int(rng.integers(200)))
        case 1:
            return pack(right)[: int(rng.integers(len(pack(right))))]
        case 2:
            return "lift the cube"
        case 3:
            return pack({**right, "images/head": np.zeros((4096, 1, 3), dtype=np.uint8)})
        case 4:
            return pack({**right, "state": np.full(109, np.nan)})
        case 5:
            return pack({**right, "prompt": b"\xff\xfe"})
        case _:
            return pack({**right, "correlation_id": used})


def break_connection(connection: ClientConnection, rng: np.random.Generator) -> None:
    """Send what ends a connection: too much, no UTF-8, no frames, or half of one."""
    match rng.integers(4):
        case 0:
            connection.send(bytes(2_000_000))
        case 1:
            connection.send(b"\xff\xfe", text=True)
        case 2:
            connection.socket.sendall(b"\xff" * 64)
        case _:
            connection.socket.sendall(b"\x82\xfe\x04\x00\0\0\0\0half of it")
            connection.socket.close()
