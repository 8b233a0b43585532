"""Clients of a server, and policies that misbehave on request."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from fake_policy import SPEC, STATE, Actions, counting
from websockets.sync.client import ClientConnection, connect

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import PolicyError, Query
from vla_humanoid.policy_runner.serving.background import BackgroundServer, in_background
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
from vla_humanoid.policy_runner.serving.slot import SlotConfig
from vla_humanoid.policy_runner.wire.arrays import pack, unpack

SEEING = Description(SPEC, STATE, ("head",), 16, 20.0)
QUICK = SlotConfig(patience=0.5, make_patience=5.0, retry=0.05)
PATIENCE = 20.0
"""How long a test waits for what should come at once [s]."""


class ToldPolicy:
    """Does what the instruction says: fail, break, rave, or hang until it is let go.

    Args:
        value: of all that it asks for otherwise.
    """

    def __init__(self, value: float = 0.0) -> None:
        self.description = SEEING
        self.begun = threading.Event()
        self.free = threading.Event()
        self.resets: list[str] = []
        self.asked: list[str] = []
        self._value = value

    def reset(self, instruction: str) -> None:
        self.resets.append(instruction)

    def act(self, query: Query) -> Actions:
        instruction = str(query.observation["instruction"])
        self.asked.append(instruction)
        match instruction:
            case "fail":
                raise PolicyError("the camera is dark")
            case "break":
                raise KeyError("weights")
            case "rave":
                return np.full((4, SPEC.dim), np.nan, dtype=np.float32)
            case "hang":
                self.begun.set()
                self.free.wait(PATIENCE)
        return np.full_like(counting(0), self._value)


def packet(prompt: object = "lift the cube", **fields: object) -> dict[str, object]:
    """A packet that is right but for some fields."""
    image = np.zeros((16, 16, 3), dtype=np.uint8)
    state = np.zeros(len(STATE), dtype=np.float32)
    return {"images/head": image, "state": state, "prompt": prompt, **fields}


def ask(connection: ClientConnection, content: Mapping[str, object]) -> dict[str, object] | str:
    """Send a packet and return what comes back."""
    connection.send(pack(content))
    return told(connection)


def told(connection: ClientConnection) -> dict[str, object] | str:
    """Return what comes next."""
    message = connection.recv(PATIENCE)
    if isinstance(message, str):
        return message
    content = unpack(message)
    assert isinstance(content, dict)
    return {str(key): value for key, value in content.items()}


@contextmanager
def client(server: BackgroundServer, api_key: str = "") -> Iterator[ClientConnection]:
    """A client that has been greeted."""
    headers = {"Authorization": f"Api-Key {api_key}"} if api_key else None
    with connect(
        server.url, compression=None, max_size=None, additional_headers=headers, close_timeout=1.0
    ) as connection:
        told(connection)
        yield connection


def get(server: BackgroundServer, path: str, api_key: str = "") -> tuple[int, str]:
    """Status and text of a page."""
    connection = http.client.HTTPConnection(*server.address, timeout=PATIENCE)
    headers = {"Authorization": f"Api-Key {api_key}"} if api_key else {}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


@contextmanager
def serving(
    policy: ToldPolicy | None = None, config: ServerConfig | None = None
) -> Iterator[BackgroundServer]:
    """A server of a policy, that gives up on it soon."""
    served = policy or ToldPolicy()
    quick = config or ServerConfig(port=0, slot=QUICK)
    with in_background(PolicyServer(lambda: served, quick)) as server:
        yield server
