"""What is held out for good: explicit lists, and hashes of names, so that new tasks change nothing.

Names of things begin with their colour, as `kinds.identifier` makes them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from zlib import crc32

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import Container, GraspableObject, Landmark, Scene

COLORS_HELD_OUT = frozenset({"purple", "cyan"})
SHAPES_HELD_OUT = frozenset({"hexagonal prism", "tray", "barrel"})
SECTOR_HELD_OUT = (math.radians(25.0), math.radians(40.0))
"""Bearings to the left of straight ahead where no object, container or landmark stands [rad]."""

ONE_OBJECT_IN = 12
ONE_PAIR_IN = 6
ONE_TEMPLATE_IN = 5
ONE_FORM_IN = 5
ONE_ORDER_IN = 5
"""How many there are for each that is held out by its hash, on average."""


@dataclass(frozen=True)
class Thing:
    """What can be held out about a thing.

    Args:
        color: a colour name, or empty.
        shape: what kind of thing it is, or empty.
        bearing: to the left of straight ahead [rad]; None if it does not count.
    """

    color: str
    shape: str
    bearing: float | None = None


def things_in(scene: Scene) -> dict[str, Thing]:
    """Return everything in a scene that has a name and a colour, by name."""
    found: dict[str, Thing] = {}
    for field in fields(scene):
        value: object = getattr(scene, field.name)
        for item in value if isinstance(value, tuple) else ():
            name, color = getattr(item, "name", None), getattr(item, "color", None)
            if isinstance(name, str) and isinstance(color, str):
                shape = str(getattr(item, "shape", "") or getattr(item, "kind", ""))
                found[name] = Thing(color, shape, _bearing(item))
    return found


def thing_of(name: str, things: Mapping[str, Thing]) -> Thing:
    """Return what can be held out about what a name stands for, in the scene or made of several."""
    if name in things:
        return things[name]
    color, _, shape = name.partition("_")
    return Thing(color, shape.replace("_", " ")) if color in COLORS else Thing("", "")


def is_object_held_out(thing: Thing) -> bool:
    """Tell whether a colour and a shape are held out together, each being known alone."""
    if is_color_held_out(thing) or is_shape_held_out(thing) or not thing.shape:
        return False
    return _is_drawn(f"{thing.color} {thing.shape}", ONE_OBJECT_IN)


def is_color_held_out(thing: Thing) -> bool:
    """Tell whether a thing has a colour that is held out."""
    return thing.color in COLORS_HELD_OUT


def is_shape_held_out(thing: Thing) -> bool:
    """Tell whether a thing has a shape that is held out."""
    return thing.shape in SHAPES_HELD_OUT


def is_layout_held_out(thing: Thing) -> bool:
    """Tell whether a thing stands where in training nothing does."""
    low, high = SECTOR_HELD_OUT
    return thing.bearing is not None and low <= thing.bearing <= high


def is_pair_held_out(first: Thing, second: Thing) -> bool:
    """Tell whether a goal is about two shapes that are held out together, each known alone."""
    if not (first.shape and second.shape) or is_shape_held_out(first) or is_shape_held_out(second):
        return False
    return _is_drawn(f"{first.shape} with {second.shape}", ONE_PAIR_IN)


def is_template_held_out(template: str) -> bool:
    """Tell whether a template, of a sentence or of what joins two, is held out."""
    return _is_drawn(template, ONE_TEMPLATE_IN)


def is_form_held_out(task: str, form: str) -> bool:
    """Tell whether a form of language is held out for a task; "plain" never is."""
    return form != "plain" and _is_drawn(f"{task} as {form}", ONE_FORM_IN)


def is_order_held_out(earlier: Thing, later: Thing) -> bool:
    """Tell whether it is held out to see to one shape after another."""
    if not (earlier.shape and later.shape):
        return False
    return _is_drawn(f"{earlier.shape} then {later.shape}", ONE_ORDER_IN)


def _is_drawn(name: str, one_in: int) -> bool:
    return crc32(name.encode()) % one_in == 0


def _bearing(item: object) -> float | None:
    if not isinstance(item, GraspableObject | Container | Landmark):
        return None
    return math.atan2(item.position[1], item.position[0])
