"""Things that hands use: a hook to pull with, a jug to pour from and what is in it.

Hook: its frame has its origin in the middle of its crossbar handle; the shaft runs along +x to a
prong that points to -y. Upper and lower side are alike: turned over, it hooks to the other side.
"""

import math

from vla_humanoid.assets.meshes import revolved
from vla_humanoid.assets.object_model import ALONG_X, PINCH_DEPTH, ObjectModel
from vla_humanoid.assets.parts import FOOT_HEIGHT, Box, Part, Sphere, feet, hidden_cylinder, look
from vla_humanoid.assets.walls import ring_of_walls

HOOK_LENGTH = 0.20
"""From the middle of the handle to the face of the prong [m]."""
SHAFT_HALF_WIDTH = 0.006
JUG_RADIUS, JUG_FLOOR, JUG_HALF_HEIGHT = 0.0265, 0.040, 0.045
"""Of a jug's inside, of its floor above its underside, and half its height; eyes see what is on a
floor that is so high [m]."""
MARBLE_RADIUS = 0.008


def hook() -> ObjectModel:
    """Return a hook with a crossbar to hold it by."""
    half_x, half_y, half_z = 0.021, 0.045, 0.024
    prong, half_prong, shaft_z = 0.080, 0.006, 0.012
    tip = HOOK_LENGTH + 2.0 * half_prong
    half_shaft = 0.5 * (HOOK_LENGTH - half_x)
    return ObjectModel(
        size=(half_x + tip, half_y + prong - SHAFT_HALF_WIDTH, 2 * half_z),
        half_height=half_z,
        footprint_radius=math.hypot(tip, prong - SHAFT_HALF_WIDTH),
        mass=0.12,
        grasp_height=half_z - PINCH_DEPTH,
        grasp_width=2 * half_x,
        grasp_yaws=(ALONG_X,),
        parts=(
            Part(Box((half_x, half_y, half_z)), mass_share=0.7),
            Part(
                Box((half_shaft, SHAFT_HALF_WIDTH, shaft_z)),
                (half_x + half_shaft, 0.0, 0.0),
                mass_share=0.18,
            ),
            Part(
                Box((half_prong, 0.5 * prong, half_z)),
                (HOOK_LENGTH + half_prong, SHAFT_HALF_WIDTH - 0.5 * prong, 0.0),
                mass_share=0.12,
            ),
        ),
    )


def jug() -> ObjectModel:
    """Return a straight jug, hollow, without a handle."""
    inside, floor, half, wall = JUG_RADIUS, JUG_FLOOR, JUG_HALF_HEIGHT, 0.004
    outside, sides = inside + wall, 8
    corner = outside / math.cos(math.pi / sides)
    lines = tuple(2.0 * math.pi * k / sides for k in range(sides // 2))
    return ObjectModel(
        size=(2 * outside, 2 * outside, 2 * half),
        half_height=half,
        footprint_radius=corner,
        mass=0.12,
        grasp_height=half - PINCH_DEPTH,
        grasp_width=2 * outside,
        grasp_yaws=lines,
        parts=(
            hidden_cylinder(outside, FOOT_HEIGHT - half, floor - half, mass_share=0.4),
            *feet(outside, -half),
            *ring_of_walls(sides, (inside, floor - half), (inside, half), wall, mass_share=0.6),
            look(
                revolved(
                    [
                        (outside, -half),
                        (outside, half),
                        (inside, half),
                        (inside, floor - half),
                    ]
                ),
                finish="ceramic",
            ),
        ),
    )


def marble() -> ObjectModel:
    """Return a small ball."""
    radius = MARBLE_RADIUS
    return ObjectModel(
        size=(2 * radius, 2 * radius, 2 * radius),
        half_height=radius,
        footprint_radius=radius,
        mass=0.006,
        grasp_height=0.0,
        grasp_width=2 * radius,
        grasp_yaws=None,
        parts=(Part(Sphere(radius), mass_share=1.0),),
        rolls=True,
    )
