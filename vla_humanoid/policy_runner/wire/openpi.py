"""The WebSocket protocol of openpi (Physical Intelligence, 2025), seen from the robot.

The server speaks first, of itself; then it answers every observation with a chunk. What goes wrong
comes as text. A server of ours also describes, in its metadata, what it sees and does.
"""

import time
from collections.abc import Mapping
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect

from vla_humanoid.description import Description, DescriptionError
from vla_humanoid.policy_runner.policy import Outlook, PolicyError, Query
from vla_humanoid.policy_runner.wire.arrays import WireError, pack, unpack

DESCRIPTION_KEY = "vla_humanoid"
"""Where a server of ours says in its metadata what it sees and does, as JSON."""
COMMITTED_KEY = "committed_actions"
"""Where a server of ours finds the actions that are carried out while it thinks."""
OUTLOOK_KEY = "outlook"
"""Where a server of ours says, in an answer, how far its policy takes itself to be."""
EPISODE_KEY = "episode"
"""Where a server of ours finds a number that changes whenever the policy is to forget the past."""


class OpenpiConnection:
    """Asks an openpi server, whatever its policy sees and does.

    The connection is made at once, and again whenever it has been lost.

    Args:
        address: ``ws://host:port``.
        api_key: sent with the connection; empty for none.
        timeout: how long to wait for the connection, and for an answer [s].
        first_timeout: how long to wait for the first answer, before which a server may compile its
            model [s].

    Raises:
        PolicyError: if it cannot be reached.
    """

    def __init__(
        self,
        address: str,
        *,
        api_key: str = "",
        timeout: float = 10.0,
        first_timeout: float = 300.0,
    ) -> None:
        self.address = address
        self._api_key, self._timeout, self._first_timeout = api_key, timeout, first_timeout
        self._has_answered = False
        self._connection: ClientConnection | None = None
        self._open = ExitStack()
        self.metadata = self._connect()
        """What the server says of itself."""

    def infer(self, observation: Mapping[str, object]) -> Mapping[str, object]:
        """Return the server's answer to an observation.

        Raises:
            PolicyError: if there is none in time, or it reports an error.
        """
        if self._connection is not None and self._connection.state is not State.OPEN:
            self.close()  # As openpi's server does after every error.
        if self._connection is None:
            self._connect()
        answer = self._exchange(pack(observation))
        self._has_answered = True
        return answer

    def close(self) -> None:
        """End the connection."""
        self._connection = None
        self._open.close()

    def _connect(self) -> Mapping[str, object]:
        headers = {"Authorization": f"Api-Key {self._api_key}"} if self._api_key else None
        try:
            connection = connect(
                self.address,
                compression=None,
                max_size=None,
                additional_headers=headers,
                open_timeout=self._timeout,
                # openpi's server answers no pings while its policy thinks, be it for minutes.
                ping_interval=None,
            )
            self._connection = self._open.enter_context(connection)
            return self._receive(time.monotonic() + self._timeout)
        except InvalidURI as error:
            raise PolicyError(
                f"{self.address!r} is no address of a server; write ws://HOST:PORT."
            ) from error
        except InvalidStatus as error:
            status = error.response.status_code
            hint = " Give its API key." if status in {401, 403} else ""
            raise PolicyError(f"{self.address} refuses with status {status}.{hint}") from error
        except (OSError, TimeoutError, InvalidHandshake) as error:
            raise PolicyError(
                f"{self.address} cannot be reached: {error}. Is a policy served there?"
            ) from error

    def _exchange(self, message: bytes) -> Mapping[str, object]:
        if self._connection is None:
            raise PolicyError(f"{self.address} is not connected.")
        try:
            self._connection.send(message)
            patience = self._timeout if self._has_answered else self._first_timeout
            return self._receive(time.monotonic() + patience)
        except (ConnectionClosed, OSError, TimeoutError) as error:
            # An answer that comes later would be taken for that to the next question.
            self.close()
            raise PolicyError(f"{self.address} does not answer: {error or 'too slow'}.") from error

    def _receive(self, deadline: float) -> Mapping[str, object]:
        if self._connection is None:
            raise PolicyError(f"{self.address} is not connected.")
        message = self._connection.recv(max(deadline - time.monotonic(), 0.0))
        if isinstance(message, str):
            raise PolicyError(f"{self.address} reports: {message.strip().splitlines()[-1]}")
        try:
            content = unpack(message)
        except WireError as error:
            raise PolicyError(f"{self.address} sends what cannot be read: {error}") from error
        if not isinstance(content, dict):
            raise PolicyError(f"{self.address} sends a {type(content).__name__}, not a map.")
        return {str(key): item for key, item in content.items()}


class OpenpiPolicy:
    """A policy of this robot that an openpi server answers for.

    Args:
        address: ``ws://host:port``.
        api_key: sent with the connection; empty for none.
        timeout: how long to wait for the connection, and for an answer [s].

    Raises:
        PolicyError: if it cannot be reached, or does not say what it sees and does.
    """

    def __init__(self, address: str, *, api_key: str = "", timeout: float = 10.0) -> None:
        self._server = OpenpiConnection(
            address, api_key=api_key, timeout=timeout, first_timeout=timeout
        )
        self.metadata = self._server.metadata
        """What the server says of itself."""
        self.description = _description(self.metadata, address)
        """What the policy sees and does, in our words."""
        self._episode = 0
        self.outlook: Outlook | None = None
        """How far the policy took itself to be in its latest answer; None if it did not tell."""

    def reset(self, instruction: str) -> None:
        """Let the next question be the first of an episode; it tells the server what to do."""
        self._episode += 1
        self.outlook = None

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return an action chunk, normalized, shape (horizon, action dim).

        Raises:
            PolicyError: if there is no answer in time, it is no chunk, or its outlook is none.
        """
        answer = self._server.infer(self._asked(query))
        actions = answer.get("actions")
        if not isinstance(actions, np.ndarray) or actions.dtype.kind not in "fiu":
            raise PolicyError(
                f"{self._server.address} answered without 'actions' that are numbers."
            )
        self.outlook = _outlook(answer.get(OUTLOOK_KEY), self._server.address)
        return actions.astype(np.float32)

    def close(self) -> None:
        """End the connection."""
        self._server.close()

    def _asked(self, query: Query) -> dict[str, object]:
        observation = query.observation
        needed = ("state", *(f"images/{camera}" for camera in self.description.cameras))
        return {
            **{key: observation[key] for key in needed},
            "prompt": observation["instruction"],
            COMMITTED_KEY: query.committed,
            EPISODE_KEY: self._episode,
        }


def _outlook(told: object, address: str) -> Outlook | None:
    match told:
        case None:
            return None
        case {"progress": float(progress), "subgoal": int(subgoal)} if (
            0.0 <= progress <= 1.0 and subgoal >= 0
        ):
            return Outlook(progress, subgoal)
        case _:
            raise PolicyError(
                f"{address} answered with an {OUTLOOK_KEY!r} that has no progress from 0 to 1 and "
                f"no subgoal from 0 on: {told!r:.100}"
            )


def _description(metadata: Mapping[str, object], address: str) -> Description:
    told = metadata.get(DESCRIPTION_KEY)
    if not isinstance(told, str):
        raise PolicyError(
            f"{address} does not say what it sees and does: its metadata has no "
            f"{DESCRIPTION_KEY!r}. Say with --mapping what it is to this robot, or serve it with "
            "`vla-humanoid serve`."
        )
    try:
        return Description.from_json(told)
    except DescriptionError as error:
        raise PolicyError(f"{address} describes itself wrongly: {error}") from error
