"""The gait: which feet bear the robot, where the next lands, how ZMP and DCM should move."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from vla_humanoid.control.balance_state import Support
from vla_humanoid.control.capture_step import AdaptedStep, StepSituation, adapt_step
from vla_humanoid.control.footstep_velocity import NOMINAL_WIDTH
from vla_humanoid.control.footsteps import Footstep, midway, relative, wrapped
from vla_humanoid.control.gait_config import GaitConfig
from vla_humanoid.control.low_bars import LowBars
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.rotations import yaw_of
from vla_humanoid.control.step_plan import StepPlan
from vla_humanoid.control.support_polygon import SupportPolygon
from vla_humanoid.control.swing import SwingFoot
from vla_humanoid.control.zmp_plan import ZmpSegment, bounded_dcm, dcm_before
from vla_humanoid.schema import OTHER_SIDE, SIDES, FloatArray

_HANDOVER = 0.05
"""A foot that bears all the weight is lifted if the other would miss by so much more [m]."""


class Phase(Enum):
    """What the feet are doing."""

    STANDING = "standing"
    DOUBLE_SUPPORT = "double support"
    SINGLE_SUPPORT = "single support"


@dataclass(frozen=True)
class GaitInput:
    """What the gait is told at every tick.

    Args:
        soles: both, by side.
        loads: normal force that each foot bears [N].
        dcm: measured [m], world frame, shape (2,).
        omega: natural frequency of the pendulum [rad/s].
    """

    soles: Mapping[str, FrameMotion]
    loads: Mapping[str, float]
    dcm: FloatArray
    omega: float


@dataclass(frozen=True)
class GaitReference:
    """What the whole body should do about its feet and its balance now.

    Args:
        contacts: the feet that bear weight.
        zmp: planned [m], world frame, shape (2,).
        dcm: planned [m], world frame, shape (2,).
        midway: x, y, z [m] and yaw [rad] of the frame between the feet, moving evenly while the
            feet move by turns, shape (4,).
        midway_velocity: its rate, shape (4,).
    """

    contacts: tuple[str, ...]
    zmp: FloatArray
    dcm: FloatArray
    midway: FloatArray
    midway_velocity: FloatArray


class Gait:
    """Walks by a velocity command, stands without one, and steps when a push demands it."""

    def __init__(self, config: GaitConfig, dt: float, bars: LowBars | None = None) -> None:
        self._config, self._dt = config, dt
        self._bars = LowBars() if bars is None else bars
        self.reset()

    def reset(self) -> None:
        """Begin with both feet on the ground."""
        self.phase = Phase.STANDING
        self.swing: SwingFoot | None = None
        self.support_side = "left"
        """The foot that bears the weight, or is about to."""
        self.plan = StepPlan(self._config, self._dt, self._bars)
        """The steps to come."""
        self.steps_taken = 0
        self.recovery_steps = 0
        self.predicted_miss = 0.0
        """How far the DCM will be, when the swinging foot lands, from what the plan can go on from;
        of the latest step while both feet are down [m]."""
        self._elapsed = self._duration = 0.0
        self._stopping = False
        self._last_step = False
        self._zmp_start: FloatArray | None = None
        self._midway_start = np.zeros(4)
        self._step_time = 1.0
        # Feet on the ground hardly move: their hulls are kept.
        self._supports: dict[tuple[str, ...], Support] = {
            SIDES: Support(),
            ("left",): Support(),
            ("right",): Support(),
        }

    @property
    def swing_side(self) -> str:
        """The foot that swings, or swings next."""
        return OTHER_SIDE[self.support_side]

    @property
    def contacts(self) -> tuple[str, ...]:
        """The feet that bear weight."""
        return (self.support_side,) if self.phase is Phase.SINGLE_SUPPORT else SIDES

    def advance(self, now: GaitInput, command: FloatArray) -> GaitReference:
        """Move on by one tick.

        Args:
            now: what is measured.
            command: vx, vy [m/s] and yaw rate [rad/s] along the heading of the feet, shape (3,).
        """
        self._feet = {side: footstep_of(side, now.soles[side]) for side in SIDES}
        self._elapsed += self._dt
        self.plan.ground.update([now.soles[side] for side in self.contacts], self._dt)
        self.plan.approach(command)
        match self.phase:
            case Phase.STANDING:
                return self._stand(now)
            case Phase.DOUBLE_SUPPORT:
                return self._shift(now)
            case Phase.SINGLE_SUPPORT:
                return self._swing_foot(now)

    def _stand(self, now: GaitInput) -> GaitReference:
        support = self._support(now, SIDES)
        if support.margin(now.dcm) < -self._config.escape:
            return self._catch(now)
        if self.plan.wants_to_walk:
            return self._start(now)
        self.predicted_miss = 0.0
        midway = self._midway()
        return GaitReference(SIDES, support.center, support.center, midway, np.zeros(4))

    def _start(self, now: GaitInput) -> GaitReference:
        """Shift the weight, so that the first foot can be lifted."""
        plan = self.plan
        sideways = plan.velocity[1] + 0.1 * plan.velocity[2]
        self.support_side = "right" if sideways > 0.0 else "left"
        if plan.queue:
            self.support_side = OTHER_SIDE[plan.queue[0].side]
        self._begin_double_support(self._support(now, SIDES).center, stopping=False)
        self._duration = self._config.first_double_support
        return self._shift(now)

    def _catch(self, now: GaitInput) -> GaitReference:
        """Lift the foot whose step catches the DCM best."""
        self._last_step = False
        self.support_side = min(SIDES, key=lambda side: self._cost_of_catching(side, now))
        self._midway_start = self._midway()
        self._lift(self._config.recovery_swing)
        self._step_time = self._duration
        self.recovery_steps += 1
        return self._swing_foot(now)

    def _cost_of_catching(self, support_side: str, now: GaitInput) -> float:
        """Return how badly a step from a stand on one foot would catch the DCM [m].

        A long way counts a little, and so does the weight that the other foot has to hand over.
        """
        bears = now.loads[OTHER_SIDE[support_side]] / max(sum(now.loads.values()), 1.0)
        support, swing = self._feet[support_side], self._feet[OTHER_SIDE[support_side]]
        planned = self.plan.upcoming(support, last=False)
        duration = self._config.recovery_swing
        after = planned.dcm_at_landing(now.omega)
        swing_xy = swing.position[:2]
        step = self._adapt(now, support, swing_xy, planned.steps[0], after, (0.0, duration))
        way = float(np.hypot(*(step.position - swing_xy)))
        return step.miss + 0.1 * way + _HANDOVER * bears

    def _begin_double_support(self, zmp: FloatArray, *, stopping: bool) -> None:
        self.phase, self.swing = Phase.DOUBLE_SUPPORT, None
        self._elapsed, self._stopping = 0.0, stopping
        # Whether a step is the last shapes its whole motion and cannot be changed on the way.
        self._last_step = len(self.plan.queue) == 1 or not self.plan.wants_to_walk
        config = self._config
        if stopping:
            self._duration = config.last_double_support
        elif not self.plan.wants_to_walk:
            self._duration = config.first_double_support
        else:
            self._duration = config.double_support
        self._zmp_start = zmp
        self._midway_start = self._midway()
        swing = 0.0 if stopping else config.swing_time(self._bar_ahead())
        self._step_time = self._duration + swing

    def _lift(self, duration: float) -> None:
        """Begin to swing the foot that does not support."""
        self.plan.commit(self._feet[self.support_side])
        self.phase = Phase.SINGLE_SUPPORT
        self._elapsed, self._duration = 0.0, duration
        start = self._feet[self.swing_side].pose
        self.swing = SwingFoot(start, self._config.clearance, self._bar_ahead())

    def _bar_ahead(self) -> float:
        """Return the height of the bar that the next swing passes over, or 0 [m]."""
        if not self._bars:
            return 0.0
        planned = self.plan.upcoming(self._feet[self.support_side], last=self._last_step).steps[0]
        return self._bars.height_between(self._feet[self.swing_side], planned)

    def _shift(self, now: GaitInput) -> GaitReference:
        """Both feet on the ground, the weight on its way to the next support."""
        if self._stopping:
            support = self._support(now, SIDES)
            if support.margin(now.dcm) < -self._config.escape:
                return self._catch(now)
            if self._elapsed >= self._duration:
                self.phase = Phase.STANDING
                return self._stand(now)
            if self.plan.wants_to_walk:
                return self._start(now)
        elif self._must_step_at_once(now):
            return self._catch(now)
        elif self._may_lift(now):
            self._lift(self._config.swing_time(self._bar_ahead()))
            return self._swing_foot(now)
        assert self._zmp_start is not None
        remaining = max(self._duration - self._elapsed, 0.0)
        done = min(self._elapsed / self._duration, 1.0)
        if self._stopping:
            goal = self._support(now, SIDES).center
            zmp = self._zmp_start + (goal - self._zmp_start) * done
            dcm = bounded_dcm([ZmpSegment(remaining, zmp, goal)], now.omega)[0]
            return GaitReference(SIDES, zmp, dcm, self._midway(), np.zeros(4))
        support = self._feet[self.support_side]
        planned = self.plan.upcoming(support, last=self._last_step)
        goal = self.plan.zmp_of(support)
        zmp = self._zmp_start + (goal - self._zmp_start) * done
        segments = [
            ZmpSegment(remaining, zmp, goal),
            ZmpSegment(self._config.swing_time(self._bar_ahead()), goal, goal),
            *planned.segments,
        ]
        dcm = bounded_dcm(segments, now.omega)[0]
        return self._reference(SIDES, zmp, dcm, planned.steps[0], self._elapsed)

    def _must_step_at_once(self, now: GaitInput) -> bool:
        """Tell whether the DCM has left both feet, so that it only runs away meanwhile."""
        config = self._config
        lost = -config.lost_margin
        return config.adapts_steps and self._support(now, SIDES).margin(now.dcm) < lost

    def _may_lift(self, now: GaitInput) -> bool:
        """Tell whether the foot that swings next has handed its weight over."""
        if self._elapsed < self._duration:
            return False
        share = now.loads[self.swing_side] / max(sum(now.loads.values()), 1.0)
        return share < self._config.lifting_share or self._elapsed > 2.0 * self._duration

    def _swing_foot(self, now: GaitInput) -> GaitReference:
        swing, config = self.swing, self._config
        assert swing is not None
        if swing.progress > 0.5 and now.loads[self.swing_side] > config.landing_load:
            return self._land(now)
        support, swing_xy = self._feet[self.support_side], swing.position[:2]
        timing = self._elapsed, self._duration
        planned, after = self._planned_step(now.omega)
        step = self._adapt(now, support, swing_xy, planned, after, timing)
        if self._last_step and step.miss > config.last_step_miss:
            # This step cannot stop the robot; one more after it may.
            self._last_step = False
            further, after_it = self._planned_step(now.omega)
            with_more = self._adapt(now, support, swing_xy, further, after_it, timing)
            if with_more.miss < step.miss:
                planned, after, step = further, after_it, with_more
            else:
                self._last_step = True
        self.predicted_miss = step.miss
        self._duration = min(self._duration, self._elapsed + step.remaining)
        remaining = max(self._duration - self._elapsed, 0.0)
        landing = self.plan.landing(step.position, planned)
        shift = landing.position[:2] - planned.position[:2]
        if remaining > 0.0:
            target = np.array(
                [*landing.position, swing.position[3] + wrapped(landing.yaw - swing.position[3])]
            )
            swing.advance(target, remaining, self._dt)
        else:
            swing.descend(config.descent_speed, self._dt)
        zmp = self.plan.zmp_of(self._feet[self.support_side])
        dcm = dcm_before(ZmpSegment(remaining, zmp, zmp), after + shift, now.omega)
        since = self._step_time - remaining
        return self._reference((self.support_side,), zmp, dcm, landing, since)

    def _land(self, now: GaitInput) -> GaitReference:
        """The swinging foot has met the ground: it is the next to bear the weight, or both are."""
        config = self._config
        self.steps_taken += 1
        self.plan.commit(self._feet[self.support_side])
        self.plan.made(self.swing_side)
        zmp = self.plan.zmp_of(self._feet[self.support_side])
        self.support_side = self.swing_side
        support = self._support(now, SIDES)
        caught = support.margin(now.dcm) > config.caught_margin
        stop = not self.plan.wants_to_walk and self._is_square() and caught
        if stop:
            zmp = self._stopping_zmp(support, now)
        self._begin_double_support(zmp, stopping=stop)
        if not caught:
            self._last_step, self._duration = False, config.double_support
        return self._shift(now)

    def _stopping_zmp(self, support: SupportPolygon, now: GaitInput) -> FloatArray:
        """Return the ZMP from which a straight way to the middle brings the DCM there, too.

        The step that just landed need not have been planned as the last: the plan to stop begins
        with the DCM as it is.
        """
        middle = support.center
        still = np.zeros(2)
        unit = ZmpSegment(self._config.last_double_support, np.ones(2), still)
        share = dcm_before(unit, still, now.omega)  # Of the first ZMP in the DCM before it.
        return support.project(middle + (now.dcm - middle) / share, self._config.stopping_margin)

    def _planned_step(self, omega: float) -> tuple[Footstep, FloatArray]:
        """Return where the swinging foot should land, and the DCM at that moment."""
        support = self._feet[self.support_side]
        planned = self.plan.upcoming(support, last=self._last_step)
        return planned.steps[0], planned.dcm_at_landing(omega)

    def _adapt(
        self,
        now: GaitInput,
        support: Footstep,
        swing: FloatArray,
        planned: Footstep,
        after: FloatArray,
        timing: tuple[float, float],
    ) -> AdaptedStep:
        """Return where and when a foot should land that is at ``swing`` now [m].

        ``after`` is the DCM that the plan wants then [m]; ``timing`` tells for how long the foot
        has swung, and should in all [s].
        """
        config, (elapsed, duration) = self._config, timing
        remaining = max(duration - elapsed, 0.0)
        if not config.adapts_steps:
            return AdaptedStep(planned.position[:2], remaining, 0.0)
        return adapt_step(
            StepSituation(
                dcm=now.dcm,
                omega=now.omega,
                support=support,
                sole=self._support(now, (support.side,)),
                planned=planned,
                offset=after - planned.position[:2],
                remaining=remaining,
                shortest=max(config.shortest_swing - elapsed, 0.0),
                reach=config.reach,
                swing=swing,
                speed=config.foot_speed,
            )
        )

    def _reference(
        self,
        contacts: tuple[str, ...],
        zmp: FloatArray,
        dcm: FloatArray,
        landing: Footstep,
        since: float,
    ) -> GaitReference:
        """Complete a reference by the frame between the feet, on its way to the next stance."""
        goal = midway(self._feet[self.support_side], landing)
        way = goal - self._midway_start
        way[3] = wrapped(way[3])
        share = min(max(since / self._step_time, 0.0), 1.0)
        velocity = way / self._step_time
        return GaitReference(contacts, zmp, dcm, self._midway_start + share * way, velocity)

    def _support(self, now: GaitInput, sides: tuple[str, ...]) -> SupportPolygon:
        """Return the hull of some of the soles."""
        return self._supports[sides].update({side: now.soles[side] for side in sides})

    def _midway(self) -> FloatArray:
        return midway(self._feet["left"], self._feet["right"])

    def _is_square(self) -> bool:
        """Tell whether the feet stand side by side."""
        off = relative(self._feet["left"], self._feet["right"]) - np.array(
            [0.0, NOMINAL_WIDTH, 0.0]
        )
        return bool((np.abs(off) < self._config.square).all())


def footstep_of(side: str, sole: FrameMotion) -> Footstep:
    """Return where a sole of the robot model stands."""
    return Footstep(side, sole.position, yaw_of(sole.rotation))
