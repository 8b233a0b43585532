"""The floor that a locomotion task walks on."""

import math

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.randomization import EpisodeRandom

FLOOR_FRICTIONS = (0.4, 1.2)
"""Smallest and largest friction coefficient of soles on the floor."""
STEEPEST = math.radians(3.0)
"""Largest angle by which the floor rises along x, and along y [rad]."""


def sample_floor(random: EpisodeRandom) -> tuple[float, tuple[float, float]]:
    """Sample `Scene.floor_friction` and `Scene.floor_slope` [rad].

    The axes are "floor_friction" and "floor_slope"; one that is off leaves its part as a new
    `Scene` has it.
    """
    nominal = Scene()
    friction = random.uniform("floor_friction", FLOOR_FRICTIONS, nominal.floor_friction)
    along_x, along_y = (
        random.uniform("floor_slope", (-STEEPEST, STEEPEST), angle, axis)
        for axis, angle in zip("xy", nominal.floor_slope, strict=True)
    )
    return friction, (along_x, along_y)
