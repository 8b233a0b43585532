"""Capsules that cover the robot's links, and which of them must keep clear of which.

They are fitted to the simulated robot's collision geometry, which sticks out of them by 1 cm at
most; a hand's three cover it with its fingers open, closed, and between. Only the wrist's tube
sticks out by 2 cm, in the gap between forearm and palm, which nothing as thick as a limb gets into.
Upper arms are not held off the chest: by the shoulder their shapes overlap.
"""

from collections.abc import Iterator
from itertools import product

from vla_humanoid.assets.g1_collision import Capsule

_LEFT = {
    "left_thigh": Capsule("left_hip_yaw_link", (0.0, 0.0, -0.05), (-0.06, 0.0, -0.15), 0.06),
    "left_shank": Capsule("left_knee_link", (0.01, 0.0, -0.03), (0.0, 0.0, -0.24), 0.045),
    "left_foot": Capsule("left_ankle_roll_link", (-0.04, 0.0, -0.01), (0.11, 0.0, -0.01), 0.035),
    "left_upper_arm": Capsule(
        "left_shoulder_yaw_link", (0.005, 0.0, -0.02), (0.01, 0.0, -0.08), 0.038
    ),
    "left_forearm": Capsule("left_elbow_link", (0.03, 0.002, -0.01), (0.142, 0.002, -0.01), 0.032),
    "left_palm": Capsule("left_wrist_yaw_link", (-0.002, 0.006, 0.0), (0.12, 0.013, 0.0), 0.04),
    "left_thumb": Capsule("left_wrist_yaw_link", (0.05, -0.069, 0.0), (0.125, -0.068, 0.0), 0.038),
    "left_fingers": Capsule(
        "left_wrist_yaw_link", (0.138, -0.022, 0.0), (0.158, -0.046, 0.0), 0.04
    ),
}

# The chest is a box: a column along each of its upright edges and one amid cover it closely.
_CHEST = {
    "chest": Capsule("torso_link", (0.0, 0.0, 0.06), (0.0, 0.0, 0.24), 0.07),
    **{
        f"chest_{name}": Capsule("torso_link", (x, y, 0.025), (x, y, 0.275), 0.042)
        for name, x, y in (
            ("front_left", 0.033, 0.058),
            ("front_right", 0.033, -0.058),
            ("back_left", -0.033, 0.058),
            ("back_right", -0.033, -0.058),
        )
    },
}


def _other(name: str) -> str:
    return name.replace("left", "right")


def _mirrored(left: Capsule) -> Capsule:
    (x0, y0, z0), (x1, y1, z1) = left.start, left.end
    return Capsule(_other(left.link), (x0, -y0, z0), (x1, -y1, z1), left.radius)


CAPSULES: dict[str, Capsule] = {
    "pelvis": Capsule("pelvis", (0.0, -0.033, -0.058), (0.0, 0.033, -0.058), 0.09),
    **_CHEST,
    "head": Capsule("torso_link", (0.02, 0.0, 0.36), (0.02, 0.0, 0.44), 0.075),
    **_LEFT,
    **{_other(name): _mirrored(capsule) for name, capsule in _LEFT.items()},
}
"""Name to capsule, in the frame of its link [m]."""


def _pairs() -> Iterator[tuple[str, str]]:
    hand = ("forearm", "palm", "thumb", "fingers")
    for side, other in (("left", "right"), ("right", "left")):
        far_arm = f"{other}_upper_arm"
        for part in hand:
            for obstacle in ("pelvis", *_CHEST, "head", "left_thigh", "right_thigh", far_arm):
                yield f"{side}_{part}", obstacle
        yield f"{side}_upper_arm", "head"
        yield f"{side}_foot", f"{other}_shank"
    for left, right in product(hand, hand):
        yield f"left_{left}", f"right_{right}"
    for limb in ("upper_arm", "thigh", "shank", "foot"):
        yield f"left_{limb}", f"right_{limb}"


PAIRS = tuple(_pairs())
"""Capsules, by name, that can meet and must not; neighbours along a limb always do."""
