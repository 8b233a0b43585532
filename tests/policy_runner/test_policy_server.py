"""What clients of a server get."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fake_policy import DESCRIPTION, SPEC, FakePolicy, counting, observed
from served_policy import (
    PATIENCE,
    QUICK,
    SEEING,
    ToldPolicy,
    ask,
    client,
    get,
    packet,
    serving,
    told,
)
from websockets.exceptions import ConnectionClosed, InvalidStatus

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.policy_runner.serving.access import AccessError
from vla_humanoid.policy_runner.serving.background import BackgroundServer, in_background
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
from vla_humanoid.policy_runner.serving.slot import SwapError
from vla_humanoid.policy_runner.wire.arrays import pack
from vla_humanoid.policy_runner.wire.openpi import OpenpiPolicy


def wait_for_health(server: BackgroundServer, status: int) -> None:
    end = time.monotonic() + PATIENCE
    while get(server, "/healthz")[0] != status:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_our_client_gets_what_the_policy_answers() -> None:
    policy = FakePolicy()
    config = ServerConfig(port=0)
    with in_background(PolicyServer(lambda: policy, config)) as server:
        remote = OpenpiPolicy(server.url)
        assert remote.description == DESCRIPTION
        chunk = remote.act(Query(observed(3), counting(3, 2)))
        remote.close()
    assert np.array_equal(chunk, counting(3))
    assert np.array_equal(policy.queries[-1].committed, counting(3, 2))


def test_an_answer_tells_how_long_it_took_and_whose_it_is() -> None:
    with serving() as server, client(server) as connection:
        first = ask(connection, packet(correlation_id="a"))
        second = ask(connection, packet())
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert first["correlation_id"] == "a"
    assert "correlation_id" not in second
    for answer, keys in ((first, {"infer_ms"}), (second, {"infer_ms", "prev_total_ms"})):
        timing = answer["server_timing"]
        assert isinstance(timing, dict)
        assert set(timing) == keys
        assert answer["policy_timing"] == {"infer_ms": timing["infer_ms"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packet("fail"), "policy: PolicyError: the camera is dark"),
        (packet("break"), "policy: KeyError: 'weights'"),
        (packet("rave"), "not finite"),
        (packet(state=np.zeros(2)), "invalid: state is float64 (2,)"),
        (packet(packet_version=3), "packet_version is 3; 1 to 2 are understood"),
        ({"prompt": "lift"}, "invalid: images/head is missing"),
    ],
)
def test_an_error_is_of_its_packet_alone(content: dict[str, object], said: str) -> None:
    with serving() as server, client(server) as connection, client(server) as other:
        refusal = ask(connection, content)
        assert isinstance(refusal, str)
        assert said in refusal
        assert "\n" not in refusal
        assert isinstance(ask(connection, packet()), dict)
        assert isinstance(ask(other, packet()), dict)


def test_a_replayed_correlation_id_is_refused_to_its_client_alone() -> None:
    with serving() as server, client(server) as connection, client(server) as other:
        assert isinstance(ask(connection, packet(correlation_id="a")), dict)
        assert ask(connection, packet(correlation_id="a")) == (
            "replayed: the correlation id 'a' was used before. [a]"
        )
        assert isinstance(ask(other, packet(correlation_id="a")), dict)


def test_a_newer_packet_takes_the_place_of_the_one_that_waits() -> None:
    policy = ToldPolicy()
    config = ServerConfig(port=0)
    with serving(policy, config) as server, client(server) as connection:
        connection.send(pack(packet("hang", correlation_id="1")))
        assert policy.begun.wait(PATIENCE)
        connection.send(pack(packet("old", correlation_id="2")))
        connection.send(pack(packet("new", correlation_id="3")))
        assert told(connection) == "superseded: a newer packet took its place. [2]"
        policy.free.set()
        first, latest = told(connection), told(connection)
    assert isinstance(first, dict)
    assert isinstance(latest, dict)
    assert (first["correlation_id"], latest["correlation_id"]) == ("1", "3")
    assert "old" not in policy.asked


def test_what_is_not_answered_in_time_is_told_then_and_once() -> None:
    policy = ToldPolicy()
    config = ServerConfig(port=0)
    with serving(policy, config) as server, client(server) as connection, client(server) as other:
        connection.send(pack(packet("hang", deadline_ms=50)))
        assert policy.begun.wait(PATIENCE)
        other.send(pack(packet("waits", deadline_ms=50)))
        assert told(connection) == "late: there was no answer within 50 ms."
        assert told(other) == "late: there was no answer within 50 ms."
        policy.free.set()
        for asking in (connection, other):
            answer = ask(asking, packet(correlation_id="next"))
            assert isinstance(answer, dict)
            assert answer["correlation_id"] == "next"
    assert "waits" not in policy.asked


def test_three_clients_at_once_take_turns_and_share_nothing() -> None:
    policy = ToldPolicy()

    def asked_often(number: int) -> None:
        with client(server) as connection:
            for index in range(20):
                answer = ask(connection, packet(f"told {number}", correlation_id=str(index)))
                assert isinstance(answer, dict)
                assert answer["correlation_id"] == str(index)

    with serving(policy, ServerConfig(port=0)) as server, ThreadPoolExecutor(3) as pool:
        list(pool.map(asked_often, range(3)))
        text = get(server, "/metrics")[1]
    assert "vla_humanoid_serve_answers_total 60\n" in text
    # Forgotten between clients: whenever another is answered the policy is reset.
    changes = sum(a != b for a, b in zip(policy.asked, policy.asked[1:], strict=False))
    assert len(policy.resets) == changes + 1


def test_a_killed_client_leaves_the_others_alone() -> None:
    policy = ToldPolicy()
    with serving(policy, ServerConfig(port=0)) as server, client(server) as other:
        with client(server) as connection:
            connection.send(pack(packet("hang")))
            assert policy.begun.wait(PATIENCE)
            connection.socket.close()
        policy.free.set()
        assert isinstance(ask(other, packet()), dict)


def test_a_policy_that_hangs_is_told_and_restarted() -> None:
    policies = [ToldPolicy(1.0)]
    may_restart = threading.Event()

    def make() -> ToldPolicy:
        if policies[-1].begun.is_set():
            assert may_restart.wait(PATIENCE)
            policies.append(ToldPolicy(2.0))
        return policies[-1]

    config = ServerConfig(port=0, slot=QUICK)
    with in_background(PolicyServer(make, config)) as server, client(server) as connection:
        assert get(server, "/healthz") == (200, "OK\n")
        assert ask(connection, packet("hang")) == "hanging: no answer within 0.5 s."
        assert get(server, "/healthz")[0] == 503
        refusal = ask(connection, packet())
        assert isinstance(refusal, str)
        assert refusal.startswith("unavailable")
        may_restart.set()
        wait_for_health(server, 200)
        answer = ask(connection, packet())
        policies[0].free.set()
    assert isinstance(answer, dict)
    actions = answer["actions"]
    assert isinstance(actions, np.ndarray)
    assert (actions == 2.0).all()


def test_a_policy_is_exchanged_under_load_without_a_packet_lost() -> None:
    stop = threading.Event()
    seen: list[float] = []

    def keep_asking() -> None:
        with client(server) as connection:
            while not stop.is_set():
                answer = ask(connection, packet())
                assert isinstance(answer, dict)
                actions = answer["actions"]
                assert isinstance(actions, np.ndarray)
                seen.append(float(actions[0, 0]))

    with serving(ToldPolicy(1.0), ServerConfig(port=0)) as server, ThreadPoolExecutor(1) as pool:
        asking = pool.submit(keep_asking)
        server.swap(lambda: ToldPolicy(2.0))
        end = time.monotonic() + PATIENCE
        while 2.0 not in seen and time.monotonic() < end:
            time.sleep(0.01)
        stop.set()
        asking.result(PATIENCE)
    assert seen[-1] == 2.0
    assert seen == sorted(seen)


def test_a_policy_that_fails_or_does_something_else_takes_no_place() -> None:
    other = ToldPolicy()
    other.description = Description(SPEC, SEEING.state, ("head",), 16, 10.0)

    def broken() -> ToldPolicy:
        raise OSError("no checkpoint")

    with serving(ToldPolicy(1.0)) as server, client(server) as connection:
        with pytest.raises(SwapError, match="OSError: no checkpoint"):
            server.swap(broken)
        with pytest.raises(SwapError, match=r"rate \[Hz\]"):
            server.swap(lambda: other)
        answer = ask(connection, packet())
    assert isinstance(answer, dict)
    actions = answer["actions"]
    assert isinstance(actions, np.ndarray)
    assert (actions == 1.0).all()


def test_only_who_has_the_key_may_ask_or_read_metrics() -> None:
    config = ServerConfig(port=0, api_key="secret", slot=QUICK)
    with serving(config=config) as server:
        for key in ("", "wrong", "secre", "geheim-\N{SNOWMAN}".encode().decode("latin-1")):
            with pytest.raises(InvalidStatus, match="401"), client(server, key):
                pass
        assert get(server, "/metrics")[0] == 401
        assert get(server, "/healthz")[0] == 200
        assert get(server, "/metrics", "secret")[0] == 200
        with client(server, "secret") as connection:
            assert isinstance(ask(connection, packet()), dict)
    assert "secret" not in repr(config)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "robot.example"])
def test_others_are_not_served_without_a_key_by_accident(host: str) -> None:
    with pytest.raises(AccessError, match="API key"):
        PolicyServer(ToldPolicy, ServerConfig(host=host))
    PolicyServer(ToldPolicy, ServerConfig(host=host, allow_anyone=True))
    PolicyServer(ToldPolicy, ServerConfig(host=host, api_key="secret"))


def test_metrics_count_refusals_by_their_reason() -> None:
    with serving() as server, client(server) as connection:
        ask(connection, packet())
        ask(connection, packet("fail"))
        ask(connection, {})
        status, text = get(server, "/metrics")
    assert status == 200
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
    expected = {
        "packets_total": 3,
        "answers_total": 1,
        'refusals_total{reason="policy"}': 1,
        'refusals_total{reason="invalid"}': 1,
        "clients": 1,
        "queue_depth": 0,
        "healthy": 1,
    }
    assert {name: float(lines[f"vla_humanoid_serve_{name}"]) for name in expected} == expected
    for quantile in ("0.5", "0.95", "0.99"):
        name = f'vla_humanoid_serve_latency_seconds{{quantile="{quantile}"}}'
        assert 0 < float(lines[name]) < PATIENCE
    assert float(lines["vla_humanoid_serve_resident_memory_bytes"]) > 1e6
    assert 0 < float(lines["vla_humanoid_serve_packets_per_second"]) <= 3


def test_a_server_that_ends_says_so_to_who_waits() -> None:
    policy = ToldPolicy()
    with serving(policy, ServerConfig(port=0)) as server, client(server) as connection:
        connection.send(pack(packet("hang", correlation_id="1")))
        assert policy.begun.wait(PATIENCE)
        server.stop()
        assert told(connection) == "unavailable: the server ends. [1]"
        with pytest.raises(ConnectionClosed, match="1001"):
            told(connection)
        policy.free.set()
