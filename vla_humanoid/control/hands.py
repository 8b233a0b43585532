"""Grips: from one number per hand to the seven joints of a Dex3 hand."""

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.schema import SIDES, FloatArray

FINGER_KP = 2.0
"""Stiffness of a finger joint [N m/rad]: the grip's force comes from commanding beyond contact."""
FINGER_KD = 0.08
"""Damping of a finger joint [N m s/rad]."""

# Left-hand joint positions [rad] of the open and the closed hand; the right hand mirrors them.
_OPEN = {
    "thumb_0": 0.0,
    "thumb_1": -0.60,
    "thumb_2": 0.35,
    "middle_0": -0.35,
    "middle_1": -0.75,
    "index_0": -0.35,
    "index_1": -0.75,
}
_CLOSED = {
    "thumb_0": 0.0,
    "thumb_1": 0.55,
    "thumb_2": 0.65,
    "middle_0": -1.35,
    "middle_1": -0.85,
    "index_0": -1.35,
    "index_1": -0.85,
}

_OPENED = np.array(list(_OPEN.values()))
_TO_CLOSED = np.array([_CLOSED[finger] - position for finger, position in _OPEN.items()])
_OPEN_AND_SPAN = {"left": (_OPENED, _TO_CLOSED), "right": (-_OPENED, -_TO_CLOSED)}

HAND_INDICES: dict[str, np.ndarray] = {
    side: np.array([JOINT_NAMES.index(f"{side}_hand_{finger}_joint") for finger in _OPEN])
    for side in SIDES
}
"""Where each hand's joints stand within `JOINT_NAMES`."""


def finger_positions(side: str, grip: float) -> FloatArray:
    """Return the joint targets [rad] of one hand, shape (7,), in the order of `HAND_INDICES`.

    Args:
        side: "left" or "right".
        grip: 0 for open, 1 for closed as far as the fingers go.
    """
    opened, span = _OPEN_AND_SPAN[side]
    return opened + grip * span
