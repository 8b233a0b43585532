"""Names, shapes, units and frames of everything that crosses a room's wall, in one place.

First actions and observations, then the states and commands between control and engines.

Frames used throughout:

- *world*: z up; the scene stands around the origin.
- *stance*: on the floor midway between the two soles, x along their mean heading, z up. Wrist
  targets and wrist proprioception are expressed in it, so they do not move when the body leans.
- *pelvis*: the floating base link.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
ControlMode: TypeAlias = Literal["end_effector", "arm_joints", "right_arm", "joints"]

CONTROL_MODES: tuple[ControlMode, ...] = ("end_effector", "arm_joints", "right_arm", "joints")
CAMERAS: tuple[str, ...] = ("head", "left_wrist", "right_wrist", "external")
TWO_PI = 2.0 * float(np.pi)
SIDES: tuple[str, str] = ("left", "right")
OTHER_SIDE: Mapping[str, str] = {"left": "right", "right": "left"}

PHYSICS_RATE = 500
"""Simulation steps per second."""
CONTROL_RATE = 250
"""Solves of the balance layer per second."""
POLICY_RATE = 20
"""Environment steps (actions) per second."""


@dataclass(frozen=True)
class Field:
    """One number of an action or a state vector.

    Args:
        name: unique within its vector.
        unit: SI unit, or "1" where it has none.
        low: smallest value, in ``unit``.
        high: largest value, in ``unit``.
        frame: the frame it is expressed in, or "" where it needs none.
    """

    name: str
    unit: str
    low: float
    high: float
    frame: str = ""


@dataclass(frozen=True)
class ActionSpec:
    """What each entry of a normalized action vector means physically.

    Args:
        control_mode: the mode this describes.
        fields: one entry per dimension, with physical bounds.
    """

    control_mode: ControlMode
    fields: tuple[Field, ...]

    @property
    def dim(self) -> int:
        """Length of the action vector."""
        return len(self.fields)

    @property
    def low(self) -> FloatArray:
        """Smallest physical action, shape (dim,)."""
        return np.array([field.low for field in self.fields])

    @property
    def high(self) -> FloatArray:
        """Largest physical action, shape (dim,)."""
        return np.array([field.high for field in self.fields])

    def to_physical(self, normalized: FloatArray) -> FloatArray:
        """Map [-1, 1] to physical units; values outside are clipped to the bounds.

        Args:
            normalized: shape (dim,).

        Returns:
            Shape (dim,), in the units of ``fields``.
        """
        unit_interval = 0.5 * (np.clip(normalized, -1.0, 1.0) + 1.0)
        return self.low + unit_interval * (self.high - self.low)

    def to_normalized(self, physical: FloatArray) -> FloatArray:
        """Map physical units to [-1, 1]; values outside the bounds are clipped.

        Args:
            physical: shape (dim,), in the units of ``fields``.

        Returns:
            Shape (dim,).
        """
        scaled = 2.0 * (physical - self.low) / (self.high - self.low) - 1.0
        return np.clip(scaled, -1.0, 1.0)

    def describe(self) -> list[dict[str, str | float]]:
        """Return the fields as plain data, to travel with datasets and checkpoints."""
        return [asdict(field) for field in self.fields]


def _wrist_pose_fields(side: str) -> tuple[Field, ...]:
    low, high = (-0.3, -0.8, 0.3), (0.8, 0.8, 1.5)
    position = tuple(
        Field(f"{side}_wrist_{axis}", "m", low[i], high[i], "stance")
        for i, axis in enumerate("xyz")
    )
    rotation = tuple(
        Field(f"{side}_wrist_rotation_{axis}", "rad", -np.pi, np.pi, "stance") for axis in "xyz"
    )
    return position + rotation


def _grip_field(side: str) -> Field:
    return Field(f"{side}_grip", "1", 0.0, 1.0)


_BASE_FIELDS = (
    Field("base_velocity_x", "m/s", -0.5, 0.5, "stance"),
    Field("base_velocity_y", "m/s", -0.3, 0.3, "stance"),
    Field("base_velocity_yaw", "rad/s", -1.0, 1.0, "stance"),
    Field("pelvis_height", "m", 0.50, 0.78, "stance"),
)

_END_EFFECTOR_FIELDS = (
    *_wrist_pose_fields("left"),
    _grip_field("left"),
    *_wrist_pose_fields("right"),
    _grip_field("right"),
    *_BASE_FIELDS,
)

_RIGHT_ARM_FIELDS = (
    *(Field(f"right_wrist_delta_{axis}", "m", -0.05, 0.05, "stance") for axis in "xyz"),
    *(
        Field(f"right_wrist_delta_{axis}", "rad", -0.25, 0.25, "stance")
        for axis in ("roll", "pitch", "yaw")
    ),
    _grip_field("right"),
)

ARM_JOINTS = (
    "shoulder_pitch",
    "shoulder_roll",
    "shoulder_yaw",
    "elbow",
    "wrist_roll",
    "wrist_pitch",
    "wrist_yaw",
)
WAIST_JOINTS = ("waist_yaw_joint", "waist_roll_joint", "waist_pitch_joint")


def arm_joint_names(side: str) -> tuple[str, ...]:
    """Return the seven joint names of one arm, shoulder first."""
    return tuple(f"{side}_{joint}_joint" for joint in ARM_JOINTS)


def action_spec(control_mode: str, joint_ranges: Mapping[str, tuple[float, float]]) -> ActionSpec:
    """Return the action description of a control mode.

    Args:
        control_mode: one of `CONTROL_MODES`.
        joint_ranges: joint name to (low, high) [rad], in the robot's joint order.

    Raises:
        ValueError: if the control mode is unknown; the message lists the valid ones.
    """

    def joints(names: tuple[str, ...]) -> tuple[Field, ...]:
        return tuple(Field(name, "rad", *joint_ranges[name]) for name in names)

    match control_mode:
        case "end_effector":
            return ActionSpec("end_effector", _END_EFFECTOR_FIELDS)
        case "right_arm":
            return ActionSpec("right_arm", _RIGHT_ARM_FIELDS)
        case "arm_joints":
            fields = (
                *joints(arm_joint_names("left")),
                *joints(arm_joint_names("right")),
                _grip_field("left"),
                _grip_field("right"),
                *joints(WAIST_JOINTS),
                *_BASE_FIELDS,
            )
            return ActionSpec("arm_joints", fields)
        case "joints":
            return ActionSpec("joints", joints(tuple(joint_ranges)))
        case _:
            raise ValueError(
                f"Unknown control mode {control_mode!r}; choose one of {', '.join(CONTROL_MODES)}."
            )


def state_fields(joint_names: tuple[str, ...]) -> tuple[Field, ...]:
    """Return the description of the proprioceptive ``state`` observation, entry by entry.

    It holds what the real robot can sense about itself, and nothing about the world. The bounds are
    those of its sensors, far beyond any healthy motion; readings saturate there.

    Args:
        joint_names: the robot's joints, in order.
    """
    wrists = tuple(field for side in SIDES for field in _wrist_pose_fields(side))
    limits = {"m": 5.0, "rad": TWO_PI}
    return (
        *(Field(f"{name}_position", "rad", -TWO_PI, TWO_PI) for name in joint_names),
        *(Field(f"{name}_velocity", "rad/s", -100.0, 100.0) for name in joint_names),
        *(Field(f"gravity_{axis}", "1", -1.0, 1.0, "pelvis") for axis in "xyz"),
        *(Field(f"angular_velocity_{axis}", "rad/s", -100.0, 100.0, "pelvis") for axis in "xyz"),
        *(Field(f.name, f.unit, -limits[f.unit], limits[f.unit], f.frame) for f in wrists),
        Field("pelvis_height", "m", -1.0, 3.0, "stance"),
        *(Field(f"{side}_foot_force", "N", -5000.0, 5000.0) for side in SIDES),
        *(Field(f"{side}_grip_command", "1", 0.0, 1.0) for side in SIDES),
    )


@dataclass(frozen=True)
class Pose:
    """Position [m], shape (3,), and unit quaternion (w, x, y, z), shape (4,), world frame."""

    position: FloatArray
    quat_wxyz: FloatArray


@dataclass(frozen=True)
class Twist:
    """Linear [m/s] and angular [rad/s] velocity of a body's origin, shape (3,), world frame."""

    linear: FloatArray
    angular: FloatArray


@dataclass(frozen=True)
class RigidBodyState:
    """Pose and twist of a rigid body."""

    pose: Pose
    twist: Twist


@dataclass(frozen=True)
class RobotState:
    """The robot as an engine reports it.

    Args:
        base: pose and twist of the pelvis.
        joint_positions: [rad], shape (n_joints,), in the order of `JOINT_NAMES`.
        joint_velocities: [rad/s], likewise.
        foot_wrenches: per side, force [N] and torque [N m] that the ground exerts on the foot,
            about the sole's origin, world frame, shape (6,), force first.
        links: pose of each link named in `REPORTED_LINKS`.
    """

    base: RigidBodyState
    joint_positions: FloatArray
    joint_velocities: FloatArray
    foot_wrenches: Mapping[str, FloatArray]
    links: Mapping[str, Pose]


REPORTED_LINKS = (
    "pelvis",
    "torso_link",
    "left_wrist_yaw_link",
    "right_wrist_yaw_link",
    "left_ankle_roll_link",
    "right_ankle_roll_link",
)
"""Links whose poses every engine reports in `RobotState.links`."""


@dataclass(frozen=True)
class FixtureState:
    """A drawer, door, button or knob: a casing that is fixed to the world and one moving part.

    Args:
        pose: of the casing; it does not change.
        position: of the joint on which the part moves, [m] or [rad]; 0 is shut or at rest.
        velocity: of the joint, [m/s] or [rad/s].
    """

    pose: Pose
    position: float
    velocity: float


@dataclass(frozen=True)
class WorldState:
    """Everything that a task may judge by.

    Args:
        time: since reset [s].
        robot: the robot.
        objects: every free body of the scene, by name.
        fixtures: every fixture of the scene, by name.
    """

    time: float
    robot: RobotState
    objects: Mapping[str, RigidBodyState]
    fixtures: Mapping[str, FixtureState] = field(default_factory=dict)


@dataclass(frozen=True)
class JointCommand:
    """What the real robot's motors take; each shape (n_joints,), in the order of `JOINT_NAMES`.

    The motor's torque is ``kp (position - q) + kd (velocity - dq) + torque``, held within its
    effort limit by the engine.
    """

    position: FloatArray
    velocity: FloatArray
    kp: FloatArray
    kd: FloatArray
    torque: FloatArray
