"""Asking a policy behind openpi's protocol."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from fake_policy import DESCRIPTION, counting, observed
from websockets.sync.server import ServerConnection, serve

from vla_humanoid.policy_runner.policy import Outlook, PolicyError, Query
from vla_humanoid.policy_runner.wire.arrays import pack, unpack
from vla_humanoid.policy_runner.wire.openpi import (
    DESCRIPTION_KEY,
    OpenpiConnection,
    OpenpiPolicy,
)

METADATA = pack({DESCRIPTION_KEY: DESCRIPTION.to_json()})
QUERY = Query(observed(3), counting(3, 2))


@contextmanager
def served(handle: Callable[[ServerConnection], None]) -> Iterator[str]:
    """Serve connections; yield the address."""
    with serve(handle, "127.0.0.1", 0, compression=None, max_size=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


def answering(*answers: bytes | str | None) -> Callable[[ServerConnection], None]:
    """Answer messages in order; None hangs up."""
    left = list(answers)

    def handle(connection: ServerConnection) -> None:
        connection.send(METADATA)
        for _ in connection:
            answer = left.pop(0)
            if answer is None:
                return
            connection.send(answer)

    return handle


def test_what_is_seen_is_asked_and_the_chunk_is_what_was_answered() -> None:
    asked: list[object] = []

    def handle(connection: ServerConnection) -> None:
        connection.send(METADATA)
        for message in connection:
            assert isinstance(message, bytes)
            asked.append(unpack(message))
            connection.send(pack({"actions": counting(3), "server_timing": {"infer_ms": 1.0}}))

    with served(handle) as address:
        policy = OpenpiPolicy(address)
        assert policy.description == DESCRIPTION
        assert np.array_equal(policy.act(QUERY), counting(3))
        policy.reset("lift the cube")
        policy.act(QUERY)
        policy.act(QUERY)
        policy.close()
    query, *_ = asked
    assert isinstance(query, dict)
    before, *after = (each["episode"] for each in asked if isinstance(each, dict))
    assert after == [before + 1] * 2
    assert query["prompt"] == "lift the cube"
    assert np.array_equal(query["state"], QUERY.observation["state"])
    assert np.array_equal(query["committed_actions"], QUERY.committed)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Traceback:\nValueError: no image", "reports: ValueError: no image"),
        (b"\xc1", "cannot be read"),
        (pack([1, 2]), "not a map"),
        (pack({"action": 1}), "without 'actions'"),
        (pack({"actions": "left"}), "without 'actions'"),
        (pack({"actions": counting(0), "outlook": 0.5}), "has no progress from 0 to 1"),
        (pack({"actions": counting(0), "outlook": {"progress": 2.0, "subgoal": 0}}), "'outlook'"),
        (pack({"actions": counting(0), "outlook": {"progress": 0.5}}), "no subgoal from 0 on"),
        (None, "does not answer"),
    ],
)
def test_what_is_no_answer_is_named_and_the_next_question_is_answered(
    answer: bytes | str | None, said: str
) -> None:
    with served(answering(answer, pack({"actions": counting(0)}))) as address:
        policy = OpenpiPolicy(address)
        with pytest.raises(PolicyError, match=said):
            policy.act(QUERY)
        assert np.array_equal(policy.act(QUERY), counting(0))
        policy.close()


def test_how_far_a_policy_is_comes_with_its_answers() -> None:
    told = pack({"actions": counting(0), "outlook": {"progress": 0.75, "subgoal": 2}})
    with served(answering(told, told, pack({"actions": counting(0)}))) as address:
        policy = OpenpiPolicy(address)
        policy.act(QUERY)
        assert policy.outlook == Outlook(0.75, 2)
        policy.reset("lift the cube")
        assert policy.outlook is None
        policy.act(QUERY)
        policy.act(QUERY)
        assert policy.outlook is None  # It does not tell any more.
        policy.close()


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one() -> None:
    free = threading.Event()

    def handle(connection: ServerConnection) -> None:
        connection.send(METADATA)
        for message in connection:
            assert isinstance(message, bytes)
            query = unpack(message)
            assert isinstance(query, dict)
            if query["prompt"] == "wait":
                free.wait(5.0)
            connection.send(pack({"actions": counting(0 if query["prompt"] == "wait" else 7)}))

    with served(handle) as address:
        policy = OpenpiPolicy(address, timeout=0.5)
        with pytest.raises(PolicyError, match="does not answer"):
            policy.act(Query(observed(0, "wait"), counting(0, 0)))
        free.set()
        assert np.array_equal(policy.act(QUERY), counting(7))
        policy.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("localhost:8000", "write ws://HOST:PORT"),
        ("http://localhost:8000", "write ws://HOST:PORT"),
        ("ws://127.0.0.1:9", "cannot be reached"),
    ],
)
def test_an_address_where_nothing_is_served_is_named(address: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        OpenpiPolicy(address, timeout=1.0)


def test_a_server_that_does_not_say_what_it_is_is_refused() -> None:
    def handle(connection: ServerConnection) -> None:
        connection.send(pack({"model": "pi0"}))

    with served(handle) as address, pytest.raises(PolicyError, match="does not say what it sees"):
        OpenpiPolicy(address)


def test_a_server_that_hangs_up_after_an_error_is_asked_again() -> None:
    """As openpi's own does."""

    def handle(connection: ServerConnection) -> None:
        connection.send(pack({"policy": "droid"}))
        for message in connection:
            assert isinstance(message, bytes)
            if unpack(message) == {"bad": 1}:
                connection.send("Traceback\nKeyError: 'prompt'")
                connection.close(1011)
                return
            connection.send(pack({"actions": counting(3)}))

    with served(handle) as address:
        connection = OpenpiConnection(address)
        assert connection.metadata == {"policy": "droid"}
        for _ in range(2):
            with pytest.raises(PolicyError, match="reports: KeyError: 'prompt'"):
                connection.infer({"bad": 1})
            time.sleep(0.2)  # The end of the connection has arrived.
            answer = connection.infer({"prompt": "go on"})
            assert np.array_equal(np.asarray(answer["actions"]), counting(3))
        connection.close()


def test_the_first_answer_may_take_longer_than_others() -> None:
    def handle(connection: ServerConnection) -> None:
        connection.send(METADATA)
        for _ in connection:
            time.sleep(0.6)
            connection.send(pack({"actions": counting(0)}))

    with served(handle) as address:
        connection = OpenpiConnection(address, timeout=0.3, first_timeout=20.0)
        connection.infer({})
        with pytest.raises(PolicyError, match="does not answer"):
            connection.infer({})
        connection.close()
