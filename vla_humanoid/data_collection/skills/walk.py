"""Walk to a place, along a line, on the spot, or not at all."""

import math

import numpy as np

from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.body_path import UnreachableGoal, plan_body_path
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.feet import Feet
from vla_humanoid.data_collection.skills.steering import Tolerance, along
from vla_humanoid.schema import POLICY_RATE
from vla_humanoid.tasks.core.landmark_layout import footprint_radius
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.stance import Stance

CLEARANCE = 0.38
"""Distance of the middle of the stance from whatever stands on the floor [m]."""
MAP_MARGIN = 1.5
"""How far the map reaches beyond where the robot walks and what stands there [m]."""
MAP_RESOLUTION = 0.05
NEAR = 0.25
"""Distance from the end of the way at which the robot no longer follows it but steps to its end
[m]."""
SLOW_WALK = 0.1
"""A robot that is slower on average does not get anywhere [m/s]."""
TURNING_TIME = 12.0
"""Time that it may take beyond that, to turn and to recover from pushes [s]."""
WINDOW = 0.4
"""Length of line ahead of what has been walked on which the robot is looked for [m]."""
PUSHED = Tolerance(0.12, math.radians(10.0))
"""A robot that stands further off than this, because it was pushed, goes back."""


def walk_to(body: Body, scene: Scene, place: Stance) -> Motion:
    """Walk around whatever stands on the floor, and stand at a place.

    Raises:
        SkillFailed: if there is no way, or the robot does not get there.
    """
    feet = Feet(body)
    yield from _walk_along(feet, Polyline(_way(scene, feet.stance, place)))
    yield from feet.settle(place)


def follow_line(body: Body, line: Polyline) -> Motion:
    """Walk along a line, from the point of it that is nearest, and stand at its end.

    Raises:
        SkillFailed: if the robot does not get there.
    """
    feet = Feet(body)
    yield from _walk_along(feet, line)
    x, y = line.at(line.length)
    yield from feet.settle(Stance(x, y, line.headings[-1]))


def turn_to(body: Body, yaw: float) -> Motion:
    """Turn on the spot.

    Raises:
        SkillFailed: if the robot does not get there.
    """
    feet = Feet(body)
    here = feet.stance
    yield from feet.settle(Stance(here.x, here.y, yaw))


def stand(body: Body, seconds: float) -> Motion:
    """Stay in one place for a time, and go back to it after a push.

    Raises:
        SkillFailed: if the robot cannot get back.
    """
    feet = Feet(body)
    here, end = feet.stance, body.time + seconds
    while body.time < end:
        if not PUSHED.covers(feet.stance, here):
            yield from feet.settle(here)
        feet.command(np.zeros(3))
        yield


def _walk_along(feet: Feet, line: Polyline) -> Motion:
    walked, _ = line.nearest(feet.stance.x, feet.stance.y)
    patience = (line.length - walked) / SLOW_WALK + TURNING_TIME
    for _ in range(round(patience * POLICY_RATE)):
        halt = feet.halt
        found, _ = line.nearest(halt.x, halt.y, walked, walked + WINDOW)
        walked = max(walked, found)
        if line.length - walked < NEAR:
            return
        feet.command(along(line, walked, halt))
        yield
    raise SkillFailed("way not walked")


def _way(scene: Scene, start: Stance, place: Stance) -> list[tuple[float, float]]:
    """Return the corners of a way around the landmarks of a scene."""
    spots = [(start.x, start.y), (place.x, place.y), *(mark.position for mark in scene.landmarks)]
    low, high = np.min(spots, axis=0) - MAP_MARGIN, np.max(spots, axis=0) + MAP_MARGIN
    extent = (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
    ground = HeightMap.flat(extent, MAP_RESOLUTION)
    for mark in scene.landmarks:
        height = mark.scale * LANDMARKS[mark.shape].height
        ground = ground.with_cylinder(np.array(mark.position), footprint_radius(mark), height)
    try:
        way = plan_body_path(np.array(spots[0]), np.array(spots[1]), ground, CLEARANCE)
    except UnreachableGoal as error:
        raise SkillFailed("no way there") from error
    return [(x, y) for x, y in way.tolist()]
