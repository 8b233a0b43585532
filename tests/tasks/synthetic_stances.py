"""Robots made by hand that stand somewhere, as judges of locomotion see them."""

from dataclasses import replace

import numpy as np
from synthetic_worlds import body, robot, world

from vla_humanoid.assets.figures import g1
from vla_humanoid.schema import SIDES, Pose, WorldState
from vla_humanoid.tasks.core.geometry import yaw_quat
from vla_humanoid.tasks.core.stance import Stance

HALF_WIDTH = 0.12
STEP = 0.05
BOTH_FEET = (170.0, 170.0)


def standing(
    stance: Stance,
    time: float = 0.0,
    speed: float = 0.0,
    loads: tuple[float, float] = BOTH_FEET,
    pelvis_height: float = 0.74,
) -> WorldState:
    """A world with nothing but a robot that stands somewhere."""
    quat = np.array(yaw_quat(stance.yaw))
    feet = {}
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        x = stance.x - sign * HALF_WIDTH * np.sin(stance.yaw)
        y = stance.y + sign * HALF_WIDTH * np.cos(stance.yaw)
        feet[f"{side}_ankle_roll_link"] = Pose(np.array([x, y, -g1().sole_height]), quat)
    who = robot()
    pelvis = np.array([stance.x, stance.y, pelvis_height])
    wrenches = {
        side: np.array([0.0, 0.0, load, 0.0, 0.0, 0.0])
        for side, load in zip(SIDES, loads, strict=True)
    }
    base = body(pelvis, quat, velocity=np.array([speed, 0.0, 0.0]))
    return world(
        time, {}, replace(who, base=base, links={**who.links, **feet}, foot_wrenches=wrenches)
    )
