"""What a policy of another embodiment sees and does, in terms of this robot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vla_humanoid.description import Description
from vla_humanoid.embodiment.frames import Frame
from vla_humanoid.embodiment.rotations import LAYOUTS
from vla_humanoid.embodiment.vectors import VectorMapping
from vla_humanoid.schema import ActionSpec, ControlMode, Field

Fit: TypeAlias = Literal["pad", "crop", "stretch"]
FITS: tuple[Fit, ...] = ("pad", "crop", "stretch")
"""How an image gets another shape: black edges, the middle of it, or distorted."""
IMAGE_LAYOUTS = ("hwc", "chw")
IMAGE_DTYPES = ("uint8", "float32")
"""Of images; floats are within [0, 1]."""
DTYPES = ("float32", "float64")
RESAMPLINGS = ("linear", "hold")


@dataclass(frozen=True)
class ThisRobot:
    """What there is on our side of a mapping.

    Args:
        actions: what actions mean, by control mode.
        state: what the entries of the state mean.
        cameras: names.
        rate: actions per second.
    """

    actions: Mapping[ControlMode, ActionSpec]
    state: tuple[Field, ...]
    cameras: tuple[str, ...]
    rate: float


@dataclass(frozen=True)
class SeenImage:
    """An image of the policy's observation.

    Args:
        key: in the observation.
        nested: whether slashes in the key separate maps within maps.
        camera: ours; empty for an image that is black at all times.
        height: [px].
        width: [px].
        turn: degrees by which ours is turned to the left first.
        fit: how ours gets this shape.
        layout: hwc or chw.
        dtype: one of `IMAGE_DTYPES`.
    """

    key: str
    nested: bool
    camera: str
    height: int
    width: int
    turn: int
    fit: Fit
    layout: str
    dtype: str


@dataclass(frozen=True)
class SeenNumber:
    """A number that is an entry of our state, in the policy's unit.

    Args:
        name: of our entry.
        unit: the policy's.
        scale: what it is multiplied by besides.
        offset: what is then added, in the policy's unit.
    """

    name: str
    unit: str
    scale: float = 1.0
    offset: float = 0.0
    size: int = 1


@dataclass(frozen=True)
class SeenGrip:
    """A number that is a grip of ours, in the policy's range.

    Args:
        name: of our entry.
        open: its value for an open hand.
        closed: its value for a closed hand.
    """

    name: str
    open: float
    closed: float
    size: int = 1


@dataclass(frozen=True)
class SeenPosition:
    """Three numbers that are a position of ours.

    Args:
        name: of our position.
        unit: the policy's.
        frame: the policy's; None if it is ours.
        tool: the frame whose origin it is, in our wrist; None if it is our wrist's.
    """

    name: str
    unit: str
    frame: Frame | None = None
    tool: Frame | None = None
    size: int = 3


@dataclass(frozen=True)
class SeenRotation:
    """Numbers that are a rotation of ours.

    Args:
        name: of our rotation.
        layout: how the policy has rotations written down.
        unit: of its angles.
        frame: the policy's; None if it is ours.
        tool: the frame whose rotation it is, in our wrist; None if it is our wrist's.
    """

    name: str
    layout: str
    unit: str = "rad"
    frame: Frame | None = None
    tool: Frame | None = None

    @property
    def size(self) -> int:
        """How many numbers it takes."""
        return LAYOUTS[self.layout].size


@dataclass(frozen=True)
class SeenConstant:
    """Numbers that are the same at all times."""

    value: float
    size: int = 1


SeenPart: TypeAlias = SeenNumber | SeenGrip | SeenPosition | SeenRotation | SeenConstant


@dataclass(frozen=True)
class SeenVector:
    """A vector of the policy's observation.

    Args:
        key: in the observation.
        nested: whether slashes in the key separate maps within maps.
        parts: what it consists of, in order.
        dtype: one of `DTYPES`.
    """

    key: str
    nested: bool
    parts: tuple[SeenPart, ...]
    dtype: str

    @property
    def size(self) -> int:
        """Length of the vector."""
        return sum(part.size for part in self.parts)


@dataclass(frozen=True)
class Answered:
    """What the policy's answers are.

    Args:
        key: of the actions in the answer.
        dim: entries of an action.
        names: of these; empty where they have none.
        rate: actions per second.
        resampling: what is done between two of them where our rate is another, one of
            `RESAMPLINGS`.
    """

    key: str
    dim: int
    names: tuple[str, ...]
    rate: float
    resampling: str

    def index(self, pick: int | str) -> int:
        """Return which entry of an action is meant.

        Raises:
            ValueError: if none has the name.
        """
        return pick if isinstance(pick, int) else self.names.index(pick)


@dataclass(frozen=True)
class PolicyMapping:
    """Everything between a policy of another embodiment and this robot.

    Args:
        ours: what an environment has to offer and take.
        prompt: key of the instruction in the policy's observation.
        images: of the policy's observation.
        vectors: of the policy's observation.
        answered: what the policy's answers are.
        action: where the entries of our actions come from.
    """

    ours: Description
    prompt: str
    images: tuple[SeenImage, ...]
    vectors: tuple[SeenVector, ...]
    answered: Answered
    action: VectorMapping
