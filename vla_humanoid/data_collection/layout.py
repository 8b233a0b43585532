"""The names inside a dataset file, and how world states are laid out there.

The file is a superset of what robomimic's ``SequenceDataset`` and Isaac Lab's
``HDF5DatasetFileHandler`` read. Quaternions are ``xyzw`` in the file, as Isaac Lab's format
version 1 wants them, and ``wxyz`` everywhere else.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.schema import FixtureState, FloatArray, Pose, RigidBodyState, WorldState

FORMAT_VERSION = 1
"""Of Isaac Lab's HDF5 format: 1 says that quaternions are xyzw."""

DATA = "data"
MASK = "mask"
ACTIONS = "actions"
REWARDS = "rewards"
DONES = "dones"
SUBGOAL = "subgoal"
PROGRESS = "progress"
SENTENCE = "sentence"
"""Index into the attribute ``said`` of what the policy had been told."""
OBS = "obs"
STATES = "states"
INITIAL_STATE = "initial_state"
FINAL_STATE = "final_state"
FOOT_WRENCHES = "foot_wrenches"
"""Of the left, then the right foot, as in `RobotState`; shape (T + 1, 2, 6)."""
BALANCE = "balance"
BALANCE_KEYS = ("zmp", "zmp_dynamics", "com", "dcm", "support_margin", "support_polygon")

IMPORTED = "imported"
"""Attribute of a demo, and of /data, that comes from a recording of others: it has no states."""

ACTION_MASK = "action_mask"
STATE_MASK = "state_mask"
"""Attributes of a demo, and of /data, that was imported: JSON, which entries it really has."""

IMAGE_SUFFIX = "_image"
"""Images are ``obs/<camera>_image``: robomimic takes no key with a slash in it."""

ALIGNMENT = (
    "obs[t], states[t], balance[t], subgoal[t], progress[t] and sentence[t] describe the moment at "
    "which actions[t] was chosen; rewards[t] and dones[t] follow from actions[t]; final_state is "
    "what the last action led to; foot_wrenches[t] belongs to states[t], its last row to "
    "final_state"
)

StateTree: TypeAlias = dict[str, NDArray[np.float32]]
"""Path below ``states`` to an array of shape (T, ...)."""


def demo_name(number: int) -> str:
    """Return the name of a demo's group."""
    return f"demo_{number}"


def demo_number(name: str) -> int:
    """Return the number in the name of a demo's group.

    Raises:
        ValueError: if it is not the name of a demo.
    """
    prefix, _, digits = name.partition("_")
    if prefix != "demo" or not digits.isdecimal():
        raise ValueError(f"{name!r} is not the name of a demo, such as 'demo_0'")
    return int(digits)


def image_path(camera: str) -> str:
    """Return where the images of a camera are in a demo's group."""
    return f"{OBS}/{camera}{IMAGE_SUFFIX}"


def state_tree(worlds: Sequence[WorldState]) -> StateTree:
    """Lay world states out as Isaac Lab does.

    Args:
        worlds: at least one, all with the same objects and fixtures.

    Returns:
        ``articulation/robot/{root_pose, root_velocity, joint_position, joint_velocity}``, the same
        for every fixture, and ``rigid_object/<name>/{root_pose, root_velocity}``; poses are x, y,
        z [m] and quaternion xyzw, velocities linear [m/s] then angular [rad/s], world frame.
    """
    robots = [world.robot for world in worlds]
    tree = _bodies("articulation/robot", [robot.base for robot in robots])
    tree["articulation/robot/joint_position"] = _rows([robot.joint_positions for robot in robots])
    tree["articulation/robot/joint_velocity"] = _rows([robot.joint_velocities for robot in robots])
    for name in worlds[0].objects:
        tree |= _bodies(f"rigid_object/{name}", [world.objects[name] for world in worlds])
    for name in worlds[0].fixtures:
        tree |= _fixtures(f"articulation/{name}", [world.fixtures[name] for world in worlds])
    return tree


def _bodies(path: str, states: Sequence[RigidBodyState]) -> StateTree:
    twists = [np.concatenate([state.twist.linear, state.twist.angular]) for state in states]
    return {
        f"{path}/root_pose": _rows([_pose_row(state.pose) for state in states]),
        f"{path}/root_velocity": _rows(twists),
    }


def _fixtures(path: str, states: Sequence[FixtureState]) -> StateTree:
    return {
        f"{path}/root_pose": _rows([_pose_row(state.pose) for state in states]),
        f"{path}/root_velocity": np.zeros((len(states), 6), np.float32),
        f"{path}/joint_position": _rows([np.array([state.position]) for state in states]),
        f"{path}/joint_velocity": _rows([np.array([state.velocity]) for state in states]),
    }


def _pose_row(pose: Pose) -> FloatArray:
    return np.concatenate([pose.position, np.roll(pose.quat_wxyz, -1)])


def _rows(rows: Sequence[NDArray[np.float64]]) -> NDArray[np.float32]:
    return np.stack(rows).astype(np.float32)
