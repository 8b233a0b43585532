"""What can be chosen when an environment is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, SupportsIndex, TypeAlias, TypedDict, cast

from vla_humanoid.schema import CAMERAS, CONTROL_MODES
from vla_humanoid.sims.engine_names import DEVICES, ENGINES, ISAAC_LAB, Device, Engine
from vla_humanoid.tasks.core.forms import LANGUAGES, PLAIN, resolve_languages
from vla_humanoid.tasks.core.randomization import AXES, resolve_axes
from vla_humanoid.tasks.core.splits import check_split
from vla_humanoid.tasks.language.instruction import check_instruction

IMAGE_SIZES = (16, 1024)
"""Smallest and largest height and width of images [px]."""

RENDER_MODES = ("rgb_array",)

Robot: TypeAlias = Literal["primitives", "menagerie"]
ROBOTS: tuple[Robot, ...] = ("primitives", "menagerie")
"""What the robot is drawn with: our own low-polygon shells, or MuJoCo Menagerie's meshes."""

Reward: TypeAlias = Literal["sparse", "dense"]
REWARDS: tuple[Reward, ...] = ("sparse", "dense")
"""1 on success and else 0; or what the progress grows by as well."""


class EnvOptions(TypedDict, total=False):
    """Keyword arguments of `gymnasium.make`; see `HumanoidEnv` for their meaning and defaults."""

    control_mode: str
    cameras: Iterable[str]
    image_size: int
    randomization: str | Iterable[str]
    render_mode: str | None
    robot: str
    engine: str
    device: str
    language: str | Iterable[str]
    split: str
    instruction: str | None
    reward: str


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
        engine: what simulates; one of `ENGINES`.
        device: what it computes on; one of `DEVICES`.
        language: forms of language that the robot is told in, some of `LANGUAGES`; or "all".
        split: which episodes there are; one of `SPLITS`.
        instruction: a sentence for every episode instead of their own, or None.
        reward: one of `REWARDS`.
    """

    task: str
    control_mode: str
    cameras: tuple[str, ...]
    image_size: int
    randomization: tuple[str, ...]
    render_mode: str | None
    robot: Robot = "primitives"
    engine: Engine = "mujoco"
    device: Device = "cpu"
    language: tuple[str, ...] = (PLAIN,)
    split: str = "all"
    instruction: str | None = None
    reward: Reward = "sparse"

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
        if not IMAGE_SIZES[0] <= self.image_size <= IMAGE_SIZES[1]:
            raise ValueError(_bad_size(self.image_size))
        if self.render_mode not in (None, *RENDER_MODES):
            raise ValueError(_unknown("render mode", str(self.render_mode), RENDER_MODES))
        if self.robot not in ROBOTS:
            raise ValueError(_unknown("robot", self.robot, ROBOTS))
        if self.engine not in ENGINES:
            raise ValueError(_unknown("engine", self.engine, (*ENGINES, ISAAC_LAB)))
        if self.device not in DEVICES:
            raise ValueError(_unknown("device", self.device, DEVICES))
        if self.engine == "mujoco" and self.device != "cpu":
            raise ValueError(
                f"The engine mujoco runs on a CPU, not on {self.device!r}; choose engine='physx' "
                f"or {ISAAC_LAB!r} for a GPU."
            )
        check_split(self.split)
        if self.instruction is not None:
            check_instruction(self.instruction)
        if self.reward not in REWARDS:
            raise ValueError(_unknown("reward", self.reward, REWARDS))


def make_config(
    task: str,
    *,
    control_mode: str,
    cameras: Iterable[str],
    image_size: int,
    randomization: str | Iterable[str],
    render_mode: str | None,
    robot: str = "primitives",
    engine: str = "mujoco",
    device: str = "cpu",
    language: str | Iterable[str] = PLAIN,
    split: str = "all",
    instruction: str | None = None,
    reward: str = "sparse",
) -> EnvConfig:
    """Return a checked configuration from what a user wrote.

    Raises:
        ValueError: if a value is unknown or out of range; the message lists the valid ones.
    """
    names = _words("randomization", randomization, "'default', 'none' or names of axes", AXES)
    axes = resolve_axes(names)
    return EnvConfig(
        task=task,
        control_mode=control_mode,
        cameras=_words("cameras", cameras, "names of cameras, or () for none", CAMERAS),
        image_size=_whole_size(image_size),
        randomization=tuple(axis for axis in AXES if axis in axes),
        render_mode=render_mode,
        robot=cast("Robot", robot),  # EnvConfig checks these, and the reward.
        engine=cast("Engine", engine),
        device=cast("Device", device),
        language=resolve_languages(_words("language", language, "names of forms", LANGUAGES)),
        split=split,
        instruction=instruction,
        reward=cast("Reward", reward),
    )


def _words(what: str, value: object, wanted: str, valid: tuple[str, ...]) -> tuple[str, ...]:
    """Return one word, or several, as a tuple; whoever calls may have passed anything."""
    words = (value,) if isinstance(value, str) else value
    if isinstance(words, Iterable):
        words = tuple(words)
        if all(isinstance(word, str) for word in words):
            return tuple(str(word) for word in words)
    raise ValueError(f"{what} must be {wanted}, not {value!r}; there are {', '.join(valid)}.")


def _whole_size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise ValueError(_bad_size(value))
    return int(value.__index__())


def _bad_size(value: object) -> str:
    smallest, largest = IMAGE_SIZES
    return (
        f"image_size must be a whole number between {smallest} and {largest} [px], not {value!r}."
    )


def _unknown(what: str, value: str, valid: tuple[str, ...]) -> str:
    return f"Unknown {what} {value!r}; choose one of {', '.join(valid)}."
