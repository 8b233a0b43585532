"""Capsules that cover the robot's links, and which of them must keep clear of which.

They are fitted to the simulated robot's collision geometry, which sticks out of them by 1 cm at
most; each hand's two cover it with its fingers open, closed, and between.
"""

from itertools import product

from vla_humanoid.assets.g1_collision import Capsule, mirrored

_LEFT = {
    "left_thigh": Capsule("left_hip_yaw_link", (0.0, 0.0, -0.05), (-0.06, 0.0, -0.15), 0.06),
    "left_shank": Capsule("left_knee_link", (0.01, 0.0, -0.03), (0.0, 0.0, -0.24), 0.045),
    "left_foot": Capsule("left_ankle_roll_link", (-0.04, 0.0, -0.01), (0.11, 0.0, -0.01), 0.035),
    "left_upper_arm": Capsule(
        "left_shoulder_yaw_link", (0.005, 0.0, -0.02), (0.01, 0.0, -0.08), 0.038
    ),
    "left_forearm": Capsule("left_elbow_link", (0.03, 0.002, -0.01), (0.138, 0.002, -0.01), 0.032),
    "left_palm": Capsule("left_wrist_yaw_link", (0.0, 0.01, 0.0), (0.12, 0.012, 0.0), 0.04),
    "left_fingers": Capsule(
        "left_wrist_yaw_link", (0.06, -0.085, 0.0), (0.162, -0.037, 0.0), 0.043
    ),
}

# The chest is a box: a column along each of its upright edges covers it without bulging.
_COLUMNS = {
    f"chest_{name}": Capsule("torso_link", (x, y, 0.065), (x, y, 0.235), 0.05)
    for name, x, y in (
        ("front_left", 0.028, 0.052),
        ("front_right", 0.028, -0.052),
        ("back_left", -0.028, 0.052),
        ("back_right", -0.028, -0.052),
    )
}

CAPSULES: dict[str, Capsule] = {
    "pelvis": Capsule("pelvis", (0.0, -0.03, -0.06), (0.0, 0.03, -0.06), 0.09),
    **_COLUMNS,
    "head": Capsule("torso_link", (0.02, 0.0, 0.36), (0.02, 0.0, 0.44), 0.075),
    **_LEFT,
    **{name.replace("left", "right"): mirrored(part) for name, part in _LEFT.items()},
}
"""Name to capsule, in the frame of its link [m]."""


def _limb(side: str, *parts: str) -> list[str]:
    return [f"{side}_{part}" for part in parts]


def _pairs() -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    lower = ("forearm", "palm", "fingers")
    for side, other in (("left", "right"), ("right", "left")):
        arm, legs = _limb(side, *lower), [f"{leg}_thigh" for leg in (side, other)]
        pairs += product([f"{side}_upper_arm"], [*_COLUMNS, "head"])
        pairs += product(arm, ["pelvis", *_COLUMNS, "head", *legs, f"{other}_upper_arm"])
        pairs += [(f"{side}_foot", f"{other}_shank")]
    pairs += product(_limb("left", *lower), _limb("right", *lower))
    pairs += [(f"left_{part}", f"right_{part}") for part in ("thigh", "shank", "foot")]
    return tuple(pairs)


PAIRS = _pairs()
"""Capsules, by name, that can meet and must not; neighbours along a limb always do."""
