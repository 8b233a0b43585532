"""Bring the pelvis to a height, and stay there."""

import numpy as np

from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.data_collection.skills.travel import above
from vla_humanoid.schema import POLICY_RATE, SIDES, Pose
from vla_humanoid.tasks.core.predicates import pelvis_height

SPEED = 0.3
"""At which the commanded height moves [m/s]."""
COUNTERWEIGHT = (0.25, 0.22, 0.09)
"""Where the left wrist is held meanwhile: ahead, to its own side, and above the pelvis [m]."""
NEAR = 0.025
"""The pelvis is where it should be when it is this near [m]."""
GAIN, LIMIT = 0.15, 0.1
"""Share of the remaining error that is added to the command at each step, and its bound [m]."""


def squat(body: Body, height: float, seconds: float) -> Motion:
    """Lower or raise the pelvis to a height above the soles [m], and stay there for a time [s].

    Empty hands go along, ahead of the body, as its counterweight; what the others hold is lowered
    or raised with it.
    """
    start, correction = body.target.pelvis_height, 0.0
    holding = {side: body.target.wrists[side] for side in body.held}
    descent = abs(height - start) / SPEED
    for step in range(1, round((descent + seconds) * POLICY_RATE) + 1):
        share = min(step / (descent * POLICY_RATE), 1.0) if descent > 0.0 else 1.0
        if share == 1.0:
            error = height - pelvis_height(body.robot)
            correction = float(np.clip(correction + GAIN * error, -LIMIT, LIMIT))
        wanted = start + share * (height - start)
        body.set_pelvis_height(wanted + correction)
        for side in SIDES:
            if side in holding:
                body.set_wrist(side, above(holding[side], wanted - start))
            else:
                body.set_wrist(side, _along(body, side, wanted))
        yield


def is_at_height(body: Body, height: float) -> bool:
    """Tell whether the pelvis is at a height above the soles [m]."""
    return abs(pelvis_height(body.robot) - height) < NEAR


def _along(body: Body, side: str, height: float) -> Pose:
    ahead, aside, above = COUNTERWEIGHT
    sign = 1.0 if side == "left" else -1.0
    return Pose(np.array([ahead, sign * aside, height + above]), body.rest(side).quat_wxyz)
