"""What a client asks, checked field by field: nothing else of a message gets any further."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import Image, Query

PACKET_VERSION = 2
"""The latest version of a packet's fields. Version 1 had no episode; others are refused."""

Reason: TypeAlias = Literal[
    "unreadable", "invalid", "replayed", "superseded", "late", "policy", "hanging", "unavailable"
]
"""Why a packet has no actions for an answer."""


class PacketError(ValueError):
    """A packet is not answered with actions.

    Args:
        reason: in a word, as it is counted.
        message: what was wrong, in a line.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.reason}: {self.args[0]}"


@dataclass(frozen=True)
class PacketLimits:
    """How much a packet may hold.

    Args:
        prompt: characters of the instruction.
        name: characters of a frame id and a correlation id.
        committed: actions that are carried out whatever the answer is.
        slack: bytes of a message beyond its images, state and actions.
    """

    prompt: int = 2000
    name: int = 128
    committed: int = 256
    slack: int = 65536

    def message_bytes(self, description: Description) -> int:
        """Return the size of the largest message that a policy may be asked with."""
        images = len(description.cameras) * 3 * description.image_size**2
        numbers = len(description.state) + self.committed * description.action.dim
        return images + 8 * numbers + 4 * self.prompt + self.slack


@dataclass(frozen=True)
class VLAPacket:
    """What a client asks.

    Args:
        query: what the robot is told.
        images: uint8 (H, W, 3) by camera.
        robot_state: the ``state`` observation, shape (n,).
        committed: actions carried out whatever the answer is, shape (k, action dim).
        timestamp: when it was seen, by the client's clock [s]; None if it does not say.
        frame_id: the client's name for what was seen; empty if it has none.
        correlation_id: comes back with the answer, and is used once; empty if there is none.
        deadline: how long after it arrived an answer is of use [s]; None: the server decides.
        episode: changes whenever one begins; None if the client does not say.
    """

    query: str
    images: Mapping[str, Image]
    robot_state: NDArray[np.float32]
    committed: NDArray[np.float32]
    timestamp: float | None = None
    frame_id: str = ""
    correlation_id: str = ""
    deadline: float | None = None
    episode: int | None = None

    def to_query(self) -> Query:
        """Return it as a policy is asked."""
        images = {f"images/{camera}": image for camera, image in self.images.items()}
        state = {"state": self.robot_state, "instruction": self.query}
        return Query({**images, **state}, self.committed)


class PacketReader:
    """Makes packets of maps from anywhere.

    Args:
        description: of the policy that is asked.
        limits: how much a packet may hold.
    """

    def __init__(self, description: Description, limits: PacketLimits) -> None:
        self._description = description
        self._limits = limits

    def read(self, content: Mapping[object, object]) -> VLAPacket:
        """Return the packet; fields that are not known are left unread.

        Raises:
            PacketError: naming the field that is missing or wrong.
        """
        version = _optional_integer(content, "packet_version")
        if version is None:
            version = PACKET_VERSION
        if not 1 <= version <= PACKET_VERSION:
            raise _invalid(f"packet_version is {version}; 1 to {PACKET_VERSION} are understood")
        deadline = _optional_number(content, "deadline_ms")
        return VLAPacket(
            query=_text(content, "prompt", self._limits.prompt),
            images={name: self._image(content, name) for name in self._description.cameras},
            robot_state=self._state(content),
            committed=self._committed(content),
            timestamp=_optional_number(content, "timestamp"),
            frame_id=_text(content, "frame_id", self._limits.name, ""),
            correlation_id=_text(content, "correlation_id", self._limits.name, ""),
            deadline=None if deadline is None else deadline / 1000.0,
            episode=_optional_integer(content, "episode") if version > 1 else None,
        )

    def _image(self, content: Mapping[object, object], camera: str) -> Image:
        name, size = f"images/{camera}", self._description.image_size
        image = _array(content, name)
        if image.dtype != np.uint8 or image.shape != (size, size, 3):
            raise _invalid(f"{name} is {_kind(image)}; send uint8 ({size}, {size}, 3)")
        return image.astype(np.uint8, copy=False)

    def _state(self, content: Mapping[object, object]) -> NDArray[np.float32]:
        length = len(self._description.state)
        return _vectors(_array(content, "state"), "state", (length,))

    def _committed(self, content: Mapping[object, object]) -> NDArray[np.float32]:
        name, dim = "committed_actions", self._description.action.dim
        if content.get(name) is None:
            return np.zeros((0, dim), dtype=np.float32)
        actions = _array(content, name)
        count = len(actions) if actions.ndim else 0
        if count > self._limits.committed:
            raise _invalid(f"{name} holds {count} actions; at most {self._limits.committed} fit")
        return _vectors(actions, name, (count, dim))


def _vectors(array: NDArray[np.generic], name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if array.dtype.kind not in "fiu" or array.shape != shape:
        raise _invalid(f"{name} is {_kind(array)}; send numbers of shape {shape}")
    # What is too large for a float32 becomes infinite, which is refused below.
    with np.errstate(over="ignore"):
        vectors = array.astype(np.float32)
    if not np.isfinite(vectors).all():
        raise _invalid(f"{name} is not finite")
    return vectors


def _array(content: Mapping[object, object], name: str) -> NDArray[np.generic]:
    value = content.get(name)
    if not isinstance(value, np.ndarray):
        found = "missing" if value is None else f"a {type(value).__name__}"
        raise _invalid(f"{name} is {found}; send an array")
    return value


def _text(
    content: Mapping[object, object], name: str, longest: int, default: str | None = None
) -> str:
    value = content.get(name, default)
    if not isinstance(value, str):
        found = "missing" if value is None else f"a {type(value).__name__}"
        raise _invalid(f"{name} is {found}; send a text")
    if len(value) > longest:
        raise _invalid(f"{name} has {len(value)} characters; at most {longest} are read")
    return value


def _optional_number(content: Mapping[object, object], name: str) -> float | None:
    value = content.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(f"{name} is a {type(value).__name__}; send a number")
    # Beyond 1e15 not even microseconds since 1970 go; larger integers would overflow a float.
    if not 0 <= value <= 1e15:
        raise _invalid(f"{name} is {_short(value)}; send a number that is not negative")
    return float(value)


def _optional_integer(content: Mapping[object, object], name: str) -> int | None:
    value = content.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise _invalid(f"{name} is a {type(value).__name__}; send a whole number")
    return int(value)


def _kind(array: NDArray[np.generic]) -> str:
    return f"{array.dtype} {array.shape}"


def _short(value: object) -> str:
    return f"a {type(value).__name__}" if len(repr(value)) > 40 else repr(value)


def _invalid(message: str) -> PacketError:
    return PacketError("invalid", f"{message}.")
