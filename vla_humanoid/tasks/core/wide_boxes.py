"""Two boxes on a table, too wide for one hand, and when one of them is held up by two."""

import math
from dataclasses import replace

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, StaticBox, Table
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.geometry import tilt, yaw_quat
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.tabletop import FRICTION, FRICTIONS, MASS_FACTORS

DISTANCES = (0.46, 0.49)
"""Of the boxes' middles from the place where the robot works at the table [m]."""
BEARINGS = (0.50, 0.60)
"""To the left and to the right of straight ahead [rad]."""
TURN = 0.08
"""Largest angle of a box from squarely facing that place [rad]."""
SCALES = (0.92, 1.05)
STANDING_GAP = 0.01
"""Between a box and what it stands on, at most [m]."""
LEVEL = math.radians(20.0)
"""Tilt up to which a box is level [rad]."""
HAND_DISTANCE = 0.12
"""Distance of a wrist beyond a box's bounding sphere at which its hand may be at the box [m]."""


def sample_wide_boxes(random: EpisodeRandom, table: Table) -> tuple[GraspableObject, ...]:
    """Sample two boxes of different colours, one to either side of straight ahead.

    The axes are "object_pose", "object_size", "object_mass" and "object_friction".
    """
    colors = random.stream("objects").permutation(list(COLORS))[: len(SIDES)]
    return tuple(
        _box(str(color), side, random, table) for color, side in zip(colors, SIDES, strict=True)
    )


def place_before(box: GraspableObject, at: Stance) -> Stance:
    """Return how to stand at the place where one works at the table to face a box."""
    return Stance(at.x, at.y, at.yaw + at.bearing(*box.position[:2]))


def risen(box: GraspableObject, state: WorldState) -> float:
    """Return how far a box is above where it stood at first [m]."""
    return float(state.objects[box.name].pose.position[2]) - box.position[2]


def is_held_level(box: GraspableObject, state: WorldState) -> bool:
    """Tell whether a box is level, with both hands at it."""
    pose = state.objects[box.name].pose
    reach = box.scale * OBJECTS[box.shape].bounding_radius + HAND_DISTANCE
    wrists = [state.robot.links[f"{side}_wrist_yaw_link"].position for side in SIDES]
    at_hand = all(float(np.linalg.norm(wrist - pose.position)) < reach for wrist in wrists)
    return at_hand and tilt(pose.quat_wxyz) < LEVEL


def top_of(surface: StaticBox) -> float:
    """Return the height of the top of a counter's slab [m], world frame."""
    return surface.position[2] + 0.5 * surface.size[2]


def stands_on_box(box: GraspableObject, surface: StaticBox, state: WorldState) -> bool:
    """Tell whether a box stands level on a counter's slab, held there or not."""
    body = state.objects[box.name]
    x, y, z = body.pose.position.tolist()
    center = Stance(*surface.position[:2], surface.yaw)
    distance, bearing = center.distance(x, y), center.bearing(x, y)
    ahead, aside = abs(distance * math.cos(bearing)), abs(distance * math.sin(bearing))
    gap = z - top_of(surface) - box.scale * OBJECTS[box.shape].half_height
    is_over = ahead <= 0.5 * surface.size[0] and aside <= 0.5 * surface.size[1]
    return is_over and abs(gap) < STANDING_GAP and tilt(body.pose.quat_wxyz) < LEVEL


def _box(color: str, side: str, random: EpisodeRandom, table: Table) -> GraspableObject:
    model, sign = OBJECTS["box"], 1.0 if side == "left" else -1.0
    distance, bearing, turn = (
        random.uniform("object_pose", bounds, 0.5 * sum(bounds), f"{side} {what}")
        for what, bounds in (
            ("distance", DISTANCES),
            ("bearing", BEARINGS),
            ("turn", (-TURN, TURN)),
        )
    )
    scale = random.uniform("object_size", SCALES, 1.0, side)
    bearing *= sign
    height = table.height + scale * model.half_height
    box = GraspableObject(
        name=f"{color}_box",
        shape="box",
        color=color,
        rgb=COLORS[color],
        position=(distance * math.cos(bearing), distance * math.sin(bearing), height),
        quat_wxyz=yaw_quat(bearing + turn),
    )
    return replace(
        box,
        scale=scale,
        mass=random.uniform("object_mass", MASS_FACTORS, 1.0, side) * model.mass,
        friction=random.uniform("object_friction", FRICTIONS, FRICTION, side),
    )
