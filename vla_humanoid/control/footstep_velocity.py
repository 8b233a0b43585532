"""The next footstep of a body that moves with a wanted velocity."""

import math

import numpy as np

from vla_humanoid.control.footholds import NoFoothold, footholds
from vla_humanoid.control.footsteps import (
    OUTWARD,
    Footstep,
    StepReach,
    turned,
    wrapped,
)
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.schema import OTHER_SIDE, FloatArray

NOMINAL_WIDTH = 0.2373
"""Distance between the soles of the standing robot [m]."""

_ROUNDING = 1e-6
"""Steps stay this far within reach, so that rounding does not put them beyond it."""


def step_for_velocity(
    support: Footstep,
    velocity: FloatArray,
    duration: float,
    reach: StepReach,
    stance_width: float = NOMINAL_WIDTH,
    ground: HeightMap | None = None,
) -> Footstep:
    """Return the step of the other foot with which the body moves at a velocity.

    Between two soles that stand side by side lies the body, half a stance width inward of each.
    From where it is beside the support foot it moves on along the arc of the velocity for the
    duration of a step, and the other foot is put down beside where it arrives. Made again and
    again these steps give exactly the velocity, or what is attainable of it; see
    ``attainable_velocity``. The feet are put down further apart where walking sideways would
    otherwise make them touch, and with the toes outward where turning would turn them in too far.

    Args:
        support: the foot that stands.
        velocity: of the body along its heading: ahead, to the left [m/s], turning left [rad/s].
        duration: of a step [s].
        reach: where a sole can be put down.
        stance_width: distance between the soles when standing [m].
        ground: where the step has to be level; without it the ground is as high as the support.

    Raises:
        ValueError: if the velocity is not finite, the duration not positive, or the stance width
            beyond reach.
        NoFoothold: if there is no level ground near the step nor beside the support foot.
    """
    velocity = attainable_velocity(velocity, duration, reach, stance_width)
    step = _placed(support, _Step(velocity, duration, reach, stance_width))
    if ground is None:
        return step
    beside = _placed(support, _Step(np.zeros(3), duration, reach, stance_width))
    for wanted in (step, beside):
        for foothold in footholds(wanted, ground):
            if reach.allows(support, foothold):
                return foothold
    x, y = support.position[:2]
    raise NoFoothold(
        f"there is no level ground for the {step.side} foot within reach of the support foot at "
        f"({x:.2f}, {y:.2f}) m; stay on both feet, or command another direction"
    )


def attainable_velocity(
    velocity: FloatArray,
    duration: float,
    reach: StepReach,
    stance_width: float = NOMINAL_WIDTH,
) -> FloatArray:
    """Return the velocity, slowed down as far as it takes to keep the steps of both feet in reach.

    The direction and the curvature of the way stay as they are.

    Args:
        velocity: of the body along its heading: ahead, to the left [m/s], turning left [rad/s].
        duration: of a step [s].
        reach: where a sole can be put down.
        stance_width: distance between the soles when standing [m].

    Returns:
        Likewise, shape (3,).

    Raises:
        ValueError: if the velocity is not finite, the duration not positive, or the stance width
            beyond reach.
    """
    velocity = np.asarray(velocity, dtype=np.float64)
    if velocity.shape != (3,) or not np.isfinite(velocity).all():
        raise ValueError(f"a velocity is three finite numbers (vx, vy, wz), not {velocity}")
    if not 0.0 < duration < math.inf:
        raise ValueError(f"a step takes a time above 0 s, not {duration}")
    if not reach.narrow < stance_width < reach.wide:
        raise ValueError(
            f"the stance width has to be within reach, {reach.narrow} to {reach.wide} m, "
            f"not {stance_width}"
        )

    def is_reachable(share: float) -> bool:
        return _Step(share * velocity, duration, reach, stance_width).is_reachable()

    if is_reachable(1.0):
        return velocity
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if is_reachable(middle) else (low, middle)
    return low * velocity


class _Step:
    """The steps of a constant velocity, as each foot makes them."""

    def __init__(
        self, velocity: FloatArray, duration: float, reach: StepReach, stance_width: float
    ) -> None:
        vx, vy, wz = (float(v) * duration for v in velocity)
        self._reach = reach
        self._turn = wz
        self._travel = _arc(vx, vy, wz)
        # The trailing foot turns in by as much as the body turns, less what both toes point out.
        self._toe_out = 0.5 * max(0.0, abs(wz) - reach.turn_in + 2.0 * _ROUNDING)
        self._half_width = max(
            0.5 * stance_width, *(self._smallest_half_width(side) for side in OUTWARD)
        )

    def _smallest_half_width(self, side: str) -> float:
        """Return the half width at which the step of a foot lands just far enough to its side."""
        outward = OUTWARD[side]
        cosine, sine = math.cos(self._toe_out), math.sin(self._toe_out)
        nearer = sine * self._travel[0] + outward * cosine * self._travel[1]
        gain = cosine * (1.0 + math.cos(self._turn)) - outward * sine * math.sin(self._turn)
        # Turns for which a wider stance gains little are beyond reach anyway.
        return (self._reach.narrow + 2.0 * _ROUNDING - nearer) / max(gain, 0.1)

    def relative(self, side: str) -> tuple[float, float, float]:
        """Return ahead, to the left [m] and turn [rad] of a foot, along the support's heading."""
        outward = OUTWARD[side]
        # The support foot's toes point outward by -outward * toe_out from the body's heading.
        heading = outward * self._toe_out
        half = outward * self._half_width
        x = self._travel[0] - math.sin(self._turn) * half
        y = self._travel[1] + (1.0 + math.cos(self._turn)) * half
        cosine, sine = math.cos(heading), math.sin(heading)
        return cosine * x - sine * y, sine * x + cosine * y, self._turn + 2.0 * heading

    def is_reachable(self) -> bool:
        """Tell whether both feet's steps are within reach."""
        reach = self._reach
        for side, outward in OUTWARD.items():
            ahead, aside, turn = self.relative(side)
            if not (
                -reach.backward + _ROUNDING <= ahead <= reach.forward - _ROUNDING
                and reach.narrow + _ROUNDING <= outward * aside <= reach.wide - _ROUNDING
                and -reach.turn_in + _ROUNDING <= outward * turn <= reach.turn_out - _ROUNDING
            ):
                return False
        return True


def _placed(support: Footstep, step: _Step) -> Footstep:
    side = OTHER_SIDE[support.side]
    ahead, aside, turn = step.relative(side)
    xy = support.position[:2] + turned(np.array([ahead, aside]), support.yaw)
    return Footstep(side, np.append(xy, support.position[2]), wrapped(support.yaw + turn))


def _arc(x: float, y: float, turn: float) -> tuple[float, float]:
    """Return where a constant velocity leads (the SE(2) exponential), from its displacements."""
    if abs(turn) < 1e-6:
        along, across = 1.0 - turn**2 / 6.0, 0.5 * turn
    else:
        along, across = math.sin(turn) / turn, (1.0 - math.cos(turn)) / turn
    return along * x - across * y, across * x + along * y
