"""Words for shapes.

No noun serves two shapes, so that a colour and a noun together stand for one thing.
"""

from collections.abc import Mapping
from typing import Literal

from vla_humanoid.assets.scene import AnyShape, ContainerShape

OBJECT_NOUNS: Mapping[AnyShape, tuple[str, ...]] = {
    "cube": ("cube", "cubic block"),
    "block": ("block", "brick"),
    "cylinder": ("cylinder", "round block"),
    "can": ("can", "soda can", "tin", "drink can"),
    "ball": ("ball", "sphere"),
    "bottle": ("bottle", "flask"),
    "mug": ("mug", "coffee mug"),
    "cup": ("cup", "tumbler", "drinking cup"),
    "hexagonal prism": ("hexagonal prism", "hexagonal block", "six-sided block"),
    "egg": ("egg", "toy egg"),
    "box": ("box", "parcel"),
    "baton": ("baton", "long bar"),
    "sponge": ("sponge",),
    "hook": ("hook", "hooked stick"),
    "jug": ("jug", "pitcher"),
    "marble": ("marble",),
}
CONTAINER_NOUNS: Mapping[ContainerShape, tuple[str, ...]] = {
    "plate": ("plate", "dinner plate"),
    "bowl": ("bowl", "serving bowl"),
    "bin": ("bin", "storage bin"),
    "tray": ("tray", "serving tray"),
}
PREPOSITIONS: Mapping[ContainerShape, Literal["on", "in"]] = {
    "plate": "on",
    "tray": "on",
    "bowl": "in",
    "bin": "in",
}
"""Where something is that rests with a container."""
