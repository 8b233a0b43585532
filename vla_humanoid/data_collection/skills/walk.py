"""Walk to a place, along a line, on the spot, or not at all."""

import math

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.body_path import UnreachableGoal, plan_body_path
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.carry import Carrying
from vla_humanoid.data_collection.skills.feet import Feet
from vla_humanoid.data_collection.skills.ground import ground_of
from vla_humanoid.data_collection.skills.steering import Tolerance, along
from vla_humanoid.schema import POLICY_RATE
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.stance import Stance

CLEARANCE = 0.38
"""Distance of the middle of the stance from whatever stands on the floor [m]."""
CARRYING = 0.12
"""By how much more than that where hands hold something ahead of the body [m]."""
STANDING_ROOM = 0.25
"""Where there is less room than this, the map's rounding included, nobody can stand [m]."""
MAP_ROUNDING = 0.03
"""By how much more than that to step back, as the map is made of cells [m]."""
TURNS = tuple(math.radians(180.0 + turn) for turn in (0, 30, -30, 60, -60, 90, -90, 135, -135, 180))
"""Where to step back to, from where the robot faces [rad], the best first."""
DISTANCES = tuple(0.05 * k for k in range(1, 11))
"""How far to step back [m]."""
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

    A robot that stands at a table first steps back from it; a place at a table is gone to from
    further back. Hands that hold something are drawn in before.

    Raises:
        SkillFailed: if there is no way, or the robot does not get there.
    """
    carrying = Carrying(body, scene)
    yield from carrying.draw_in()
    feet = Feet(body)
    ground = ground_of(scene, feet.stance, place)
    if _room_at(ground, place.x, place.y) < STANDING_ROOM:
        raise SkillFailed("no way there")
    room = CLEARANCE + CARRYING if body.held else CLEARANCE
    yield from feet.pass_by(_with_room(ground, feet.stance, room))
    carrying.lower()
    before = _with_room(ground, place, room)
    yield from _walk_along(feet, Polyline(_way(ground, feet.stance, before, room)))
    if before is not place:
        carrying.lift()
        yield from feet.pass_by(before)
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


def _with_room(ground: HeightMap, place: Stance, room: float) -> Stance:
    """Return a place, or where there is so much room [m], straight behind it or else to any side.

    Where that much is nowhere near, `CLEARANCE` will do.
    """
    if _room_at(ground, place.x, place.y) >= room:
        return place
    for distance in DISTANCES:
        for turn in TURNS:
            x = place.x + distance * math.cos(place.yaw + turn)
            y = place.y + distance * math.sin(place.yaw + turn)
            if _room_at(ground, x, y) >= room + MAP_ROUNDING:
                return Stance(x, y, place.yaw)
    if room > CLEARANCE:
        return _with_room(ground, place, CLEARANCE)
    raise SkillFailed("no way there")


def _room_at(ground: HeightMap, x: float, y: float) -> float:
    return float(ground.clearance(np.array([[x, y]]))[0])


def _way(ground: HeightMap, start: Stance, place: Stance, room: float) -> list[tuple[float, float]]:
    """Return the corners of a way with so much room [m] to either side; with less, if need be."""
    ends = np.array([start.x, start.y]), np.array([place.x, place.y])
    try:
        way = plan_body_path(*ends, ground, room)
    except UnreachableGoal as error:
        if room > CLEARANCE:
            return _way(ground, start, place, CLEARANCE)
        raise SkillFailed("no way there") from error
    return [(x, y) for x, y in way.tolist()]
