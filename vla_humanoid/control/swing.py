"""The motion of a foot through the air, to a target that may still change."""

import math

import numpy as np

from vla_humanoid.schema import FloatArray

_RAMP, _STEEP_RAMP = 0.5, 0.38
"""Share of the way on which a foot rises, and sinks: all of it, but over a bar less."""
_LIFT = 0.06
"""How much higher than a bar a sole is lifted over it [m]."""
_EDGE = 0.02
"""A larger difference in height between lift-off and landing may have an edge on the way [m]."""


class SwingFoot:
    """A foot on its way: minimum-jerk in x, y and yaw, an arch in z.

    The horizontal path is the quintic polynomial from where the reference is and how it moves to
    rest at the target (T. Flash and N. Hogan, 1985), taken anew at every tick.

    Args:
        start: x, y, z [m] and yaw [rad] of the sole when it leaves the ground, shape (4,).
        clearance: how high the arch rises over the line between start and target [m].
        over: height of a bar on the way [m]; the arch is higher then, and flat on top.
    """

    FROZEN = 0.06
    """This close to landing the target no longer matters [s]."""

    def __init__(self, start: FloatArray, clearance: float, over: float = 0.0) -> None:
        self.position = start.copy()
        """x, y, z [m] and yaw [rad], shape (4,)."""
        self.velocity = np.zeros(4)
        """[m/s] and [rad/s], shape (4,)."""
        self.acceleration = np.zeros(4)
        """[m/s^2] and [rad/s^2], shape (4,)."""
        self.progress = 0.0
        """0 at lift-off, 1 when the foot should be down."""
        self._start_height = float(start[2])
        self._clearance = max(clearance, over + _LIFT) if over > 0.0 else clearance
        self._ramp = _STEEP_RAMP if over > 0.0 else _RAMP
        self._goal = start.copy()

    def advance(self, target: FloatArray, remaining: float, dt: float) -> None:
        """Move on towards a target that is to be reached in a given time.

        Args:
            target: x, y, z [m] and yaw [rad] of the sole, shape (4,).
            remaining: [s], positive.
            dt: [s].
        """
        if remaining > self.FROZEN:
            self._goal = target
        self._advance_horizontally(remaining, dt)
        rate = (1.0 - self.progress) / max(remaining, dt)
        self.progress = min(self.progress + rate * dt, 1.0)
        self._set_height(float(self._goal[2]), rate)

    def descend(self, speed: float, dt: float) -> None:
        """Sink straight down after the planned landing, in search of the ground."""
        self.progress = 1.0
        self.velocity = np.array([0.0, 0.0, -speed, 0.0])
        self.acceleration = np.zeros(4)
        self.position[2] -= speed * dt

    def _advance_horizontally(self, remaining: float, dt: float) -> None:
        if remaining <= dt:
            return
        rows = [0, 1, 3]
        x, v, a = self.position[rows], self.velocity[rows], self.acceleration[rows]
        jerk, snap, crackle = _to_rest(x - self._goal[rows], v, a, remaining)
        self.position[rows] = x + dt * (
            v + dt * (a / 2 + dt * (jerk / 6 + dt * (snap / 24 + dt * crackle / 120)))
        )
        self.velocity[rows] = v + dt * (a + dt * (jerk / 2 + dt * (snap / 6 + dt * crackle / 24)))
        self.acceleration[rows] = a + dt * (jerk + dt * (snap / 2 + dt * crackle / 6))

    def _set_height(self, goal: float, rate: float) -> None:
        """Rise and sink in an arch over a smooth step between the heights of the two ends."""
        rise = goal - self._start_height
        clearance = self._clearance
        begin, span = 0.0, 1.0
        if abs(rise) > _EDGE:
            # Up over an edge before the foot has moved far, down only once it is past it.
            begin, span = (0.0, 0.5) if rise > 0.0 else (0.5, 0.5)
            clearance += 0.5 * abs(rise)
        arch, arch_slope, arch_bend = _arch(self.progress, self._ramp)
        s = min(max((self.progress - begin) / span, 0.0), 1.0)
        step = s * s * (3.0 - 2.0 * s)
        slope = rise * 6.0 * s * (1.0 - s) / span + clearance * arch_slope
        is_on_step = 0.0 < s < 1.0
        bend = rise * 6.0 * (1.0 - 2.0 * s) / span**2 * is_on_step + clearance * arch_bend
        self.position[2] = self._start_height + rise * step + clearance * arch
        self.velocity[2] = slope * rate
        self.acceleration[2] = bend * rate * rate


def _arch(s: float, ramp: float) -> tuple[float, float, float]:
    """Return a bump of height 1 over [0, 1] that starts and ends at rest, and its derivatives.

    It rises on the first ``ramp`` of the way, up to a half, and sinks on the last.
    """
    if ramp < s < 1.0 - ramp:
        return 1.0, 0.0, 0.0
    rate = 0.5 * math.pi / ramp
    angle = rate * s if s <= ramp else rate * (s - 1.0)
    sine, cosine = math.sin(angle), math.cos(angle)
    slope = 2.0 * rate * sine * cosine
    bend = 2.0 * rate**2 * (cosine * cosine - sine * sine)
    return sine * sine, slope, bend


def _to_rest(
    x: FloatArray, v: FloatArray, a: FloatArray, time: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the third, fourth and fifth derivative of the quintic that ends at 0, at rest."""
    t = time
    jerk = -(60.0 * x / t**3 + 36.0 * v / t**2 + 9.0 * a / t)
    snap = 360.0 * x / t**4 + 192.0 * v / t**3 + 36.0 * a / t**2
    crackle = -(720.0 * x / t**5 + 360.0 * v / t**4 + 60.0 * a / t**3)
    return jerk, snap, crackle
