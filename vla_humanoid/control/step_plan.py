"""The coming footsteps, from a velocity or from a list, and the ZMP that leads over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from vla_humanoid.control.footholds import NoFoothold
from vla_humanoid.control.footstep_velocity import attainable_velocity, step_for_velocity
from vla_humanoid.control.footsteps import OUTWARD, Footstep, turned, wrapped
from vla_humanoid.control.gait_config import GaitConfig
from vla_humanoid.control.ground_estimate import GroundEstimate
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.control.low_bars import LowBars
from vla_humanoid.control.zmp_plan import ZmpSegment, bounded_dcm
from vla_humanoid.schema import OTHER_SIDE, FloatArray

_STILL = 5e-4
"""A support foot that moves or turns by less needs no new plan [m], [rad]."""
_ASTRAY, _TWISTED = 0.04, 0.2
"""A given step may be so far beyond reach from where the support foot came down [m], [rad]."""


@dataclass(frozen=True)
class PlannedSteps:
    """The steps from one support foot on.

    Args:
        steps: in order, beginning with the other foot; at least one.
        segments: how the ZMP moves from the moment when the first of them lands.
    """

    steps: list[Footstep]
    segments: list[ZmpSegment]

    def dcm_at_landing(self, omega: float) -> FloatArray:
        """Return the DCM at the moment when the first step lands [m], shape (2,)."""
        return bounded_dcm(self.segments, omega)[0]


class StepPlan:
    """Plans footsteps; what is asked of it may change between any two steps.

    Args:
        config: timing and reach of the steps.
        dt: period of the controller [s].
        bars: to step over.
    """

    def __init__(self, config: GaitConfig, dt: float, bars: LowBars | None = None) -> None:
        self._config = config
        self.bars = LowBars() if bars is None else bars
        """What velocities step over, and never on."""
        self._dt = dt
        self.velocity = np.zeros(3)
        """Walked now: vx, vy [m/s] and yaw rate [rad/s], shape (3,)."""
        self.queue: list[Footstep] = []
        """Steps that were given one by one."""
        self.terrain: HeightMap | None = None
        """What is known of the ground; without it, it goes on as the soles feel it."""
        self.missing_footholds = 0
        """How many steps were made on the spot because the ground took none."""
        self.dropped_steps = 0
        """How many given steps were not made: one was out of reach, or a fallback forbade them."""
        self.ground = GroundEstimate()
        self._kept: tuple[FloatArray, PlannedSteps] | None = None
        self._asked = self._limited = np.zeros(3)

    @property
    def latest(self) -> tuple[Footstep, ...]:
        """The steps that were planned last, the next one first; empty before the first walk."""
        return () if self._kept is None else tuple(self._kept[1].steps)

    @property
    def wants_to_walk(self) -> bool:
        """Whether there are steps to make."""
        return bool(self.queue) or self.is_walk(self.velocity)

    def is_walk(self, command: FloatArray) -> bool:
        """Tell whether a velocity command is fast enough to walk."""
        pairs = zip(command.tolist(), self._config.slowest, strict=True)
        return any(abs(value) >= slowest for value, slowest in pairs)

    def within_limits(self, command: FloatArray) -> FloatArray:
        """Return a velocity command, slowed down where it is more than can be walked.

        It keeps within the ellipsoid of the fastest velocities and its steps within reach. A
        command that does is returned itself.
        """
        if not np.array_equal(command, self._asked):
            self._asked, self._limited = command.copy(), self._limit(command).copy()
        return command if np.array_equal(self._limited, command) else self._limited

    def _limit(self, command: FloatArray) -> FloatArray:
        config = self._config
        ahead, back, aside, turn = config.fastest
        share = command / (ahead if command[0] > 0.0 else back, aside, turn)
        excess = float(np.sqrt(share @ share))
        limited = command if excess <= 1.0 + 1e-9 else command / excess
        return attainable_velocity(limited, config.period, config.reach)

    def approach(self, command: FloatArray) -> None:
        """Let the velocity that is walked glide to a command, within what can be walked."""
        if not (self.velocity.any() or self.is_walk(command)):
            return
        step = np.array(self._config.acceleration) * self._dt
        wanted = self.within_limits(command) if self.is_walk(command) else np.zeros(3)
        self.velocity = self.velocity + np.clip(wanted - self.velocity, -step, step)

    def follow(self, steps: Sequence[Footstep], feet: Mapping[str, Footstep] | None = None) -> None:
        """Make these steps, one foot after the other, and then stand.

        Args:
            steps: in order.
            feet: where both stand, by side; None leaves unchecked where the steps begin.

        Raises:
            ValueError: if a step is of no foot or not finite, two in a row are of the same foot, or
                one is beyond reach from the one before, or the first from the foot that stands.
        """
        for i, step in enumerate(steps):
            _require_form(i, step)
        for i, (support, step) in enumerate(pairwise(steps), start=1):
            if support.side == step.side:
                raise ValueError(
                    f"Steps {i - 1} and {i} are both of the {step.side} foot; feet take turns."
                )
            if not self._config.reach.allows(support, step):
                raise ValueError(
                    f"Step {i} to {step.position.round(3)} is beyond reach from step {i - 1} at "
                    f"{support.position.round(3)}; put more steps between them."
                )
        if feet and steps and self._is_far(support := feet[OTHER_SIDE[steps[0].side]], steps[0]):
            raise ValueError(
                f"The first step, of the {steps[0].side} foot to {steps[0].position.round(3)} and "
                f"yaw {steps[0].yaw:.2f}, is beyond reach from the {support.side} foot at "
                f"{support.position.round(3)}, yaw {support.yaw:.2f}; plan from where the feet "
                "stand."
            )
        self.queue = list(steps)
        self._kept = None

    def drop(self) -> None:
        """Give up the given steps, and what is known of the ground under them."""
        self.dropped_steps += len(self.queue)
        self.queue.clear()
        self.terrain = None

    def commit(self, support: Footstep) -> None:
        """Drop the given steps if the next cannot be made from where the support foot really is.

        Args:
            support: the foot that bears the weight while the other is lifted or has landed.
        """
        if self._is_next(support) and self._is_far(support, self.queue[0]):
            self.drop()

    def made(self, side: str) -> None:
        """Take note that a foot has landed."""
        if self.queue and self.queue[0].side == side:
            self.queue.pop(0)
            if not self.queue:
                self.terrain = None  # It was that of the given steps; walks go beyond its edges.

    def upcoming(self, support: Footstep, *, last: bool) -> PlannedSteps:
        """Return the next steps.

        Args:
            support: the foot that bears the weight.
            last: whether the next step is the last, after which the robot stands.
        """
        key = np.array([*support.position, support.yaw, *self.velocity, len(self.queue), last])
        if self._kept is not None and np.abs(key - self._kept[0]).max() <= _STILL:
            return self._kept[1]
        steps = self._steps(support, 1 if last else self._config.steps_ahead)
        planned = PlannedSteps(steps, self._segments(support, steps))
        self._kept = key, planned
        return planned

    def landing(self, position: FloatArray, planned: Footstep) -> Footstep:
        """Return a step that lands elsewhere than planned: on the ground there, beside any bar.

        Args:
            position: of the landing [m], shape (2,).
            planned: the step as it was planned.
        """
        x, y = self.bars.landing(position, planned)
        height = self.ground.height_at(np.array([x, y]), planned.position)
        return replace(planned, position=np.array([x, y, height]))

    def zmp_of(self, step: Footstep) -> FloatArray:
        """Return where the ZMP should rest while a foot alone bears the weight [m], shape (2,)."""
        config = self._config
        point = np.array([config.zmp_ahead, -OUTWARD[step.side] * config.zmp_inward])
        return step.position[:2] + turned(point, step.yaw)

    def _steps(self, support: Footstep, count: int) -> list[Footstep]:
        follows = self._is_next(support) and not self._is_far(support, self.queue[0])
        steps = self.queue[:count] if follows else []
        while len(steps) < count:
            steps.append(self._step_from(steps[-1] if steps else support))
        return steps

    def _is_next(self, support: Footstep) -> bool:
        return bool(self.queue) and self.queue[0].side != support.side

    def _is_far(self, support: Footstep, step: Footstep) -> bool:
        """Tell whether a step cannot be made from where the support foot really is."""
        reach = self._config.reach
        nearest = reach.nearest(support, step.position, step.side)
        away = float(np.hypot(*(nearest - step.position[:2])))
        rise = abs(float(step.position[2] - support.position[2])) - reach.height
        outward = OUTWARD[step.side] * wrapped(step.yaw - support.yaw)
        twist = max(outward - reach.turn_out, -outward - reach.turn_in)
        return max(away, rise) > _ASTRAY or twist > _TWISTED

    def _step_from(self, support: Footstep) -> Footstep:
        """Return the next step of the velocity that is walked, or one on the spot."""
        config = self._config
        period, reach = config.period, config.reach
        velocity = np.zeros(3) if self.queue else self.velocity
        try:
            step = step_for_velocity(support, velocity, period, reach, ground=self.terrain)
        except NoFoothold:
            self.missing_footholds += 1
            step = step_for_velocity(support, np.zeros(3), period, reach)
        if self.terrain is not None:
            return step
        if self.bars:
            step = self.bars.cleared(support, step, reach)
        height = self.ground.height_at(step.position, support.position)
        return replace(step, position=np.array([*step.position[:2], height]))

    def _segments(self, support: Footstep, steps: list[Footstep]) -> list[ZmpSegment]:
        config, segments = self._config, []
        zmp = self.zmp_of(support)
        for start, (step, after) in zip([support, *steps], pairwise(steps), strict=False):
            following = self.zmp_of(step)
            swing = config.swing_time(self.bars.height_between(start, after))
            segments.append(ZmpSegment(config.double_support, zmp, following))
            segments.append(ZmpSegment(swing, following, following))
            zmp = following
        before = steps[-2] if len(steps) > 1 else support
        middle = 0.5 * (self.zmp_of(before) + self.zmp_of(steps[-1]))
        segments.append(ZmpSegment(config.last_double_support, zmp, middle))
        return segments


def _require_form(i: int, step: Footstep) -> None:
    if step.side not in OUTWARD:
        raise ValueError(f"Step {i} is of the foot {step.side!r}; feet are {list(OUTWARD)}.")
    if np.shape(step.position) != (3,) or not np.isfinite([*step.position, step.yaw]).all():
        raise ValueError(
            f"Step {i} is at {step.position}, yaw {step.yaw}; it needs a position x, y, z [m] and "
            "a yaw [rad], all finite."
        )
