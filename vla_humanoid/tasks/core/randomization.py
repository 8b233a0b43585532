"""Named axes of domain randomization, and the random streams that make them independent."""

from collections.abc import Iterable
from typing import TypeAlias
from zlib import crc32

import numpy as np

Axes: TypeAlias = frozenset[str]

AXES: tuple[str, ...] = (
    "lighting",
    "colors",
    "textures",
    "camera",
    "object_pose",
    "object_size",
    "object_mass",
    "object_friction",
    "table_height",
    "distractors",
    "actuator_strength",
    "joint_friction",
    "initial_posture",
    "pushes",
    "observation_noise",
    "floor_friction",
    "floor_slope",
    "payload",
)
"""Every axis; each can be switched on its own and is recorded with the episode. A task that has no
use for an axis leaves what it stands for at its nominal value."""

DEFAULT_AXES: Axes = frozenset(AXES)

NOMINAL_SEED = 0
"""Seeds the choices of an axis that is off but still needs a value, such as a layout."""


def resolve_axes(randomization: str | Iterable[str]) -> Axes:
    """Turn what a user wrote into a set of axes.

    Args:
        randomization: "default" (all axes), "none", one axis, or several.

    Raises:
        ValueError: if an axis is unknown; the message lists the valid ones.
    """
    words = [randomization] if isinstance(randomization, str) else list(randomization)
    if words == ["default"]:
        return DEFAULT_AXES
    if words == ["none"]:
        return frozenset()
    if unknown := sorted(set(words) - set(AXES)):
        raise ValueError(
            f"Unknown randomization axis {', '.join(map(repr, unknown))}; "
            f"choose 'default', 'none', or some of {', '.join(AXES)}."
        )
    return frozenset(words)


class EpisodeRandom:
    """Independent random generators for one episode, one per purpose.

    Each stream depends on the episode's seed and on its own name alone, so switching one axis on or
    off leaves every other choice of the episode as it was.

    Args:
        seed: of the episode, >= 0.
        axes: the axes that are on.
        attempts: how often what was drawn before would not do, at each level of asking.
    """

    def __init__(self, seed: int, axes: Axes, attempts: tuple[int, ...] = ()) -> None:
        self.seed = seed
        self.axes = axes
        self.attempts = attempts

    def attempt(self, number: int) -> "EpisodeRandom":
        """Return other generators for another attempt; those of number 0 are these."""
        if number == 0:
            return self
        return EpisodeRandom(self.seed, self.axes, (*self.attempts, number))

    def is_on(self, axis: str) -> bool:
        """Tell whether an axis is randomized in this episode."""
        return axis in self.axes

    def uniform(
        self, axis: str, bounds: tuple[float, float], nominal: float, of: str = ""
    ) -> float:
        """Return a value of an axis: sampled within bounds where it is on, else nominal.

        Args:
            axis: one of `AXES`.
            bounds: smallest and largest value.
            nominal: the value where the axis is off.
            of: what the value belongs to; each name gets a value of its own.
        """
        if not self.is_on(axis):
            return nominal
        return float(self.stream(f"{axis} {of}" if of else axis).uniform(*bounds))

    def stream(self, name: str) -> np.random.Generator:
        """Return a fresh generator for a purpose; the same name gives the same numbers.

        The stream of an axis that is off is seeded by `NOMINAL_SEED` instead of the episode.
        """
        seed = NOMINAL_SEED if name in AXES and name not in self.axes else self.seed
        return np.random.default_rng([seed, crc32(name.encode()), *self.attempts])
