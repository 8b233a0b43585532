"""From physical actions of a control mode to whole-body targets, and back."""

from dataclasses import replace
from typing import Protocol

import numpy as np

from vla_humanoid.assets.figures import JOINT_RANGES
from vla_humanoid.control.rotations import quat_multiply, quat_to_rotvec, rotvec_to_quat
from vla_humanoid.control.targets import WholeBodyTarget
from vla_humanoid.schema import (
    SIDES,
    WAIST_JOINTS,
    ActionSpec,
    FloatArray,
    Pose,
    action_spec,
    arm_joint_names,
)


class Decoder(Protocol):
    """Turns the actions of one control mode into targets of the whole body."""

    def reset(self, target: WholeBodyTarget) -> None:
        """Begin an episode at the target that keeps the robot as it stands."""
        ...

    def decode(self, action: FloatArray) -> WholeBodyTarget:
        """Return the target that a physical action, in the units of the mode's spec, means."""
        ...


class EndEffectorDecoder:
    """Mode ``end_effector``: absolute wrist poses, grips, base velocity and pelvis height."""

    def reset(self, target: WholeBodyTarget) -> None:
        """Do nothing: every action is complete in itself."""

    def decode(self, action: FloatArray) -> WholeBodyTarget:
        """Return the target of an action, shape (18,)."""
        wrists, grips = {}, {}
        for i, side in enumerate(SIDES):
            arm = action[7 * i : 7 * i + 7]
            wrists[side] = Pose(arm[:3].copy(), rotvec_to_quat(arm[3:6]))
            grips[side] = float(arm[6])
        return WholeBodyTarget(
            wrists=wrists,
            joints={},
            grips=grips,
            base_velocity=action[14:17].copy(),
            pelvis_height=float(action[17]),
        )

    @staticmethod
    def encode(target: WholeBodyTarget) -> FloatArray:
        """Return the action, shape (18,), that `decode` turns into a target with both wrists."""
        arms = [
            np.concatenate(
                [
                    target.wrists[side].position,
                    quat_to_rotvec(target.wrists[side].quat_wxyz),
                    [target.grips[side]],
                ]
            )
            for side in SIDES
        ]
        return np.concatenate([*arms, target.base_velocity, [target.pelvis_height]])


class ArmJointsDecoder:
    """Mode ``arm_joints``: arm and waist joint positions, grips, base velocity, pelvis height."""

    _JOINTS = (*arm_joint_names("left"), *arm_joint_names("right"))

    def reset(self, target: WholeBodyTarget) -> None:
        """Do nothing: every action is complete in itself."""

    def decode(self, action: FloatArray) -> WholeBodyTarget:
        """Return the target of an action, shape (23,)."""
        joints = dict(zip(self._JOINTS, action[:14].tolist(), strict=True))
        joints |= dict(zip(WAIST_JOINTS, action[16:19].tolist(), strict=True))
        return WholeBodyTarget(
            wrists={},
            joints=joints,
            grips=dict(zip(SIDES, action[14:16].tolist(), strict=True)),
            base_velocity=action[19:22].copy(),
            pelvis_height=float(action[22]),
        )


class RightArmDecoder:
    """Mode ``right_arm``: steps of the right wrist and its grip; the rest of the body stays.

    A step is added to the wrist's previous target, so that errors of the arm do not add up.
    """

    def __init__(self) -> None:
        spec = action_spec("end_effector", JOINT_RANGES)
        names = [field.name for field in spec.fields]
        rows = [names.index(f"right_wrist_{axis}") for axis in "xyz"]
        self._low, self._high = spec.low[rows], spec.high[rows]

    def reset(self, target: WholeBodyTarget) -> None:
        """Begin an episode at the target that keeps the robot as it stands."""
        self._target = target

    def decode(self, action: FloatArray) -> WholeBodyTarget:
        """Return the target of an action, shape (7,)."""
        wrist = self._target.wrists["right"]
        moved = Pose(
            np.clip(wrist.position + action[:3], self._low, self._high),
            quat_multiply(rotvec_to_quat(action[3:6]), wrist.quat_wxyz),
        )
        self._target = replace(
            self._target,
            wrists={**self._target.wrists, "right": moved},
            grips={**self._target.grips, "right": float(action[6])},
        )
        return self._target


def make_decoder(spec: ActionSpec) -> Decoder:
    """Return the decoder of a control mode that the balance layer carries out.

    Raises:
        ValueError: for the mode ``joints``, which goes to the motors directly.
    """
    match spec.control_mode:
        case "end_effector":
            return EndEffectorDecoder()
        case "arm_joints":
            return ArmJointsDecoder()
        case "right_arm":
            return RightArmDecoder()
        case _:
            raise ValueError(f"Control mode {spec.control_mode!r} has no whole-body target.")
