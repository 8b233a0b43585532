"""What a scene puts on the floor, for a balance layer that must not walk into it."""

from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.footprints import Footprint


def footprints(scene: Scene) -> list[Footprint]:
    """Return the outlines, seen from above, of everything in a scene that stands on the floor."""
    found = [
        Footprint(mark.position, radius=mark.scale * LANDMARKS[mark.shape].radius)
        for mark in scene.landmarks
    ]
    if scene.table is not None:
        length, width = scene.table.size
        found.append(Footprint(scene.table.position, (0.5 * length, 0.5 * width)))
    return found
