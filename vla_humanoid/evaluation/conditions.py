"""What may be otherwise in an episode than its seed alone says, one thing at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from vla_humanoid.data_collection.errors import ConfigurationError

AXES = (
    "camera",
    "light",
    "texture",
    "layout",
    "robot_start",
    "sensor_noise",
    "physics",
    "pushes",
    "latency",
    "language",
)
"""Along which an episode can be perturbed."""
UNSEEN_AXES = ("camera", "light", "texture", "sensor_noise", "language")
"""Those that change nothing but what a policy sees or hears."""
LEVELS = range(1, 6)
ALL_AXES = "all"

WORDING, TEACHER = "wording", "teacher"
"""The goal in other words, which of them being the level; the expert acts, the policy looks on."""
WORDINGS = 3
"""Other wordings of a goal that are compared with its own sentence."""
DISTURBANCES = ("drop", "push")
"""What befalls the robot once: its hand is opened by force, or its torso is pushed."""


@dataclass(frozen=True)
class Condition:
    """How an episode differs from what its seed says.

    Args:
        name: an axis, `WORDING`, `TEACHER` or a disturbance; empty for an episode as it is.
        level: of what has levels, from 1 on; else 0.
    """

    name: str = ""
    level: int = 0

    def __str__(self) -> str:
        """Return it as it is asked for and journalled, such as ``camera:3``."""
        return f"{self.name}:{self.level}" if self.level else self.name

    @classmethod
    def parse(cls, text: str) -> "Condition":
        """Return the condition that `str` has made a text of."""
        name, _, level = text.partition(":")
        return cls(name, int(level or 0))


AS_IT_IS = Condition()


@dataclass(frozen=True)
class Job:
    """An episode that is to be run.

    Args:
        task: its name.
        seed: of the episode.
        condition: how it differs from what its seed says.
    """

    task: str
    seed: int
    condition: Condition = AS_IT_IS


def perturbations(
    words: Sequence[str], useless: Mapping[str, str] = MappingProxyType({})
) -> tuple[Condition, ...]:
    """Return the conditions of ``--perturb``, axis by axis, level by level.

    Args:
        words: ``AXIS`` for all its levels, ``AXIS:LEVEL``, or ``all`` for every axis.
        useless: axes that say nothing of the policy, and why; ``all`` leaves them out.

    Raises:
        ConfigurationError: naming what is unknown and what is valid, or what is useless and why.
    """
    found: set[Condition] = set()
    for word in words:
        if word == ALL_AXES:
            axes = [axis for axis in AXES if axis not in useless]
            found |= {Condition(axis, level) for axis in axes for level in LEVELS}
        else:
            found |= _perturbation(word)
    for axis in sorted({one.name for one in found} & set(useless)):
        raise ConfigurationError(f"--perturb {axis}: {useless[axis]}")
    return tuple(sorted(found, key=lambda one: (AXES.index(one.name), one.level)))


def _perturbation(word: str) -> set[Condition]:
    axis, colon, level = word.partition(":")
    if axis not in AXES:
        raise ConfigurationError(
            f"Unknown axis {axis!r} of --perturb; choose some of {', '.join(AXES)}, or all."
        )
    if not colon:
        return {Condition(axis, level) for level in LEVELS}
    if level == "0":
        return set()  # Level 0 is what every evaluation has.
    if level not in {str(one) for one in LEVELS}:
        raise ConfigurationError(
            f"Unknown level {level!r} of --perturb {axis}; choose 0 to {LEVELS[-1]}, or none for "
            "all of them."
        )
    return {Condition(axis, int(level))}
