"""Sitting down: squat, touch the floor, relax; and going down damped when that is not possible."""

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.footprints import Footprints
from vla_humanoid.control.footsteps import turned
from vla_humanoid.control.gait import GaitReference
from vla_humanoid.control.references import JointReferences
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.sitting import SEAT, SQUAT, fall_posture, seat_at, soft_command
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget
from vla_humanoid.control.trunk import Trunk
from vla_humanoid.schema import FloatArray, JointCommand


class SitPhase(Enum):
    """How far the robot has sat down."""

    UPRIGHT = "upright"
    """It is on its feet, and crouches once both of them bear it."""
    MAKING_ROOM = "making room"
    """It steps back from what stands before it, where its knees would go."""
    SQUATTING = "squatting"
    """Its pelvis sinks while the centre of mass stays above the feet."""
    SEATED = "seated"
    """Its bottom is on the floor or just above; the joints move to the seated posture."""
    RELAXING = "relaxing"
    """It sits or lies still; the motors let go."""
    FALLING = "falling"
    """Nothing keeps it up: it folds the way it falls, and brakes."""


@dataclass(frozen=True)
class SitSituation:
    """What the phases are decided by; all of it is measured.

    Args:
        height: of the pelvis above the soles [m].
        speed: of the pelvis [m/s].
        margin: of support [m].
        load: on the feet, as a share of the robot's weight.
        direction: of the DCM from between the feet, from straight ahead to the left [rad].
        has_room: whether knees and hands have room ahead, or there is none to step back to.
        is_stepping: whether a foot is in the air or about to be.
        is_lost: whether no step can save the robot.
        is_helpless: whether the whole-body program has no solution even without the limits of trunk
            and self-collision.
    """

    height: float
    speed: float
    margin: float
    load: float
    direction: float
    has_room: bool
    is_stepping: bool
    is_lost: bool
    is_helpless: bool


class SitDown:
    """Takes the robot from its feet to the floor, phase by phase.

    Args:
        config: of the controller.
    """

    def __init__(self, config: BalanceConfig) -> None:
        self._config = config.sit
        self._trunk_config = config.trunk
        self._dt = config.dt
        self.phase = SitPhase.UPRIGHT
        self._still = self._helpless = self._waiting = 0.0
        self._height = 0.0
        self._share = 1.0
        self._posture = SEAT
        self._references: JointReferences | None = None

    @property
    def is_on_feet(self) -> bool:
        """Whether the feet still bear and balance the robot."""
        return self.phase in (SitPhase.UPRIGHT, SitPhase.MAKING_ROOM, SitPhase.SQUATTING)

    def take_over(self, now: SitSituation, positions: FloatArray) -> None:
        """Begin with a robot that does not stand.

        Args:
            now: as measured.
            positions: of the joints [rad], shape (29,).
        """
        config, self._height = self._config, now.height
        if now.is_lost and now.height >= config.standing_height:
            self.phase, self._posture = SitPhase.FALLING, fall_posture(now.direction)
        elif now.margin > config.least_margin and now.load > config.unloaded:
            self.phase = SitPhase.SQUATTING
        else:  # It sits or lies, and nothing is to be moved.
            self.phase, self._posture = SitPhase.RELAXING, seat_at(positions)

    def has_room(self, footprints: Footprints, stance: StanceFrame) -> bool:
        """Tell whether a squat has room ahead, or there is none to step back to.

        Args:
            footprints: of what stands on the floor.
            stance: where the robot stands.
        """
        config = self._config
        reach = stance.rotation[:2, 0] * config.reach
        ahead = footprints.clearance(stance.origin[:2] + reach)
        behind = footprints.clearance(stance.origin[:2] - reach)
        return ahead > config.reach or behind < config.reach

    def update(self, now: SitSituation) -> SitPhase:
        """Go on to the phase that a robot on its feet is in, and return it."""
        config = self._config
        self._height = now.height
        self._still = self._still + self._dt if now.speed < config.still_speed else 0.0
        self._helpless = self._helpless + self._dt if now.is_helpless else 0.0
        is_lost = now.is_lost or self._helpless > config.lost_after
        self._waiting += self._dt
        has_room = now.has_room or self._waiting > config.patience
        match self.phase:
            case SitPhase.UPRIGHT | SitPhase.MAKING_ROOM:
                if is_lost:
                    self.phase = SitPhase.FALLING
                elif not has_room and now.height < config.retreat_height:
                    self.phase = SitPhase.MAKING_ROOM
                elif self._may_squat(now, has_room=has_room):
                    self._still = 0.0
                    self.phase = SitPhase.SQUATTING
                else:
                    self.phase = SitPhase.UPRIGHT
            case SitPhase.SQUATTING:
                self.phase = self._next_of_squat(now, is_lost=is_lost)
            case _:
                raise RuntimeError(f"A robot that is {self.phase.value} is not on its feet.")
        if self.phase is SitPhase.FALLING:
            self._still = 0.0
            self._posture = fall_posture(now.direction)
        return self.phase

    def _may_squat(self, now: SitSituation, *, has_room: bool) -> bool:
        config = self._config
        # Straight legs would let the trunk lean back instead of the knees bend.
        is_low = now.height < config.squat_height or self._waiting > config.patience
        is_ready = has_room and not now.is_stepping
        return is_low and is_ready and now.margin > config.least_margin

    def _next_of_squat(self, now: SitSituation, *, is_lost: bool) -> SitPhase:
        config = self._config
        if now.height < config.low_height:
            bears = now.load > config.unloaded and not now.is_stepping
            rests = self._still > config.still_time
            return SitPhase.SQUATTING if bears and not rests else SitPhase.SEATED
        if is_lost:
            return SitPhase.FALLING
        if self._still > config.held_up_time:
            return SitPhase.SEATED
        if now.is_stepping:
            return SitPhase.UPRIGHT if now.height > config.step_height else SitPhase.FALLING
        return SitPhase.SQUATTING

    def go_down(self, pelvis: FrameMotion, positions: FloatArray) -> JointCommand:
        """Return the command for a robot that is not on its feet any more, and move on.

        Args:
            pelvis: its frame.
            positions: of the joints [rad], shape (29,).
        """
        config, goal = self._config, self._goal(positions)
        speed = float(np.linalg.norm(pelvis.velocity[:3]))
        self._still = self._still + self._dt if speed < config.still_speed else 0.0
        away = np.abs(self._posture.positions - goal).max()
        if self._still > config.still_time and away < config.arrived:
            self.phase = SitPhase.RELAXING
        if self.phase is SitPhase.RELAXING:
            self._share = max(self._share - self._dt / config.relax_time, 0.0)
        return soft_command(self._posture, goal, self._share)

    def _goal(self, positions: FloatArray) -> FloatArray:
        """Return where the joints are drawn to: to a seat gently, in a fall at once."""
        if self._posture is not SEAT:
            return self._posture.positions
        if self._references is None:
            self._references = JointReferences(positions, self._config.folding)
        self._references.advance(SEAT.positions, self._dt)
        return self._references.positions

    def target(self, upright: WholeBodyTarget) -> WholeBodyTarget:
        """Return what the whole body should do: what it does upright, step back, or squat."""
        config = self._config
        if self.phase is SitPhase.MAKING_ROOM:
            return replace(upright, base_velocity=np.array([-config.retreat_speed, 0.0, 0.0]))
        if self.phase is not SitPhase.SQUATTING:
            return upright
        return replace(upright, wrists={}, joints=SQUAT, pelvis_height=config.bottom_height)

    def trunk(self) -> Trunk:
        """Return tasks and limits of the trunk that begin at the present height."""
        if self.phase is not SitPhase.SQUATTING:
            return Trunk(self._trunk_config, self._height)
        config = self._config
        squatting = replace(
            self._trunk_config,
            height_weight=config.height_weight,
            height_limits=config.lowering,
            torso_weight=config.torso_weight,
            pelvis_weight=config.pelvis_weight,
            max_tilt=config.max_tilt,
            min_height=0.0,
        )
        return Trunk(squatting, self._height)

    def shifted(self, reference: GaitReference, stance: StanceFrame) -> GaitReference:
        """Let the weight move towards the heels as the pelvis sinks."""
        config = self._config
        if self.phase is not SitPhase.SQUATTING:
            return reference
        high, low = config.shift_heights
        share = min(max((high - self._height) / (high - low), 0.0), 1.0)
        back = turned(np.array([-config.heel_shift * share, 0.0]), stance.yaw)
        return replace(reference, zmp=reference.zmp + back, dcm=reference.dcm + back)
