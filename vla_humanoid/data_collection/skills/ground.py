"""What stands in the way of a robot that walks about a scene."""

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.envs.footprints import footprints
from vla_humanoid.tasks.core.stance import Stance

MARGIN = 1.5
"""How far the map reaches beyond where the robot walks and what stands there [m]."""
RESOLUTION = 0.05
HEIGHT = 1.0
"""Given to everything, as nothing of it can be stepped on [m]."""
LEAST = 1e-3
"""Least length of a footprint's sides [m]."""


def ground_of(scene: Scene, *places: Stance) -> HeightMap:
    """Return a map of everything to walk around in a scene, large enough for some places."""
    found = [item for item in footprints(scene) if not item.is_low]
    spots = [(place.x, place.y) for place in places] + [item.center for item in found]
    low, high = np.min(spots, axis=0) - MARGIN, np.max(spots, axis=0) + MARGIN
    extent = (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
    ground = HeightMap.flat(extent, RESOLUTION)
    for item in found:
        center, (half_x, half_y) = np.array(item.center), item.half_size
        if item.radius > 0.0:
            ground = ground.with_cylinder(center, item.radius + max(half_x, half_y), HEIGHT)
        else:
            size = 2.0 * half_x + LEAST, 2.0 * half_y + LEAST
            ground = ground.with_box(center, size, 0.0, HEIGHT)
    return ground
