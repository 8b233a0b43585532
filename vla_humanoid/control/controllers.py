"""From normalized actions to joint commands, for every control mode."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, g1, is_finger
from vla_humanoid.control.action_guard import ActionGuard
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.control.balance_state import BalanceState, measure_balance, support_polygon
from vla_humanoid.control.decoders import make_decoder
from vla_humanoid.control.fallback import Fallback
from vla_humanoid.control.footprints import Footprint
from vla_humanoid.control.hands import FINGER_KD, FINGER_KP
from vla_humanoid.control.interventions import Interventions
from vla_humanoid.control.measured_support import measured_balance
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.control.sit_down import SitPhase
from vla_humanoid.control.targets import StanceFrame, stance_of
from vla_humanoid.schema import SIDES, ActionSpec, FloatArray, JointCommand, RobotState


@dataclass(frozen=True)
class SafetyReport:
    """What a controller did otherwise than asked since it was reset.

    Args:
        interventions: how often, by reason, and the latest of each kind in words.
        fallback: how far it has left what it was told.
        fallback_reason: why, as a sentence; empty where it has not.
        sit_phase: how far it has sat down; None where it does not.
    """

    interventions: Interventions
    fallback: Fallback
    fallback_reason: str
    sit_phase: SitPhase | None = None


class Controller(Protocol):
    """Drives the robot at the control rate by actions that come at the policy rate."""

    @property
    def balance(self) -> BalanceState:
        """The balance of the latest state."""
        ...

    @property
    def stance(self) -> StanceFrame:
        """The stance frame of the latest state."""
        ...

    @property
    def grips(self) -> dict[str, float]:
        """Per side, the grip that is commanded: 0 open, 1 closed."""
        ...

    @property
    def safety(self) -> SafetyReport:
        """What was done otherwise than asked since the last reset."""
        ...

    def reset(self, state: RobotState) -> None:
        """Take over a robot at the start of an episode."""
        ...

    def set_footprints(self, footprints: Sequence[Footprint]) -> None:
        """Say what stands on the floor around the robot."""
        ...

    def observe(self, state: RobotState) -> None:
        """Let `balance` and `stance` describe a state, without any command."""
        ...

    def set_action(self, action: FloatArray) -> None:
        """Take a normalized action, shape (dim,).

        Entries that are not finite keep their previous value and entries beyond [-1, 1] are
        clipped; `safety` counts both.
        """
        ...

    def command(self, state: RobotState) -> JointCommand:
        """Return joint commands for the next control period."""
        ...


class BalancedController:
    """Any control mode whose targets the balance layer carries out."""

    def __init__(self, spec: ActionSpec) -> None:
        self._spec = spec
        self._decoder = make_decoder(spec)
        self._body = BalanceController()

    @property
    def body(self) -> BalanceController:
        """The balance layer that carries the targets out."""
        return self._body

    @property
    def balance(self) -> BalanceState:
        """The balance of the latest state."""
        return self._body.balance

    @property
    def stance(self) -> StanceFrame:
        """The stance frame of the latest state."""
        return self._body.stance

    @property
    def grips(self) -> dict[str, float]:
        """Per side, the grip that is commanded: 0 open, 1 closed."""
        return self._body.grips

    @property
    def safety(self) -> SafetyReport:
        """What was done otherwise than asked since the last reset."""
        body = self._body
        phase = body.sit_phase if body.fallback is Fallback.SIT else None
        return SafetyReport(body.interventions, body.fallback, body.fallback_reason, phase)

    def set_footprints(self, footprints: Sequence[Footprint]) -> None:
        """Say what stands on the floor, so that no action makes the robot walk into it."""
        self._body.set_footprints(footprints)

    def reset(self, state: RobotState) -> None:
        """Take over a standing robot."""
        self._decoder.reset(self._body.reset(state))
        self._guard = ActionGuard(self._spec, self._body.interventions)

    def observe(self, state: RobotState) -> None:
        """Let `balance` and `stance` describe a state, without any command."""
        self._body.observe(state)

    def set_action(self, action: FloatArray) -> None:
        """Take a normalized action, shape (dim,); what cannot be carried out is changed."""
        safe = self._guard.checked(action)
        if safe is not None:
            self._body.set_target(self._decoder.decode(self._spec.to_physical(safe)))

    def command(self, state: RobotState) -> JointCommand:
        """Return joint commands for the next control period."""
        return self._body.command(state)


_UP = np.array([0.0, 0.0, 1.0])

STIFFNESS_PER_EFFORT = 2.0
"""In mode ``joints``: motor stiffness [N m/rad] per [N m] of its effort limit."""
DAMPING_PER_STIFFNESS = 0.03
"""In mode ``joints``: motor damping [N m s/rad] per [N m/rad]."""


def joint_mode_gains() -> tuple[FloatArray, FloatArray]:
    """Return every motor's stiffness [N m/rad] and damping [N m s/rad] in mode ``joints``.

    Both have shape (43,), in the order of `JOINT_NAMES`.
    """
    fingers = np.array([is_finger(name) for name in JOINT_NAMES])
    stiffness = STIFFNESS_PER_EFFORT * np.array([joint.effort for joint in g1().joints])
    return (
        np.where(fingers, FINGER_KP, stiffness),
        np.where(fingers, FINGER_KD, DAMPING_PER_STIFFNESS * stiffness),
    )


class JointController:
    """Mode ``joints``: every motor holds a position, and nothing keeps the robot on its feet."""

    def __init__(self, spec: ActionSpec) -> None:
        self._spec = spec
        self._model = RobotModel()
        self._kp, self._kd = joint_mode_gains()

    @property
    def balance(self) -> BalanceState:
        """The balance of the latest state, supported by what touches the ground."""
        return measured_balance(self._balance, self._soles, self._wrenches, _UP)

    @property
    def stance(self) -> StanceFrame:
        """The stance frame of the latest state."""
        return self._stance

    @property
    def grips(self) -> dict[str, float]:
        """Zero for both hands: this mode commands fingers one by one."""
        return dict.fromkeys(SIDES, 0.0)

    @property
    def safety(self) -> SafetyReport:
        """What was done otherwise than asked since the last reset."""
        return SafetyReport(self._interventions, Fallback.NONE, "")

    def set_footprints(self, footprints: Sequence[Footprint]) -> None:
        """Do nothing: this mode does not walk."""

    def reset(self, state: RobotState) -> None:
        """Hold the robot where it is."""
        self._interventions = Interventions()
        self._guard = ActionGuard(self._spec, self._interventions)
        self._position = state.joint_positions.copy()
        self.observe(state)

    def set_action(self, action: FloatArray) -> None:
        """Take a normalized action, shape (43,)."""
        safe = self._guard.checked(action)
        if safe is not None:
            self._position = self._spec.to_physical(safe)

    def command(self, state: RobotState) -> JointCommand:
        """Return joint commands for the next control period."""
        self.observe(state)
        zero = np.zeros(len(JOINT_NAMES))
        return JointCommand(self._position, zero, self._kp, self._kd, zero)

    def observe(self, state: RobotState) -> None:
        """Let `balance` and `stance` describe a state, without any command."""
        self._model.update(state)
        self._soles, self._wrenches = self._model.soles(), state.foot_wrenches
        self._stance = stance_of(self._soles)
        support = support_polygon(self._soles)
        self._balance = measure_balance(self._model, self._soles, support, self._wrenches)


def make_controller(spec: ActionSpec) -> Controller:
    """Return the controller of a control mode."""
    return JointController(spec) if spec.control_mode == "joints" else BalancedController(spec)
