"""How GR00T names the parts of the robot, in its state and in its actions.

The names and their order are those of NVIDIA's embodiment UNITREE_G1. Actions are in physical
units; a grip becomes the targets of the seven joints of the hand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.control.hands import finger_positions
from vla_humanoid.control.rotations import rotvec_to_quat
from vla_humanoid.schema import ARM_JOINTS, SIDES, WAIST_JOINTS, Field, arm_joint_names

Rows = NDArray[np.float64]
"""Values over time, shape (T, D)."""
Slice = dict[str, object]
"""Where a group is, as ``modality.json`` says it."""

_LEG_JOINTS = ("hip_pitch", "hip_roll", "hip_yaw", "knee", "ankle_pitch", "ankle_roll")
_FINGERS = ("thumb_0", "thumb_1", "thumb_2", "middle_0", "middle_1", "index_0", "index_1")
_QUATERNION = "quaternion"
_AXIS_ANGLE = "axis_angle"


@dataclass(frozen=True)
class Group:
    """A part of a vector under a name of its own.

    Args:
        name: of the part.
        entries: names of its numbers.
        values: takes them out of rows of the whole vector, in physical units.
        rotation: how a rotation is written; empty where it is none.
    """

    name: str
    entries: tuple[str, ...]
    values: Callable[[Rows], Rows]
    rotation: str = ""


def slices(groups: Sequence[Group], key: str = "") -> dict[str, Slice]:
    """Return where each of some groups is in a column that holds them one after the other.

    Args:
        groups: in the order of the column.
        key: name of the column, where it is not the usual one.
    """
    found: dict[str, Slice] = {}
    start = 0
    for group in groups:
        stop = start + len(group.entries)
        found[group.name] = {"start": start, "end": stop}
        if key:
            found[group.name]["original_key"] = key
        if group.rotation:
            found[group.name]["rotation_type"] = group.rotation
        start = stop
    return found


def physical(actions: NDArray[np.float32], fields: Sequence[Field]) -> Rows:
    """Return normalized actions, shape (T, D), in the units of their fields."""
    low = np.array([field.low for field in fields])
    high = np.array([field.high for field in fields])
    return low + 0.5 * (np.clip(actions.astype(np.float64), -1.0, 1.0) + 1.0) * (high - low)


def action_groups(fields: Sequence[Field]) -> tuple[Group, ...]:
    """Return the parts of an action, which together say all that it says."""
    names = tuple(field.name for field in fields)
    groups = [
        *_picked(names, ((f"{side}_leg", _leg(side)) for side in SIDES)),
        *_picked(names, ((f"{side}_arm", arm_joint_names(side)) for side in SIDES)),
        *(group for side in SIDES for group in _wrist_groups(names, side)),
        *_picked(names, ((f"{side}_wrist_delta", _delta(side)) for side in SIDES)),
        *(group for side in SIDES for group in _hand_groups(names, side)),
        *_picked(names, [("waist", WAIST_JOINTS)]),
        *_picked(names, [("base_height_command", ("pelvis_height",))]),
        *_picked(names, [("navigate_command", _NAVIGATION)]),
    ]
    return tuple(groups) or _whole(names, "action")


def state_groups(fields: Sequence[Field]) -> tuple[dict[str, Slice], tuple[Group, ...]]:
    """Return where parts of the state are in its column, and those of a column beside it.

    The other column holds the poses of the wrists: position [m] and quaternion wxyz.
    """
    names = tuple(field.name for field in fields)
    parts: dict[str, tuple[str, ...]] = {}
    for ending, suffix in (("position", ""), ("velocity", "_velocity")):
        for part, joints in _body_parts():
            parts[part + suffix] = tuple(f"{joint}_{ending}" for joint in joints)
    parts["gravity"] = tuple(f"gravity_{axis}" for axis in "xyz")
    parts["angular_velocity"] = tuple(f"angular_velocity_{axis}" for axis in "xyz")
    parts["base_height"] = ("pelvis_height",)
    parts["foot_force"] = tuple(f"{side}_foot_force" for side in SIDES)
    parts["grip_command"] = tuple(f"{side}_grip_command" for side in SIDES)
    where: dict[str, Slice] = {
        part: {"start": names.index(entries[0]), "end": names.index(entries[0]) + len(entries)}
        for part, entries in parts.items()
        if _is_run(names, entries)
    }
    wrists = tuple(group for side in SIDES for group in _wrist_groups(names, side))
    if not where:
        where["state"] = {"start": 0, "end": len(names)}
    return where, wrists


_NAVIGATION = ("base_velocity_x", "base_velocity_y", "base_velocity_yaw")


def _leg(side: str) -> tuple[str, ...]:
    return tuple(f"{side}_{joint}_joint" for joint in _LEG_JOINTS)


def _hand(side: str) -> tuple[str, ...]:
    return tuple(f"{side}_hand_{finger}_joint" for finger in _FINGERS)


def _delta(side: str) -> tuple[str, ...]:
    turns = ("roll", "pitch", "yaw")
    return tuple(f"{side}_wrist_delta_{axis}" for axis in (*"xyz", *turns))


def _body_parts() -> Iterable[tuple[str, tuple[str, ...]]]:
    yield "left_leg", _leg("left")
    yield "right_leg", _leg("right")
    yield "waist", WAIST_JOINTS
    for side in SIDES:
        yield f"{side}_arm", tuple(f"{side}_{joint}_joint" for joint in ARM_JOINTS)
        yield f"{side}_hand", _hand(side)


def _is_run(names: Sequence[str], entries: Sequence[str]) -> bool:
    """Whether some entries stand in a vector one after the other."""
    if entries[0] not in names:
        return False
    start = names.index(entries[0])
    return tuple(names[start : start + len(entries)]) == tuple(entries)


def _picked(names: Sequence[str], parts: Iterable[tuple[str, tuple[str, ...]]]) -> list[Group]:
    """Return the groups whose entries are all there."""
    return [
        Group(part, entries, _columns(names, entries))
        for part, entries in parts
        if set(entries) <= set(names)
    ]


def _columns(names: Sequence[str], entries: Sequence[str]) -> Callable[[Rows], Rows]:
    columns = [names.index(entry) for entry in entries]
    return lambda rows: rows[:, columns]


def _wrist_groups(names: Sequence[str], side: str) -> list[Group]:
    position = tuple(f"{side}_wrist_{axis}" for axis in "xyz")
    rotation = tuple(f"{side}_wrist_rotation_{axis}" for axis in "xyz")
    if not set(position + rotation) <= set(names):
        return []
    turned = _columns(names, rotation)
    return [
        Group(f"{side}_wrist_pos", position, _columns(names, position)),
        Group(
            f"{side}_wrist_abs_quat",
            tuple(f"{side}_wrist_q{axis}" for axis in "wxyz"),
            lambda rows: np.stack([rotvec_to_quat(row) for row in turned(rows)]),
            _QUATERNION,
        ),
    ]


def _hand_groups(names: Sequence[str], side: str) -> list[Group]:
    if set(_hand(side)) <= set(names):
        return _picked(names, [(f"{side}_hand", _hand(side))])
    if f"{side}_grip" not in names:
        return []
    grip = names.index(f"{side}_grip")
    return [
        Group(
            f"{side}_hand",
            _hand(side),
            lambda rows: np.stack([finger_positions(side, value) for value in rows[:, grip]]),
        )
    ]


def _whole(names: tuple[str, ...], name: str) -> tuple[Group, ...]:
    return (Group(name, names, lambda rows: rows),)
