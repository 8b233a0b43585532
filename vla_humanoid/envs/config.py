"""What can be chosen when an environment is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict, cast

from vla_humanoid.schema import CAMERAS, CONTROL_MODES
from vla_humanoid.tasks.core.randomization import AXES, resolve_axes

IMAGE_SIZES = (16, 1024)
"""Smallest and largest height and width of images [px]."""

RENDER_MODES = ("rgb_array",)

Robot: TypeAlias = Literal["primitives", "menagerie"]
ROBOTS: tuple[Robot, ...] = ("primitives", "menagerie")
"""What the robot is drawn with: our own low-polygon shells, or MuJoCo Menagerie's meshes."""


class EnvOptions(TypedDict, total=False):
    """Keyword arguments of `gymnasium.make`; see `HumanoidEnv` for their meaning and defaults."""

    control_mode: str
    cameras: Iterable[str]
    image_size: int
    randomization: str | Iterable[str]
    render_mode: str | None
    robot: str


@dataclass(frozen=True)
class EnvConfig:
    """The whole configuration of an environment.

    Args:
        task: its name, such as "PickPlace".
        control_mode: what actions mean; one of `CONTROL_MODES`.
        cameras: which images are observed; some of `CAMERAS`, in this order.
        image_size: height and width of images [px].
        randomization: the axes of domain randomization that are on, in the order of `AXES`.
        render_mode: "rgb_array" for `render`, or None.
        robot: what the robot is drawn with; one of `ROBOTS`. Physics is the same.
    """

    task: str
    control_mode: str
    cameras: tuple[str, ...]
    image_size: int
    randomization: tuple[str, ...]
    render_mode: str | None
    robot: Robot = "primitives"

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            ValueError: naming the field, its value and the valid ones.
        """
        if self.control_mode not in CONTROL_MODES:
            raise ValueError(_unknown("control mode", self.control_mode, CONTROL_MODES))
        for camera in self.cameras:
            if camera not in CAMERAS:
                raise ValueError(_unknown("camera", camera, CAMERAS))
        if len(set(self.cameras)) != len(self.cameras):
            raise ValueError(f"cameras names one camera twice: {', '.join(self.cameras)}.")
        smallest, largest = IMAGE_SIZES
        if not smallest <= self.image_size <= largest:
            raise ValueError(
                f"image_size must lie between {smallest} and {largest} pixels, "
                f"not {self.image_size}."
            )
        if self.render_mode not in (None, *RENDER_MODES):
            raise ValueError(_unknown("render mode", str(self.render_mode), RENDER_MODES))
        if self.robot not in ROBOTS:
            raise ValueError(_unknown("robot", self.robot, ROBOTS))


def make_config(
    task: str,
    *,
    control_mode: str,
    cameras: Iterable[str],
    image_size: int,
    randomization: str | Iterable[str],
    render_mode: str | None,
    robot: str = "primitives",
) -> EnvConfig:
    """Return a checked configuration from what a user wrote.

    Raises:
        ValueError: if a value is unknown or out of range; the message lists the valid ones.
    """
    axes = resolve_axes(randomization)
    return EnvConfig(
        task=task,
        control_mode=control_mode,
        cameras=(cameras,) if isinstance(cameras, str) else tuple(cameras),
        image_size=int(image_size),
        randomization=tuple(axis for axis in AXES if axis in axes),
        render_mode=render_mode,
        robot=cast("Robot", robot),  # EnvConfig checks it.
    )


def _unknown(what: str, value: str, valid: tuple[str, ...]) -> str:
    return f"Unknown {what} {value!r}; choose one of {', '.join(valid)}."
