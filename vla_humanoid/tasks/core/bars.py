"""Two low bars across the robot's way, side by side."""

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.figures import g1
from vla_humanoid.assets.scene import Scene, StaticBox
from vla_humanoid.schema import FloatArray, Pose
from vla_humanoid.tasks.core.geometry import to_world
from vla_humanoid.tasks.core.randomization import EpisodeRandom

DISTANCES, DISTANCE = (0.8, 1.3), 1.0
"""From the robot to the bars [m]."""
LENGTHS, LENGTH = (0.9, 1.1), 1.0
DEPTHS, DEPTH = (0.03, 0.05), 0.04
HEIGHTS, HEIGHT = (0.02, 0.04), 0.03
"""Of a bar: across the way, along it, and up [m]."""
GAP = 0.3
"""Between the two [m]."""
SHIFTS, SHIFT = (-0.2, 0.2), 0.0
"""Of both aside [m]."""
BAR = "_bar"
"""Ending of a bar's name."""


def sample_bars(random: EpisodeRandom) -> tuple[StaticBox, ...]:
    """Sample two bars of different colours, the left one first.

    The axes are "object_pose" (where they are) and "object_size".
    """
    names = list(COLORS)
    colors = [names[int(i)] for i in random.stream("bars").permutation(len(names))[:2]]
    x = random.uniform("object_pose", DISTANCES, DISTANCE, "bars")
    shift = random.uniform("object_pose", SHIFTS, SHIFT, "shift")
    bars: list[StaticBox] = []
    for color, side in zip(colors, (1.0, -1.0), strict=True):
        name = color + BAR
        length = random.uniform("object_size", LENGTHS, LENGTH, f"{name} length")
        depth = random.uniform("object_size", DEPTHS, DEPTH, f"{name} depth")
        height = random.uniform("object_size", HEIGHTS, HEIGHT, f"{name} height")
        position = x, shift + side * 0.5 * (GAP + length), 0.5 * height
        bars.append(StaticBox(name, color, COLORS[color], (depth, length, height), position))
    return tuple(bars)


def bars_of(scene: Scene) -> tuple[StaticBox, ...]:
    """Return the bars of a scene, as a robot that faces them sees them from left to right."""
    found = [box for box in scene.boxes if box.name.endswith(BAR)]
    return tuple(sorted(found, key=lambda bar: -bar.position[1]))


def spans(bar: StaticBox, y: float) -> bool:
    """Tell whether a bar is in the way of who walks ahead at some y [m]."""
    return abs(y - bar.position[1]) <= 0.5 * bar.size[1]


def is_under(bar: StaticBox, ankle: Pose) -> bool:
    """Tell whether a part of a foot's sole is above a bar, or on it."""
    corners: FloatArray = np.array([to_world(ankle, np.array(c)) for c in g1().sole_corners])
    low, high = corners.min(axis=0), corners.max(axis=0)
    half = 0.5 * np.array(bar.size)
    center = np.array(bar.position)
    return bool(np.all(low[:2] < (center + half)[:2]) and np.all(high[:2] > (center - half)[:2]))
