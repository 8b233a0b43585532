"""Whether a hand reaches a spot while the robot stands at the origin, facing +x.

The arm is a two-link chain from shoulder to wrist, so it spans any distance between
`NEAREST_REACH` and `STRETCH` times its length. The hand comes from above: palm down, fingers
pitched down by `HAND_PITCH` and heading away from the shoulder. The torso may lean forward and
twist; the shoulder then moves on a sphere about the waist. Lengths are in metres, angles in
radians, positions in the stance frame.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.assets.scene import Vec3
from vla_humanoid.schema import SIDES, FloatArray
from vla_humanoid.tasks.core.hands import HAND_PITCH, PINCH_POINTS

PELVIS_HEIGHT = 0.74
"""Of the standing robot."""
MAX_LEAN = math.radians(20.0)
"""Largest forward lean of the torso (the waist pitches up to 30 degrees)."""
MAX_TWIST = math.radians(25.0)
"""Largest twist of the torso to either side (the waist yaws up to 150 degrees)."""
STRETCH = 0.95
"""Part of the arm's length that is used, short of a straight elbow."""
NEAREST_REACH = 0.15
"""Least distance of the wrist from the shoulder: the bent elbow and the trunk are in the way."""
TRUNK_DISTANCE = 0.33
"""Least distance of a grasp from the trunk's axis, seen from above: nearer, there is no room for
the wrist between the two."""
LEAN_STEPS = np.linspace(0.0, MAX_LEAN, 5)
TWIST_STEPS = np.linspace(-MAX_TWIST, MAX_TWIST, 11)


@dataclass(frozen=True)
class Arm:
    """What `reaches` needs to know about an arm.

    Args:
        waist: where the torso turns, stance frame.
        shoulder: centre of the shoulder relative to the waist, torso upright.
        length: upper arm and forearm, from the shoulder to the wrist's yaw axis.
    """

    waist: FloatArray
    shoulder: FloatArray
    length: float


@cache
def arm(side: str) -> Arm:
    """Return the figures of the left or the right arm."""
    links = {link.name: link for link in g1().links}

    def offset(*names: str) -> FloatArray:
        return np.sum([links[name].position for name in names], axis=0)

    upper_arm = offset(f"{side}_shoulder_yaw_link", f"{side}_elbow_link")
    forearm = offset(*(f"{side}_wrist_{axis}_link" for axis in ("roll", "pitch", "yaw")))
    waist = offset("waist_yaw_link", "waist_roll_link", "torso_link")
    return Arm(
        waist=waist + np.array([0.0, 0.0, PELVIS_HEIGHT]),
        shoulder=offset(f"{side}_shoulder_pitch_link", f"{side}_shoulder_roll_link"),
        length=float(np.linalg.norm(upper_arm) + np.linalg.norm(forearm)),
    )


def reaches(side: str, point: Vec3) -> bool:
    """Tell whether a hand can bring its pinch to a point from above.

    Args:
        side: "left" or "right".
        point: stance frame [m].
    """
    if math.hypot(point[0], point[1]) < TRUNK_DISTANCE:
        return False
    figures = arm(side)
    shoulders = _shoulders(side)
    heading = np.array(point[:2]) - shoulders[:, :2]
    heading /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-9)
    back, up = _wrist_from_grasp(side)
    wrists = np.array(point) + np.column_stack([-back * heading, np.full(len(heading), up)])
    distances = np.linalg.norm(wrists - shoulders, axis=1)
    return bool(np.any((distances > NEAREST_REACH) & (distances < STRETCH * figures.length)))


def reaching_sides(*points: Vec3) -> tuple[str, ...]:
    """Return the sides whose hand reaches every one of the points."""
    return tuple(side for side in SIDES if all(reaches(side, point) for point in points))


@cache
def _shoulders(side: str) -> FloatArray:
    """Where the shoulder can be, over leans and twists, shape (n, 3)."""
    figures = arm(side)
    lean, twist = (grid.ravel() for grid in np.meshgrid(LEAN_STEPS, TWIST_STEPS))
    x, y, z = figures.shoulder
    forward, height = x * np.cos(lean) + z * np.sin(lean), z * np.cos(lean) - x * np.sin(lean)
    turned = (
        forward * np.cos(twist) - y * np.sin(twist),
        forward * np.sin(twist) + y * np.cos(twist),
        height,
    )
    return figures.waist + np.column_stack(turned)


def _wrist_from_grasp(side: str) -> tuple[float, float]:
    """How far the wrist is behind and above the pinch point when the hand is palm down."""
    along_fingers, toward_palm = PINCH_POINTS[side][0], abs(PINCH_POINTS[side][1])
    sine, cosine = np.sin(HAND_PITCH), np.cos(HAND_PITCH)
    back = along_fingers * cosine - toward_palm * sine
    up = along_fingers * sine + toward_palm * cosine
    return float(back), float(up)
