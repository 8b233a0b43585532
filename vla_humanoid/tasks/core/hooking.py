"""Hooks that lie on a table, and how one is held to pull something near.

A hook to the left of what it pulls is for the left hand; turned over it is for the right one.
"""

import math
from typing import TypeAlias

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Quat, Scene, Table
from vla_humanoid.assets.tools import HOOK_LENGTH, SHAFT_HALF_WIDTH
from vla_humanoid.schema import SIDES, FloatArray
from vla_humanoid.tasks.core.geometry import yaw_quat
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.tabletop import FRICTION, FRICTIONS, MASS_FACTORS

Placing: TypeAlias = tuple[float, float, float]
"""Of a hook's handle: x, y [m] and heading of the shaft [rad]."""

AHEAD, ASIDE, OUTWARDS = (0.27, 0.30), (0.24, 0.28), (0.10, 0.35)
"""Where the handle lies, to the side of the hand that is to take it [m], and which way the shaft
points, away from the middle [rad]."""
GAP = 0.012
"""Between what is to be pulled and the shaft, and the prong, as the hook comes down [m]."""
COMFORTABLE_ASIDE = 0.08
"""How far to a hand's own side it comes, if the hook can be turned for that [m]."""
MOST_INWARDS = 0.45
"""Largest heading of the shaft towards the other side [rad]."""


def hook_quat(side: str, heading: float) -> Quat:
    """Return the orientation of a hook for a hand, its shaft to a heading [rad]."""
    c, _, _, s = yaw_quat(heading)
    return (c, 0.0, 0.0, s) if side == "left" else (0.0, c, s, 0.0)


def hook_side(quat_wxyz: FloatArray) -> str:
    """Return the side whose hand a hook that lies so is for."""
    w, x, y, z = quat_wxyz.tolist()
    return SIDES[0] if w * w + z * z > x * x + y * y else SIDES[1]


def radius_of(thing: GraspableObject) -> float:
    """Return the radius of the circle about a thing, seen from above [m]."""
    return thing.scale * OBJECTS[thing.shape].footprint_radius


def hooking(x: float, y: float, radius: float, side: str) -> Placing:
    """Return where a hook is held around something, its prong behind it.

    Args:
        x: of the middle of what is to be pulled [m].
        y: likewise.
        radius: of a circle around it [m].
        side: the hand that holds the hook.
    """
    sign = 1.0 if side == "left" else -1.0
    beside, before = SHAFT_HALF_WIDTH + GAP + radius, HOOK_LENGTH - GAP - radius
    inwards = (COMFORTABLE_ASIDE - sign * y - beside) / HOOK_LENGTH
    heading = -sign * min(max(math.asin(min(max(inwards, 0.0), 1.0)), 0.0), MOST_INWARDS)
    c, s = math.cos(heading), math.sin(heading)
    across = sign * beside
    return x - c * before - s * across, y - s * before + c * across, heading


def new_hook(random: EpisodeRandom, table: Table) -> GraspableObject:
    """Sample a hook that lies to the left or to the right, for the hand on that side."""
    side = SIDES[int(random.stream("tool").integers(len(SIDES)))]
    sign = 1.0 if side == "left" else -1.0
    color = str(random.stream("tool color").choice(list(COLORS)))
    x, y, turn = (
        random.uniform("object_pose", bounds, 0.5 * sum(bounds), f"hook {what}")
        for what, bounds in (("ahead", AHEAD), ("aside", ASIDE), ("turn", OUTWARDS))
    )
    model = OBJECTS["hook"]
    return GraspableObject(
        name="hook",
        shape="hook",
        color=color,
        rgb=COLORS[color],
        position=(x, sign * y, table.height + model.half_height),
        quat_wxyz=hook_quat(side, sign * turn),
        mass=random.uniform("object_mass", MASS_FACTORS, 1.0, "hook") * model.mass,
        friction=random.uniform("object_friction", FRICTIONS, FRICTION, "hook"),
    )


def hook_of(scene: Scene) -> GraspableObject:
    """Return the hook of a scene that has one."""
    return next(thing for thing in scene.objects if thing.shape == "hook")


def hookable(scene: Scene) -> tuple[GraspableObject, ...]:
    """Return the objects of a scene that are no hooks."""
    return tuple(thing for thing in scene.objects if thing.shape != "hook")
