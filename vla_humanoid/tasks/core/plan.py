"""A plan: what an expert has to do, in skills, as plain data.

A task states its plan; `vla_humanoid.data_collection.expert` carries it out. Places and headings
are in the world frame.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Pick:
    """Grasp an object of the scene, by name, and lift it.

    The hand may take it ``higher`` than it usually would [m], to keep its fingertips off whatever
    the object is put down on.
    """

    object: str
    higher: float = 0.0


@dataclass(frozen=True)
class Place:
    """Put the object that is held in or on a container of the scene, by name, and let go.

    It is put at an ``offset`` from the container's middle, ahead and to the left [m].
    """

    object: str
    container: str
    offset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class PutOn:
    """Put the object that is held on top of another object of the scene, by name, and let go."""

    object: str
    base: str


@dataclass(frozen=True)
class LiftBetween:
    """Take an object of the scene, by name, that stands ahead between both hands, and lift it."""

    object: str


@dataclass(frozen=True)
class PointTo:
    """Point with a hand at an object or a landmark of the scene, by name, for a time [s]."""

    thing: str
    seconds: float


@dataclass(frozen=True)
class SetDown:
    """Set the object that is held between both hands down on a box of the scene, by name."""

    object: str
    surface: str


@dataclass(frozen=True)
class HandTo:
    """Pick an object of the scene, by name, up with one hand and pass it to the other.

    Args:
        object: something long that lies across.
        hand: which hand is given it, "left" or "right".
    """

    object: str
    hand: str


@dataclass(frozen=True)
class StandUp:
    """Take an object of the scene, by name, that lies on the table, and stand it up there."""

    object: str


@dataclass(frozen=True)
class PushOnto:
    """Push an object along the table onto a painted spot of the scene, both by name, and let go."""

    object: str
    mark: str


@dataclass(frozen=True)
class PullNear:
    """Pull an object of the scene, by name, near with a tool that is held.

    Args:
        object: what to pull.
        tool: the hook to pull it with.
        x: how far ahead its middle may be in the end [m].
    """

    object: str
    tool: str
    x: float


@dataclass(frozen=True)
class Pour:
    """Pour the jug that is held into a container of the scene, by name.

    At least a ``share`` of what is in it must get there.
    """

    jug: str
    container: str
    share: float


@dataclass(frozen=True)
class MoveHandle:
    """Take a fixture of the scene, by name, by its handle and move its joint.

    Args:
        fixture: a drawer, a door or a knob.
        low: smallest position of the joint that will do, [m] or [rad].
        high: largest one.
    """

    fixture: str
    low: float
    high: float


@dataclass(frozen=True)
class Press:
    """Press a button of the scene, by name, in to a depth [m], and let it go."""

    button: str
    depth: float


@dataclass(frozen=True)
class WipeOff:
    """Wipe a mark off the table with the sponge that is held, both by name."""

    sponge: str
    mark: str


@dataclass(frozen=True)
class PushOpen:
    """Walk straight ahead and push a door of the scene, by name, open to an angle [rad]."""

    door: str
    angle: float


@dataclass(frozen=True)
class WalkTo:
    """Walk around whatever stands on the floor to a place [m], stop, and face along ``yaw`` [rad].

    The place is the point midway between the soles.
    """

    x: float
    y: float
    yaw: float


@dataclass(frozen=True)
class FollowLine:
    """Walk from the first to the last corner of a line [m], stop there and face along it."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class TurnTo:
    """Turn on the spot to face along ``yaw`` [rad]."""

    yaw: float


@dataclass(frozen=True)
class Stand:
    """Stay in one place for a time [s]."""

    seconds: float


@dataclass(frozen=True)
class Squat:
    """Bring the pelvis to a height above the soles [m], and stay there for a time [s]."""

    height: float
    seconds: float


Handling: TypeAlias = (
    Pick
    | Place
    | LiftBetween
    | SetDown
    | HandTo
    | MoveHandle
    | Press
    | PutOn
    | PointTo
    | PullNear
    | Pour
    | StandUp
    | PushOpen
    | WipeOff
    | PushOnto
)
"""What is done with a hand."""
Locomotion: TypeAlias = WalkTo | FollowLine | TurnTo | Stand | Squat
"""What is done with the feet."""
Skill: TypeAlias = Handling | Locomotion
