"""What whoever runs a server can do to it, and who never reads."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from served_policy import PATIENCE, QUICK, ToldPolicy, ask, client, get, packet, serving, told
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.policy_runner.serving.background import BackgroundServer, in_background
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
from vla_humanoid.policy_runner.serving.slot import SwapError
from vla_humanoid.policy_runner.wire.arrays import pack

PROGRAM = Path(__file__).with_name("serve_a_number.py")


def number(connection: ClientConnection) -> float:
    """Ask, and return the number that all of the answer is."""
    answer = ask(connection, packet())
    assert isinstance(answer, dict)
    actions = answer["actions"]
    assert isinstance(actions, np.ndarray)
    assert (actions == actions[0, 0]).all()
    return float(actions[0, 0])


def metric(server: BackgroundServer, name: str) -> float:
    lines = dict(line.rsplit(" ", 1) for line in get(server, "/metrics")[1].splitlines())
    return float(lines[f"vla_humanoid_serve_{name}"])


def test_rolling_back_gives_the_policy_that_was_there_once() -> None:
    first = ToldPolicy(1.0)
    with serving(first) as server, client(server) as connection:
        with pytest.raises(SwapError, match="no policy before"):
            server.roll_back()
        server.swap(lambda: ToldPolicy(2.0))
        assert number(connection) == 2.0
        asked = len(first.asked)
        server.roll_back()
        assert number(connection) == 1.0
        assert len(first.asked) == asked + 1  # Itself, not another like it.
        assert metric(server, "policy_generation") == 3
        with pytest.raises(SwapError, match="no policy before"):
            server.roll_back()
        assert number(connection) == 1.0


def test_a_policy_that_is_rolled_back_to_is_what_is_restarted() -> None:
    made: list[ToldPolicy] = []

    def make() -> ToldPolicy:
        made.append(ToldPolicy(1.0))
        return made[-1]

    with (
        in_background(PolicyServer(make, ServerConfig(port=0, slot=QUICK))) as server,
        client(server) as connection,
    ):
        server.swap(lambda: ToldPolicy(2.0))
        server.roll_back()
        assert ask(connection, packet("hang")) == "hanging: no answer within 0.5 s."
        wait_until(lambda: metric(server, "policy_restarts") == 1)
        assert number(connection) == 1.0
        made[0].free.set()
    assert len(made) == 2


def test_what_takes_the_place_during_a_restart_keeps_it() -> None:
    first, may_restart = ToldPolicy(1.0), threading.Event()

    def make() -> ToldPolicy:
        if first.begun.is_set():
            assert may_restart.wait(PATIENCE)
            return ToldPolicy(1.0)
        return first

    with (
        in_background(PolicyServer(make, ServerConfig(port=0, slot=QUICK))) as server,
        client(server) as connection,
    ):
        assert ask(connection, packet("hang")) == "hanging: no answer within 0.5 s."
        server.swap(lambda: ToldPolicy(2.0))
        may_restart.set()
        wait_until(lambda: metric(server, "healthy") == 1)
        assert number(connection) == 2.0
        first.free.set()


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def program(file: Path) -> "Iterator[subprocess.Popen[str]]":
    """A server in a process of its own."""
    line = [sys.executable, str(PROGRAM), str(file)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: "subprocess.Popen[str]") -> str:
    """The next line that a server tells."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_signals_exchange_the_policy_and_end_the_server(tmp_path: Path) -> None:
    file = tmp_path / "number"
    file.write_text("1")
    with program(file) as process:
        port = heard(process)
        with connect(f"ws://127.0.0.1:{port}", compression=None) as connection:
            told(connection)
            assert number(connection) == 1.0
            file.write_text("2")
            process.send_signal(signal.SIGHUP)
            assert heard(process) == "policy number 2 is served"
            assert number(connection) == 2.0
            file.write_text("none")
            process.send_signal(signal.SIGHUP)
            assert heard(process).startswith("the policy stays: The policy fails: ValueError")
            assert number(connection) == 2.0
            process.send_signal(signal.SIGUSR1)
            assert heard(process) == "policy number 3 is served: the one before is back"
            assert number(connection) == 1.0
            process.send_signal(signal.SIGUSR1)
            assert heard(process) == "the policy stays: There was no policy before this one."
            process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed, match="1001"):
                told(connection)
        assert process.wait(PATIENCE) == 0


class TalkativePolicy(ToldPolicy):
    """Answers with more than the buffers on the way to a client hold."""

    def act(self, query: Query) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return np.zeros((1000, self.description.action.dim), dtype=np.float32)


@contextmanager
def deaf_client(server: BackgroundServer) -> Iterator[ClientConnection]:
    """A client whose window is as small as can be."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(server.address)
    with connect(server.url, sock=narrow, compression=None, close_timeout=0.1) as connection:
        yield connection


def test_who_asks_and_never_reads_is_cut_off_and_holds_up_nobody() -> None:
    config = ServerConfig(port=0, send_patience=0.3, slot=QUICK)
    with (
        serving(TalkativePolicy(), config) as server,
        client(server) as other,
        deaf_client(server) as deaf,
        ThreadPoolExecutor(1) as pool,
    ):
        asking = pool.submit(ask_without_reading, deaf)
        while not asking.done():
            assert isinstance(ask(other, packet()), dict)
        asking.result()
        wait_until(lambda: metric(server, "clients") == 1)
        assert isinstance(ask(other, packet()), dict)


def ask_without_reading(connection: ClientConnection) -> None:
    """Ask until the server ends the connection."""
    question = pack(packet())
    end = time.monotonic() + PATIENCE
    with suppress(ConnectionClosed, OSError):
        while time.monotonic() < end:
            connection.send(question)
            time.sleep(0.001)
    assert time.monotonic() < end


def test_who_is_there_no_more_is_noticed() -> None:
    config = ServerConfig(port=0, ping_interval=0.2, slot=QUICK)
    upgrade = (
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    with serving(config=config) as server:
        silent = socket.create_connection(server.address, PATIENCE)
        silent.sendall(upgrade.encode())
        wait_until(lambda: metric(server, "clients") == 1)
        wait_until(lambda: metric(server, "clients") == 0)
        assert silent.fileno() >= 0  # Nobody but the server has ended the connection.
        silent.close()
