"""The colours of things, part by part."""

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, GraspableObject, Landmark, Rgb


def part_colors(thing: GraspableObject | Container | Landmark) -> dict[str, Rgb]:
    """Return the colours of a thing's visible parts, by the names of their prims."""
    match thing:
        case GraspableObject():
            parts = OBJECTS[thing.shape].parts
        case Container():
            parts = CONTAINERS[thing.shape].parts
        case Landmark():
            parts = LANDMARKS[thing.shape].parts
    colors: dict[str, Rgb] = {}
    for number, part in enumerate(parts):
        if part.visible:
            r, g, b = part.rgb or thing.rgb
            name = f"collision_{number}" if part.collides else f"visual_{number}"
            colors[name] = part.shade * r, part.shade * g, part.shade * b
    return colors
