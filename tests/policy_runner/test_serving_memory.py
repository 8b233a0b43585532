"""What a server remembers of each client, for policies that go by what was seen at first."""

import itertools
import threading
import time
from dataclasses import dataclass, field

import numpy as np
from fake_policy import SPEC, Actions
from served_policy import PATIENCE, QUICK, SEEING, ask, client, get, packet, told
from websockets.sync.client import ClientConnection

from vla_humanoid.policy_runner.policy import PolicyError, Query
from vla_humanoid.policy_runner.serving.background import BackgroundServer, in_background
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
from vla_humanoid.policy_runner.wire.arrays import pack
from vla_humanoid.policy_runner.wire.openpi import OpenpiPolicy

FAILS, HANGS = 98, 99
"""Shades of which a policy takes note, and then does as they say."""


@dataclass
class Hanging:
    """When a policy hangs.

    Args:
        begun: set when it does.
        free: ends it.
    """

    begun: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)


class FirstLook:
    """Answers with the shade that it saw first, the one that it sees, and its own number.

    Args:
        number: tells it from others.
        hanging: when it hangs.
    """

    def __init__(self, number: int = 0, hanging: Hanging | None = None) -> None:
        self.description = SEEING
        self._number, self._hanging = number, hanging or Hanging()
        self._first: int | None = None

    def session(self) -> "FirstLook":
        return FirstLook(self._number, self._hanging)

    def reset(self, instruction: str) -> None:
        self._first = None

    def act(self, query: Query) -> Actions:
        shade = int(np.asarray(query.observation["images/head"])[0, 0, 0])
        if self._first is None:
            self._first = shade
        if shade == FAILS:
            self._first = shade  # What it remembers is in disorder now.
            raise PolicyError("it is too bright")
        if shade == HANGS:
            self._hanging.begun.set()
            self._hanging.free.wait(PATIENCE)
        answer = np.zeros((4, SPEC.dim), dtype=np.float32)
        answer[:, :3] = self._first, shade, self._number
        return answer


def showing(shade: int, **fields: object) -> dict[str, object]:
    """A packet with an image of a shade."""
    return packet(**{"images/head": np.full((16, 16, 3), shade, np.uint8), **fields})


def heard(answer: dict[str, object] | str) -> tuple[int, int, int]:
    """The shade that was seen first, the one that is, and who says so."""
    assert isinstance(answer, dict), answer
    actions = answer["actions"]
    assert isinstance(actions, np.ndarray)
    first, now, number = actions[0, :3].astype(int).tolist()
    return first, now, number


def first_seen(connection: ClientConnection, shade: int, **fields: object) -> int:
    """Show a shade; return the one that the policy says it saw first."""
    first, now, _ = heard(ask(connection, showing(shade, **fields)))
    assert now == shade
    return first


def remembered(server: BackgroundServer) -> int:
    """Number of clients of which something is remembered."""
    lines = dict(line.rsplit(" ", 1) for line in get(server, "/metrics")[1].splitlines())
    return int(lines["vla_humanoid_serve_memories"])


def first_look_server() -> PolicyServer:
    """A server of a policy that remembers."""
    return PolicyServer(FirstLook, ServerConfig(port=0, slot=QUICK))


def test_each_client_is_remembered_for_itself_while_they_take_turns() -> None:
    with (
        in_background(first_look_server()) as server,
        client(server) as one,
        client(server) as other,
    ):
        for shade in (10, 11, 12):
            assert first_seen(one, shade, episode=1) == 10
            assert first_seen(other, shade + 10, episode=1) == 20
        assert remembered(server) == 2


def test_another_episode_or_sentence_begins_with_what_is_seen_then() -> None:
    with in_background(first_look_server()) as server, client(server) as connection:
        assert first_seen(connection, 1, episode=7) == 1
        assert first_seen(connection, 2, episode=7) == 1
        assert first_seen(connection, 3, episode=8) == 3
        assert first_seen(connection, 4, episode=8, prompt="open the drawer") == 4
        assert first_seen(connection, 5, episode=8, prompt="open the drawer") == 4
        assert first_seen(connection, 6, episode=7) == 6
        assert remembered(server) == 1


def test_a_client_that_connects_again_is_a_new_one() -> None:
    with in_background(first_look_server()) as server:
        with client(server) as connection:
            assert first_seen(connection, 1, episode=1) == 1
            assert remembered(server) == 1
        end = time.monotonic() + PATIENCE
        while remembered(server):
            assert time.monotonic() < end
            time.sleep(0.01)
        with client(server) as connection:
            assert first_seen(connection, 2, episode=1) == 2


def test_without_a_number_an_episode_lasts_as_long_as_the_sentence() -> None:
    with in_background(first_look_server()) as server, client(server) as connection:
        assert first_seen(connection, 1) == 1
        assert first_seen(connection, 2) == 1
        assert first_seen(connection, 3, prompt="open the drawer") == 3
        assert first_seen(connection, 4) == 4
        assert first_seen(connection, 5, episode=0) == 5


def test_packets_of_version_1_have_no_episode_whatever_they_call_so() -> None:
    with in_background(first_look_server()) as server, client(server) as connection:
        assert first_seen(connection, 1, packet_version=1, episode="the first") == 1
        assert first_seen(connection, 2, packet_version=1, episode="the second") == 1
        assert first_seen(connection, 3, packet_version=2, episode=np.int64(3)) == 3
        assert first_seen(connection, 4, packet_version=2, episode=3) == 3


def test_our_client_tells_when_an_episode_begins() -> None:
    def first_shown(policy: OpenpiPolicy, shade: int) -> int:
        seen = {
            "images/head": np.full((16, 16, 3), shade, np.uint8),
            "state": np.zeros(len(SEEING.state), np.float32),
            "instruction": "lift the cube",
        }
        return int(policy.act(Query(seen, np.zeros((0, SPEC.dim), np.float32)))[0, 0])

    with in_background(first_look_server()) as server:
        policy = OpenpiPolicy(server.url)
        for begins in (10, 20):
            policy.reset("lift the cube")
            assert [first_shown(policy, begins + step) for step in range(3)] == [begins] * 3
        policy.close()


def test_a_packet_that_fails_is_not_what_was_seen_first() -> None:
    with in_background(first_look_server()) as server, client(server) as connection:
        assert isinstance(ask(connection, showing(FAILS)), str)
        assert first_seen(connection, 1) == 1
        assert isinstance(ask(connection, showing(FAILS)), str)
        assert first_seen(connection, 2) == 1


def test_what_was_superseded_is_not_what_was_seen_first() -> None:
    hanging = Hanging()
    slow = PolicyServer(lambda: FirstLook(hanging=hanging), ServerConfig(port=0))
    with in_background(slow) as server, client(server) as one, client(server) as busy:
        busy.send(pack(showing(HANGS)))
        assert hanging.begun.wait(PATIENCE)
        one.send(pack(showing(1, episode=1)))
        one.send(pack(showing(2, episode=1)))
        assert str(told(one)).startswith("superseded")
        hanging.free.set()
        assert heard(told(one))[0] == 2


def test_a_policy_that_takes_the_place_is_shown_what_was_seen_first() -> None:
    with (
        in_background(first_look_server()) as server,
        client(server) as one,
        client(server) as other,
    ):
        assert first_seen(one, 1) == 1
        assert first_seen(other, 10) == 10
        server.swap(lambda: FirstLook(5))
        assert remembered(server) == 0
        assert heard(ask(one, showing(2))) == (1, 2, 5)
        server.roll_back()
        assert heard(ask(one, showing(3))) == (1, 3, 0)
        assert heard(ask(other, showing(11))) == (10, 11, 0)
        assert heard(ask(one, showing(4, episode=1))) == (4, 4, 0)


def test_an_answer_of_the_policy_before_leaves_no_memory_to_the_one_that_took_its_place() -> None:
    hanging = Hanging()
    slow = PolicyServer(lambda: FirstLook(hanging=hanging), ServerConfig(port=0))
    with in_background(slow) as server, client(server) as connection:
        assert first_seen(connection, 1) == 1
        connection.send(pack(showing(HANGS)))
        assert hanging.begun.wait(PATIENCE)
        server.swap(lambda: FirstLook(5))
        hanging.free.set()
        assert heard(told(connection)) == (1, HANGS, 0)
        assert remembered(server) == 0
        assert heard(ask(connection, showing(2))) == (1, 2, 5)


def test_a_policy_that_was_restarted_is_shown_what_was_seen_first() -> None:
    hanging, number = Hanging(), itertools.count()
    quick = ServerConfig(port=0, slot=QUICK)
    with (
        in_background(PolicyServer(lambda: FirstLook(next(number), hanging), quick)) as server,
        client(server) as connection,
        client(server) as other,
    ):
        assert first_seen(connection, 1) == 1
        assert first_seen(other, 10) == 10
        assert str(ask(connection, showing(HANGS))).startswith("hanging")
        hanging.free.set()
        end = time.monotonic() + PATIENCE
        while get(server, "/healthz")[0] != 200:
            assert time.monotonic() < end
            time.sleep(0.02)
        assert heard(ask(connection, showing(2))) == (1, 2, 1)
        assert heard(ask(other, showing(11))) == (10, 11, 1)


def test_no_more_than_an_episode_of_each_client_is_remembered() -> None:
    with (
        in_background(first_look_server()) as server,
        client(server) as one,
        client(server) as other,
    ):
        for episode in range(50):
            assert first_seen(one, episode, episode=episode) == episode
            assert first_seen(other, episode, prompt=f"told {episode}") == episode
        assert remembered(server) == 2
