"""Where the body is after each step of a walk along a line."""

import math
from dataclasses import dataclass, replace

import numpy as np

from vla_humanoid.control.footsteps import StepReach, turned, wrapped
from vla_humanoid.schema import FloatArray

_AHEAD = 0.2
"""The body faces where the line leads this far ahead [m]."""
_TURN_FIRST = 0.8
"""Facing another way than the line by more than this, the body turns before it goes on [rad]."""
_CUT = 0.01
"""How far a step may cut a bend of the line [m]."""
_ROUNDING = 1e-6
"""Steps stay this far within reach, so that rounding does not put them beyond it."""
_MOST = 10_000
"""More steps than any walk over a height map takes; planning so many takes seconds."""


@dataclass(frozen=True)
class Pace:
    """How far the body moves in a step at most.

    Args:
        forward, backward, aside: [m].
        turn: [rad].
    """

    forward: float = 0.20
    backward: float = 0.12
    aside: float = 0.06
    turn: float = 0.24

    def within(self, reach: StepReach, stance_width: float) -> "Pace":
        """Return the pace, reduced to what both feet reach while the body also turns.

        Raises:
            ValueError: if the pace is not finite, or feet a stance width apart have no room to
                move within reach.
        """
        if not np.isfinite([self.forward, self.backward, self.aside, self.turn]).all():
            raise ValueError(f"a pace has finite lengths [m] and a finite turn [rad], not {self}")
        turn = min(self.turn, reach.turn_in - _ROUNDING, reach.turn_out - _ROUNDING)
        # Turning, one foot gets ahead and comes nearer to the other.
        ahead = 0.5 * stance_width * math.sin(turn) + _ROUNDING
        nearer = 0.5 * stance_width * (1.0 - math.cos(turn)) + _ROUNDING
        room = min(stance_width - reach.narrow - nearer, reach.wide - stance_width - _ROUNDING)
        pace = Pace(
            forward=min(self.forward, reach.forward - ahead),
            backward=min(self.backward, reach.backward - ahead),
            aside=min(self.aside, room),
            turn=turn,
        )
        if min(pace.forward, pace.backward, pace.aside, pace.turn) < 0.01:
            raise ValueError(
                f"feet {stance_width} m apart cannot walk within {reach}; give a reach that lets "
                "them step 1 cm or more in every direction"
            )
        return pace

    def times(self, share: float) -> "Pace":
        """Return shorter steps, with the same turns."""
        return replace(
            self,
            forward=share * self.forward,
            backward=share * self.backward,
            aside=share * self.aside,
        )


class Polyline:
    """A line of straight pieces.

    Args:
        points: corners [m], shape (n, 2), n >= 1.
    """

    def __init__(self, points: FloatArray) -> None:
        lengths = np.hypot(*np.diff(points, axis=0).T)
        keep = np.append(True, lengths > 1e-9)
        self.points = points[keep]
        self._along = np.append(0.0, np.cumsum(lengths[keep[1:]]))
        self.length = float(self._along[-1])

    def at(self, along: FloatArray) -> FloatArray:
        """Return the points at distances along the line [m], shape (n, 2)."""
        return np.column_stack([np.interp(along, self._along, axis) for axis in self.points.T])

    def heading(self, along: float) -> float:
        """Return where the line leads from a distance along it to a bit further on [rad]."""
        first, second = self.at(np.array([along, min(along + _AHEAD, self.length)]))
        x, y = second - first
        return math.atan2(y, x)


def body_poses(
    start_yaw: float, line: Polyline, final_yaw: float, pace: Pace, face_goal_within: float
) -> FloatArray:
    """Return the pose of the body after each step along a line, from its beginning to its end.

    The body faces along the line, and near its end the way it faces in the end.

    Args:
        start_yaw: where the body faces at the beginning [rad].
        line: where its middle goes.
        final_yaw: where it faces at the end [rad].
        pace: bounds each step.
        face_goal_within: distance to the end from which on it turns to the final yaw [m].

    Returns:
        x, y [m] and yaw [rad], world frame, shape (n, 3), without the start.

    Raises:
        ValueError: if that takes more than 10,000 steps.
    """
    along, yaw = 0.0, start_yaw
    poses: list[FloatArray] = []
    while True:
        if len(poses) == _MOST or line.length > _MOST * pace.forward:
            raise ValueError(
                f"a walk of {line.length:.0f} m takes more than {_MOST} steps; plan to a goal on "
                "the way first"
            )
        rest = line.length - along
        is_final = rest <= max(face_goal_within, 1e-9)
        error = wrapped((final_yaw if is_final else line.heading(along)) - yaw)
        if rest == 0.0 and abs(error) < 1e-9:
            break
        turn = min(max(error, -pace.turn), pace.turn)
        if rest > 0.0 and (is_final or abs(error) <= _TURN_FIRST):
            hurry = pace.times(1.0 - 0.5 * abs(turn) / pace.turn)
            along += _step_length(line, along, yaw, hurry)
            along = line.length if line.length - along < 1e-9 else along
        yaw = wrapped(yaw + turn)
        poses.append(np.append(line.at(np.array([along]))[0], yaw))
    return np.stack(poses) if poses else np.empty((0, 3))


def _step_length(line: Polyline, along: float, yaw: float, pace: Pace) -> float:
    """Return how far along the line a step of the body leads [m]."""
    lengths = np.linspace(0.0, min(pace.forward, line.length - along), 41)
    way = line.at(along + lengths) - line.at(np.array([along]))
    x, y = turned(way.T, -yaw)
    fits = (x <= pace.forward + 1e-9) & (x >= -pace.backward - 1e-9)
    fits &= np.abs(y) <= pace.aside + 1e-9
    for last in np.flatnonzero(fits)[::-1]:
        distance = float(np.hypot(*way[last]))
        cut = np.abs(way[: last + 1] @ np.array([-way[last][1], way[last][0]]))
        if cut.max() <= _CUT * distance:
            return float(lengths[last])
    return float(lengths[1])
