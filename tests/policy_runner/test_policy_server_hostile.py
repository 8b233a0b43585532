"""What a server makes of clients that mean no good: an error for them, and nothing for others."""

import socket
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served_policy import PATIENCE, QUICK, SEEING, ask, client, get, packet, serving
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from vla_humanoid.policy_runner.serving.background import BackgroundServer
from vla_humanoid.policy_runner.serving.openpi_codec import OpenpiCodec
from vla_humanoid.policy_runner.serving.packet import PacketError, VLAPacket
from vla_humanoid.policy_runner.serving.server import ServerConfig
from vla_humanoid.policy_runner.wire.arrays import pack

CODEC = OpenpiCodec(SEEING)
RIGHT = pack(packet(correlation_id="1", timestamp=3.5, committed_actions=np.zeros((2, 4))))

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.binary()
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.binary(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
array_like = st.fixed_dictionaries(
    {
        b"__ndarray__": st.just(True),
        b"data": st.binary(max_size=48) | anything,
        b"dtype": st.sampled_from(["<f4", "|u1", ">i2", "O", "f4,f4", "3f4", ",", "<U3"])
        | anything,
        b"shape": st.lists(st.integers(-1, 2**63), max_size=3) | anything,
    }
)
scalar_like = st.fixed_dictionaries(
    {
        b"__npgeneric__": st.just(True),
        b"data": anything,
        b"dtype": st.sampled_from(["<f4", "|u1", "<c8"]) | anything,
    }
)


def read(message: bytes) -> VLAPacket | None:
    """Return the packet in a message, or None if it is refused, which must be all that happens."""
    try:
        return CODEC.read(message)
    except PacketError as error:
        refusal = CODEC.refusal(error, None)
        assert refusal
        assert "\n" not in refusal
        return None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(message: bytes) -> None:
    assert read(message) is None


@given(st.integers(0, len(RIGHT) - 1))
def test_a_packet_that_is_cut_short_is_refused(length: int) -> None:
    assert read(RIGHT[:length]) is None


@given(st.integers(0, len(RIGHT) - 1), st.integers(0, 255))
def test_a_packet_with_a_changed_byte_is_sound_or_refused(place: int, byte: int) -> None:
    found = read(RIGHT[:place] + bytes([byte]) + RIGHT[place + 1 :])
    if found is not None:
        assert found.images["head"].shape == (16, 16, 3)
        assert np.isfinite(found.robot_state).all()
        assert np.isfinite(found.committed).all()


@given(st.sampled_from(sorted(packet())), anything | array_like | scalar_like)
def test_a_field_of_another_kind_is_refused(name: str, value: object) -> None:
    found = read(pack({**packet(), name: value}))
    assert found is None or (name == "prompt" and found.query == value)


@given(
    st.sampled_from(
        [
            "timestamp",
            "frame_id",
            "correlation_id",
            "deadline_ms",
            "committed_actions",
            "packet_version",
            "episode",
            "extra",
        ]
    ),
    anything | array_like | scalar_like,
)
def test_an_optional_field_of_any_kind_is_sound_or_refused(name: str, value: object) -> None:
    found = read(pack({**packet(), name: value}))
    if found is not None:
        assert isinstance(found.correlation_id, str)
        assert found.deadline is None or 0 <= found.deadline < 1e13
        assert found.committed.shape[1] == SEEING.action.dim
        assert found.episode is None or type(found.episode) is int


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"images/head": np.zeros((4096, 16, 3), np.uint8)}, r"uint8 \(4096, 16, 3\)"),
        ({"images/head": np.zeros((16, 16, 3), np.float32)}, "float32"),
        ({"state": np.array([0.0, np.nan, 0.0])}, "not finite"),
        ({"state": np.array([0.0, 1e300, 0.0])}, "not finite"),
        ({"prompt": "a" * 2001}, "2001 characters"),
        ({"correlation_id": "a" * 129}, "129 characters"),
        ({"committed_actions": np.zeros((257, 4))}, "257 actions"),
        ({"deadline_ms": -1}, "not negative"),
        ({"timestamp": float("nan")}, "not negative"),
        ({"packet_version": np.ones(2)}, "packet_version is a ndarray; send a whole number"),
        ({"packet_version": "1"}, "packet_version is a str"),
        ({"packet_version": 0}, "packet_version is 0; 1 to 2 are understood"),
        ({"episode": 1.5}, "episode is a float; send a whole number"),
        ({"episode": True}, "episode is a bool"),
    ],
)
def test_what_is_too_much_or_no_number_is_named(fields: dict[str, object], said: str) -> None:
    with pytest.raises(PacketError, match=said):
        CODEC.read(pack(packet(**fields)))


@pytest.fixture(scope="module")
def server() -> Iterator[BackgroundServer]:
    config = ServerConfig(
        port=0, most_clients=4, most_refused=5, handshake_patience=0.3, slot=QUICK
    )
    with serving(config=config) as running:
        yield running
        with client(running) as connection:  # Whatever was sent to it.
            assert isinstance(ask(connection, packet()), dict)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_a_client_that_sent_anything_may_ask_again(server: BackgroundServer, data: bytes) -> None:
    with client(server) as connection:
        connection.send(data)
        assert isinstance(connection.recv(PATIENCE), str)
        assert isinstance(ask(connection, packet()), dict)


def closed_with(connection: ClientConnection) -> int | None:
    """Read until the connection ends; return the code that the server gave."""
    try:
        while True:
            connection.recv(PATIENCE)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def test_text_is_refused_and_the_connection_stays(server: BackgroundServer) -> None:
    with client(server) as connection:
        connection.send("lift the cube")
        assert connection.recv(PATIENCE) == "unreadable: the message is text; send MessagePack."
        assert isinstance(ask(connection, packet()), dict)


def test_a_huge_message_ends_its_connection_before_it_is_read(server: BackgroundServer) -> None:
    with client(server) as connection:
        connection.send(bytes(4_000_000))
        assert closed_with(connection) == 1009


def test_text_that_is_no_utf8_ends_its_connection(server: BackgroundServer) -> None:
    with client(server) as connection:
        connection.send(b"\xff\xfe", text=True)
        assert closed_with(connection) == 1007


def test_who_sends_nothing_right_is_cut_off(server: BackgroundServer) -> None:
    with client(server) as connection:
        for _ in range(5):
            connection.send(b"\xc1")
        assert closed_with(connection) == 1008


def test_who_never_finishes_the_handshake_is_cut_off(server: BackgroundServer) -> None:
    slow = [socket.create_connection(server.address, PATIENCE) for _ in range(8)]
    for number, each in enumerate(slow):
        each.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n"[: 3 * number])
    with client(server) as connection:
        assert isinstance(ask(connection, packet()), dict)
    for each in slow:
        while each.recv(4096):  # Perhaps told why; then nothing more.
            pass
        each.close()


def test_frames_that_are_none_end_their_connection(server: BackgroundServer) -> None:
    with client(server) as connection:
        connection.socket.sendall(b"\xff" * 64)
        assert closed_with(connection) == 1002


def test_who_stops_within_a_frame_holds_up_nobody(server: BackgroundServer) -> None:
    with client(server) as connection, client(server) as other:
        connection.socket.sendall(b"\x82\xfe\x04\x00\0\0\0\0half of it")
        assert isinstance(ask(other, packet()), dict)
        connection.socket.close()


def test_too_many_clients_are_turned_away(server: BackgroundServer) -> None:
    with client(server), client(server), client(server), client(server):
        assert get(server, "/")[0] == 503
        assert get(server, "/healthz")[0] == 200
