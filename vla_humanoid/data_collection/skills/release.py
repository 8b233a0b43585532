"""Let go of something that stands free, without pushing it over."""

import numpy as np

from vla_humanoid.control.rotations import quat_multiply, rotvec_to_quat
from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.schema import POLICY_RATE, Pose

FREE_GRIP, OPENING_TIME = 0.05, 0.6
"""Grip, and how long it takes to open to it [s], where an object stands free."""
TWISTS = (0.35, -0.35, 0.0)
"""Angles by which the open hand turns to and fro, to be rid of what sticks to it [rad]."""
SETTLING_TIME = 0.35
"""How long the fingers take to follow [s]."""


def open_slowly(
    body: Body, side: str, grip: float = FREE_GRIP, seconds: float = OPENING_TIME
) -> Motion:
    """Open a hand to a grip over a time [s]: fingers that let go at once push what they held."""
    before, steps = body.target.grips[side], round(seconds * POLICY_RATE)
    for step in range(1, steps):
        body.set_grip(side, before + (grip - before) * step / steps)
        yield
    body.set_grip(side, grip)
    yield from body.wait(SETTLING_TIME)


def shake_off(body: Body, side: str, low: Pose) -> Motion:
    """Take a hand to where it let go, open it wide and turn it to and fro: something sticks to it.

    Args:
        body: the robot.
        side: which hand.
        low: pose of its wrist where what it held touches the ground, stance frame.
    """
    yield from body.move(side, low)
    body.set_grip(side, 0.0)
    yield from body.wait(SETTLING_TIME)
    for angle in TWISTS:
        turn = rotvec_to_quat(np.array([0.0, 0.0, angle]))
        yield from body.move(side, Pose(low.position, quat_multiply(turn, low.quat_wxyz)))
