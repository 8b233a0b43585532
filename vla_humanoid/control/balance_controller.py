"""The balance layer: keeps the robot on its feet while it stands, walks and follows a target."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vla_humanoid.assets.postures import READY_PELVIS_POSITION
from vla_humanoid.control.arms import Arms
from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.balance_correction import BalanceCorrection
from vla_humanoid.control.balance_monitor import BalanceMonitor
from vla_humanoid.control.balance_state import BalanceState
from vla_humanoid.control.com_feedback import ComFeedback
from vla_humanoid.control.fallback import Danger, Fallback, FallbackSupervisor, crouched, danger_of
from vla_humanoid.control.feet import Feet, loads
from vla_humanoid.control.footprints import Footprint, Footprints
from vla_humanoid.control.footsteps import Footstep, turned
from vla_humanoid.control.gait import Gait, GaitInput, GaitReference, Phase, footstep_of
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.control.interventions import Interventions
from vla_humanoid.control.knee_limit import KneeLimit
from vla_humanoid.control.low_bars import LowBars
from vla_humanoid.control.motor_commands import MotorCommands
from vla_humanoid.control.posture import Posture
from vla_humanoid.control.robot_model import GRAVITY, RobotModel
from vla_humanoid.control.safety_filter import SafetyFilter, WalkForecast
from vla_humanoid.control.self_collision import SelfCollisionGuard
from vla_humanoid.control.sit_down import SitDown, SitPhase, SitSituation
from vla_humanoid.control.stance_motion import StanceMotion
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget, stance_of
from vla_humanoid.control.trunk import Trunk
from vla_humanoid.control.whole_body_qp import QpSolution, Task, WholeBodyQp
from vla_humanoid.control.yielding_qp import YieldingQp
from vla_humanoid.schema import SIDES, FloatArray, JointCommand, RobotState

_GUARD_PERIOD = 3
"""Ticks between two looks at how close links are: looking is a quarter of a tick's work."""


class BalanceController:
    """Keeps the ZMP within the support of the feet while the robot follows a target.

    The body leans and bends its knees to reach because the wrists weigh more than the posture. It
    walks where the target has a base velocity, and steps where a push leaves it no other way.
    Whatever is asked of it before the first `reset` raises a RuntimeError.
    """

    def __init__(self, config: BalanceConfig | None = None) -> None:
        self.config = config or BalanceConfig()
        self.model = RobotModel()
        self._qp = WholeBodyQp(self.model, self.config.qp)
        self._feet = Feet(self.config.feet)
        self._guard = SelfCollisionGuard(self.model, self.config.self_collision)
        self._knees = KneeLimit(self.model, self.config.min_knee, self.config.knee_rate)
        self._motors = MotorCommands(self.config.motors)
        self._footprints, self._bars = Footprints(), LowBars()
        self._has_robot = False

    def _require_reset(self) -> None:
        if not self._has_robot:
            raise RuntimeError("Call reset(state) first: the controller has taken over no robot.")

    def reset(self, state: RobotState) -> WholeBodyTarget:
        """Take over a robot and return the target that keeps it as it is.

        One that does not stand is not made to: a robot that sits or lies is left as it is and its
        motors let go, one that squats sits down, one that falls is braked. `fallback_reason` then
        says so.
        """
        config, model = self.config, self.model
        self.interventions = Interventions()
        self._filter = SafetyFilter(config.safety, self.interventions)
        self._fallback = FallbackSupervisor(config.fallback, self.interventions, config.dt)
        model.update(state)
        self._monitor = BalanceMonitor(model, config.dt)
        self._motion = StanceMotion(stance_of(model.soles()))
        self.gait = Gait(config.gait, config.dt, self._bars)
        self.observe(state)
        stance = self.stance
        height = float(model.frame("pelvis").position[2] - stance.origin[2])
        self._trunk = Trunk(config.trunk, height)
        self._arms = Arms(config.arms, model)
        self._posture = Posture(config.posture, model)
        self._grips = dict.fromkeys(SIDES, 0.0)
        self._feedback = self._motors.feedback(model, config.dt)
        self._sit = SitDown(config)
        self._solution = QpSolution(np.zeros(model.nv), model.bias[6:].copy(), {})
        self._program = YieldingQp(self._qp, self.interventions)
        self._com_feedback = ComFeedback(config, model, self._monitor.counted)
        self._walked = False
        self._ticks = 0
        target = WholeBodyTarget(
            wrists={side: self._arms.measured(side, stance) for side in SIDES},
            joints={},
            grips=dict(self._grips),
            base_velocity=np.zeros(3),
            pelvis_height=height,
        )
        self._asked = target
        self._has_robot = True
        self._accept_posture(height)
        self._follow(self.verify_balance_constraints(self._wanted(self._fallback.level)))
        return target

    def _accept_posture(self, height: float) -> None:
        """Fall back at once where the robot does not stand, its pelvis at some height [m]."""
        lost = self._fallback.lost(self._danger(None))
        if lost == "" and height >= self.config.sit.standing_height:
            return
        why = lost or f"its pelvis is {height:.2f} m above its soles"
        self._fallback.demand(f"the robot does not stand: {why}; stand it up and reset again")
        self._sit.take_over(self._sit_situation(lost), self.model.positions)
        self._trunk = self._sit.trunk()

    def set_footprints(self, footprints: Sequence[Footprint]) -> None:
        """Say what stands on the floor, so that velocities lead around it, or over what is low."""
        self._footprints = Footprints(footprints)
        self._bars.set(footprints)

    def set_target(self, target: WholeBodyTarget) -> None:
        """Take a new target, as far as it is safe; references glide to it from where they are.

        A target with numbers that are not finite is not taken; the previous one stays. Numbers out
        of range are brought to the nearest within it. Both are counted.

        Raises:
            ValueError: if a part of the target has not its form, or a joint is unknown.
        """
        self._require_reset()
        self._asked = self._filter.bounded(self._filter.finite(target, self._asked))
        self._follow(self.verify_balance_constraints(self._wanted(self._fallback.level)))

    def follow_steps(self, steps: Sequence[Footstep], terrain: HeightMap | None = None) -> None:
        """Make planned footsteps, such as those of `footstep_planner`, and then stand.

        Args:
            steps: from where the feet stand. Base velocities count for nothing meanwhile.
            terrain: what is known of the ground; None where it goes on as the soles feel it.

        Raises:
            ValueError: if the robot walks or has fallen back, or a step is not finite, or out of
                reach of the one before, the first of them of where the feet stand.
        """
        self._require_reset()
        if self._is_walking:
            raise ValueError("The robot walks; plan and give footsteps while it stands.")
        if why := self._fallback.reason:
            raise ValueError(f"The robot has fallen back: {why}. Give footsteps after that.")
        feet = {side: footstep_of(side, sole) for side, sole in self._soles.items()}
        self.gait.plan.follow(steps, feet)
        self.gait.plan.terrain = terrain

    def sit_down(self, reason: str) -> None:
        """Sit down on the floor for good, from a stand or once a walk has stopped.

        The robot squats with its weight above its feet, touches the floor and relaxes; pushed over
        on the way, it goes down damped. `reset` takes over a robot that stands again.

        Args:
            reason: why, as part of a sentence; reported as that of any other fallback.
        """
        self._require_reset()
        self._fallback.demand(reason)
        self._follow(self.verify_balance_constraints(self._wanted(Fallback.SIT)))

    def verify_balance_constraints(self, target: WholeBodyTarget) -> WholeBodyTarget:
        """Return the nearest target that the robot can follow now; see `SafetyFilter`."""
        walking = self._is_walking or self.gait.plan.is_walk(target.base_velocity)
        return self._filter.verify_balance_constraints(target, walking=walking)

    def _follow(self, target: WholeBodyTarget) -> None:
        self._target = target
        self._posture.set_targets(target.joints)
        self._arms.set_targets(target.wrists, self.stance)

    def observe(self, state: RobotState) -> None:
        """Let `balance` and `stance` describe a state, without any command."""
        self._take_in(state)
        self._monitor.observe(self._soles, state.foot_wrenches, self.gait.contacts)

    def _take_in(self, state: RobotState) -> None:
        self.model.update(state)
        self._loads = loads(state.foot_wrenches)
        self._frames = self.model.frame("pelvis"), self.model.frame("torso_link")
        self._soles = self.model.soles()
        self._motion.rest(stance_of(self._soles))

    def command(self, state: RobotState) -> JointCommand:
        """Return joint commands for the next control period; `balance` then describes ``state``."""
        self._require_reset()
        self._take_in(state)
        self._monitor.advance(self._soles, self.gait.contacts)
        self._monitor.observe(self._soles, state.foot_wrenches, self.gait.contacts)
        if self._sit.is_on_feet:
            reference = self._advance(state)
            self._fall_back(reference)
            if self._sit.is_on_feet:
                self._solve(self._sit.shifted(reference, self.stance))
                return self._motors.command(self._feedback, self._solution.torque, self._grips)
        return self._sit.go_down(self._frames[0], self.model.positions)

    def _fall_back(self, reference: GaitReference) -> None:
        """Decide how far to leave what was asked, and ask for that instead."""
        before = self._fallback.level
        planned = reference.dcm if self._is_walking else None
        danger = self._danger(planned)
        level = self._fallback.update(danger)
        changes = level is not before or self._is_walking is not self._walked
        if level is Fallback.SIT:
            changes |= self._go_on_sitting_down(danger)
        if changes:
            self._walked = self._is_walking
            self._follow(self.verify_balance_constraints(self._wanted(level)))

    def _go_on_sitting_down(self, danger: Danger) -> bool:
        """Return whether another phase of it has begun."""
        before, lost = self._sit.phase, self._fallback.lost(danger)
        if self._sit.update(self._sit_situation(lost)) is before:
            return False
        if self._sit.phase is SitPhase.FALLING:
            self._fallback.fall(lost or "balance was lost on the way down")
        self._trunk = self._sit.trunk()
        return True

    def _danger(self, planned_dcm: FloatArray | None) -> Danger:
        torso, stuck = self._frames[1], self._program.is_infeasible
        return danger_of(
            self._monitor.counted, self._soles, torso, planned_dcm, is_infeasible=stuck
        )

    def _sit_situation(self, lost: str) -> SitSituation:
        pelvis, balance = self._frames[0], self._monitor.counted
        ahead, aside = turned(balance.dcm - self.stance.origin[:2], -self.stance.yaw)
        return SitSituation(
            height=float(pelvis.position[2] - self.stance.origin[2]),
            speed=float(np.linalg.norm(pelvis.velocity[:3])),
            margin=balance.support_margin,
            load=sum(self._loads.values()) / (GRAVITY * self.model.mass),
            direction=math.atan2(aside, ahead),
            has_room=self._sit.has_room(self._footprints, self.stance),
            is_stepping=self._is_walking,
            is_lost=lost != "",
            is_helpless=self._program.is_helpless,
        )

    def _wanted(self, level: Fallback) -> WholeBodyTarget:
        """Return what is asked, less what a fallback forbids."""
        match level:
            case Fallback.NONE:
                return self._asked
            case Fallback.HOLD:
                self.gait.plan.drop()
                return replace(self._asked, base_velocity=np.zeros(3))
            case _:
                self.gait.plan.drop()
                crouch = crouched(self.config.fallback, self._asked, walking=self._is_walking)
                return self._sit.target(crouch)

    def _solve(self, reference: GaitReference) -> None:
        """Find the joint accelerations and torques that serve the references."""
        pelvis, torso = self._frames
        self._motion.follow(
            pelvis, READY_PELVIS_POSITION[0], walking=self._is_walking, dt=self.config.dt
        )
        share = self._yielding_share()
        calm = not self._is_walking and self._fallback.level is Fallback.NONE
        self._com_feedback.update_lean(self._monitor.counted, standing=calm)
        tasks = [
            self._com_feedback.task(reference, self._monitor.counted, walking=self._is_walking),
            *self._trunk.tasks(pelvis, torso, self._motion),
            *self._arms.tasks(self._motion, share),
            *self._foot_tasks(reference),
        ]
        contacts = {side: self._soles[side] for side in reference.contacts}
        feedback = self._feedback.advance(self._solution.acceleration[6:])
        floor = float(self.stance.origin[2])
        if self._ticks % _GUARD_PERIOD == 0:
            self._clear_of_itself = self._guard.limit()
        self._ticks += 1
        limits = [
            self._trunk.limit(pelvis, torso, floor),
            self._clear_of_itself,
            self._knees.limit(),
        ]
        posture = self._posture.task(share)
        self._qp.walking = self._is_walking
        self._solution = self._program.solve(tasks, posture, limits, contacts, feedback)

    @property
    def balance(self) -> BalanceState:
        """The balance of the latest state; its support is what is measured to touch the ground."""
        self._require_reset()
        return self._monitor.measured(self.gait.plan.ground.normal)

    @property
    def correction(self) -> BalanceCorrection:
        """How the latest command answers the state that it was given."""
        return BalanceCorrection(
            current_zmp=self._monitor.counted.zmp,
            planned_zmp=self._com_feedback.planned_zmp,
            desired_zmp=self._com_feedback.desired_zmp,
            com_adjustment=self._com_feedback.com_acceleration,
            joint_adjustments=self._solution.acceleration[6:].copy(),
        )

    @property
    def infeasible_solves(self) -> int:
        """How often no motion has been within all limits since the last reset."""
        return self._program.infeasible_solves

    @property
    def fallback(self) -> Fallback:
        """How far the controller has left what it was told."""
        return self._fallback.level

    @property
    def fallback_reason(self) -> str:
        """Why, as a sentence; empty where it has not."""
        return self._fallback.reason

    @property
    def sit_phase(self) -> SitPhase:
        """How far it has sat down, where that is what it has fallen back to."""
        return self._sit.phase

    @property
    def grips(self) -> dict[str, float]:
        """Per side, the grip that is commanded now: 0 open, 1 closed."""
        return dict(self._grips)

    @property
    def stance(self) -> StanceFrame:
        """The stance frame of the latest state."""
        return self._motion.frame

    @property
    def _is_walking(self) -> bool:
        return self.gait.phase is not Phase.STANDING

    def _advance(self, state: RobotState) -> GaitReference:
        """Move gait and references on by one period."""
        dt, target = self.config.dt, self._target
        counted = self._monitor.counted
        now = GaitInput(self._soles, self._loads, counted.dcm, counted.omega)
        contacts = self.gait.contacts
        reference = self.gait.advance(now, self._velocity_command())
        self._filter.report_dropped(self.gait.plan.dropped_steps)
        if reference.contacts != contacts:
            self._monitor.observe(self._soles, state.foot_wrenches, reference.contacts)
        self._motion.advance(
            reference.midway, reference.midway_velocity, standing=not self._is_walking, dt=dt
        )
        pace = self._pace(reference)
        self._arms.advance(dt, pace)
        self._posture.advance(dt, pace)
        self._trunk.advance(target.pelvis_height, dt, walking=self._is_walking)
        step = self.config.motors.grip_rate * dt
        for side in SIDES:
            self._grips[side] += min(max(target.grips[side] - self._grips[side], -step), step)
        return reference

    def _velocity_command(self) -> FloatArray:
        """Return the velocity to walk: what is asked, within limits and clear of obstacles."""
        command = self._target.base_velocity
        if not self.gait.plan.is_walk(command):
            self.interventions.end("velocity_limited")
            self.interventions.end("obstacle_ahead")
            self.interventions.end("walk_slowed")
            return command
        limited = self.gait.plan.within_limits(command)
        self._filter.report_limit(command, limited)
        caught = self._filter.sustainable_velocity(limited, self.gait.predicted_miss)
        return self._filter.clear_velocity(caught, self.stance, self._footprints)

    def _pace(self, reference: GaitReference) -> float:
        """Return the share of their speed at which the arms may move."""
        if self._fallback.level is Fallback.HOLD:
            return 0.0
        walk = WalkForecast(reference.dcm, self.gait.predicted_miss) if self._is_walking else None
        return self._filter.pace(self._monitor.counted, walk)

    def _foot_tasks(self, reference: GaitReference) -> list[Task]:
        tasks = [self._feet.hold(self._soles[side]) for side in reference.contacts]
        swing = self.gait.swing
        if swing is not None:
            sole = self._soles[self.gait.swing_side]
            tasks.append(self._feet.swing(sole, swing, self.gait.plan.ground.normal))
        return tasks

    def _yielding_share(self) -> float:
        """Return the share of their weight that the arms keep while balance is at stake."""
        if self._is_walking:
            return self.config.walking_share
        low, high = self.config.yield_margins
        return min(max((self._monitor.counted.support_margin - low) / (high - low), 0.01), 1.0)
