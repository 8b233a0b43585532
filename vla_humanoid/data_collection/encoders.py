"""From the expert's whole-body targets to the actions of each control mode."""

from typing import Protocol

import numpy as np

from vla_humanoid.control.arm_ik import ArmIk
from vla_humanoid.control.decoders import EndEffectorDecoder
from vla_humanoid.control.rotations import quat_multiply, rotation_error, rotvec_to_quat
from vla_humanoid.control.targets import WholeBodyTarget
from vla_humanoid.data_collection.skills.body import Body
from vla_humanoid.schema import SIDES, ActionSpec, FloatArray, Pose


class Encoder(Protocol):
    """Expresses whole-body targets in one control mode."""

    @property
    def sides(self) -> tuple[str, ...]:
        """The hands that this mode moves."""
        ...

    @property
    def walks(self) -> bool:
        """Whether this mode commands a base velocity."""
        ...

    def reset(self, body: Body) -> None:
        """Begin an episode with the body as it stands."""
        ...

    def encode(self, body: Body) -> FloatArray:
        """Return the physical action that takes the body towards its target, shape (dim,)."""
        ...


class EndEffectorEncoder:
    """Mode ``end_effector``: the target as it is."""

    sides: tuple[str, ...] = SIDES
    walks = True

    def reset(self, body: Body) -> None:
        """Do nothing: every action is complete in itself."""

    def encode(self, body: Body) -> FloatArray:
        """Return the action, shape (18,)."""
        return EndEffectorDecoder.encode(body.target)


class ArmJointsEncoder:
    """Mode ``arm_joints``: arm and waist joints by inverse kinematics."""

    sides: tuple[str, ...] = SIDES
    walks = True

    def __init__(self, spec: ActionSpec) -> None:
        self._names = [field.name for field in spec.fields]
        self._ik = ArmIk()

    def reset(self, body: Body) -> None:
        """Forget the last episode's solution."""
        self._ik.reset()

    def encode(self, body: Body) -> FloatArray:
        """Return the action, shape (23,)."""
        target = body.target
        values = self._ik.solve(body.robot, body.stance, target.wrists)
        values |= {f"{side}_grip": target.grips[side] for side in SIDES}
        velocity = target.base_velocity.tolist()
        values |= {
            f"base_velocity_{axis}": speed
            for axis, speed in zip(("x", "y", "yaw"), velocity, strict=True)
        }
        values["pelvis_height"] = target.pelvis_height
        return np.array([values[name] for name in self._names])


class RightArmEncoder:
    """Mode ``right_arm``: steps of the right wrist, as large as one action allows."""

    sides: tuple[str, ...] = ("right",)
    walks = False

    def __init__(self, spec: ActionSpec) -> None:
        self._step = float(spec.high[0])
        self._turn = float(spec.high[3])

    def reset(self, body: Body) -> None:
        """Take the wrist's pose as the one that steps are added to."""
        self._commanded = body.target.wrists["right"]

    def encode(self, body: Body) -> FloatArray:
        """Return the action, shape (7,)."""
        target: WholeBodyTarget = body.target
        goal, now = target.wrists["right"], self._commanded
        step = _within(goal.position - now.position, self._step)
        turn = _within(rotation_error(goal.quat_wxyz, now.quat_wxyz), self._turn)
        self._commanded = Pose(
            now.position + step, quat_multiply(rotvec_to_quat(turn), now.quat_wxyz)
        )
        return np.concatenate([step, turn, [target.grips["right"]]])


def make_encoder(spec: ActionSpec) -> Encoder:
    """Return the encoder of a control mode.

    Raises:
        ValueError: for the mode ``joints``, in which nothing balances the robot.
    """
    match spec.control_mode:
        case "end_effector":
            return EndEffectorEncoder()
        case "arm_joints":
            return ArmJointsEncoder(spec)
        case "right_arm":
            return RightArmEncoder(spec)
        case mode:
            raise ValueError(
                f"The expert cannot act in mode {mode!r}, where nothing balances the robot. "
                "Choose end_effector, arm_joints or right_arm."
            )


def _within(vector: FloatArray, limit: float) -> FloatArray:
    """Return a vector shortened to a length where it is longer."""
    norm = float(np.sqrt(vector @ vector))
    return vector * (limit / norm) if norm > limit else vector
