"""A walk along a line, as steps: the shortest that the ground takes."""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np

from vla_humanoid.control.body_path import BODY_RADIUS, UnreachableGoal
from vla_humanoid.control.body_poses import Pace, Polyline, body_poses
from vla_humanoid.control.footstep_placement import place_steps
from vla_humanoid.control.footstep_velocity import NOMINAL_WIDTH
from vla_humanoid.control.footsteps import (
    OUTWARD,
    Footstep,
    StepReach,
    turned,
    wrapped,
)
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.schema import OTHER_SIDE, FloatArray

Stance = tuple[Footstep, Footstep]
"""Left and right foot on the ground."""

SWAY = 0.04
"""The middle of the feet comes this far off the planned line where it bends [m]."""
_PACES = (1.0, 0.75)
"""Shares of the pace to try, where the ground does not take the steps of the full one."""
_THERE = (0.001, 0.002)
"""Feet within this of where they are to stand need no step [m], [rad]."""


class NoSteps(UnreachableGoal):
    """The body has room on its way, but its feet find no footing."""


class Walk:
    """Ways to walk along a line.

    Args:
        stance: left and right foot as they stand, with the beginning of the line in their middle.
        line: where the middle of the feet goes.
        final_yaw: heading at the end [rad], world frame.
        reach: where a sole can be put down.
        ground: what to walk on; without it, level ground as high as the feet.
        face_goal_within: distances to the end from which on the walk may turn to the final yaw
            [m]; the one with the fewest steps is preferred.
    """

    def __init__(
        self,
        stance: Stance,
        line: Polyline,
        final_yaw: float,
        reach: StepReach,
        ground: HeightMap | None,
        face_goal_within: tuple[float, ...],
    ) -> None:
        self._stance = {foot.side: foot for foot in stance}
        self._line = line
        self._start_yaw = heading_of(stance)
        self._final_yaw = final_yaw
        self._reach = reach
        self._ground = ground
        self._face_goal_within = face_goal_within

    def steps(self, pace: Pace) -> list[Footstep]:
        """Return the shortest walk that the ground takes.

        Raises:
            ValueError: if the reach leaves no room to walk.
            NoSteps: if the ground takes none.
        """
        if self._is_there():
            return []
        pace = pace.within(self._reach, NOMINAL_WIDTH)
        for share in _PACES:
            for wanted in self._wanted(pace.times(share)):
                steps = self._placed(wanted)
                if steps is not None:
                    return steps
        x, y = self._line.points[-1]
        raise NoSteps(
            f"the ground on the way to the goal ({x:.2f}, {y:.2f}) m does not take the steps of "
            f"{self._reach}: too steep, too uneven, or too narrow; choose another goal or way"
        )

    def _is_there(self) -> bool:
        if self._line.length > _THERE[0]:
            return False
        end = np.append(self._line.points[-1], self._final_yaw)
        return all(
            np.hypot(*(foot_beside(end, side).position - foot.position)[:2]) <= _THERE[0]
            and abs(wrapped(self._final_yaw - foot.yaw)) <= _THERE[1]
            for side, foot in self._stance.items()
        )

    def _wanted(self, pace: Pace) -> list[list[Footstep]]:
        """Return walks on level ground, the shortest first."""
        start = np.append(self._line.points[0], self._start_yaw)
        walks: list[list[Footstep]] = []
        for within in self._face_goal_within:
            poses = body_poses(self._start_yaw, self._line, self._final_yaw, pace, within)
            ends = np.concatenate([poses, poses[-1:]])
            leader = "left" if len(ends) and _is_leftward(start, ends[0]) else "right"
            # Out of a wide stride the feet may have to be put side by side first.
            squared = np.concatenate([start[None], ends if len(ends) else start[None]])
            for first, way in product((leader, OTHER_SIDE[leader]), (ends, squared)):
                sides = [first if i % 2 == 0 else OTHER_SIDE[first] for i in range(len(way))]
                walks.append([foot_beside(end, side) for end, side in zip(way, sides, strict=True)])
        return sorted(filter(None, walks), key=len)

    def _placed(self, wanted: Sequence[Footstep]) -> list[Footstep] | None:
        """Return the steps on the ground, or None if they cannot be made."""
        support = self._stance[OTHER_SIDE[wanted[0].side]]
        if self._ground is None:
            height = support.position[2]
            steps = [Footstep(s.side, np.append(s.position[:2], height), s.yaw) for s in wanted]
            feet = pairwise([support, *steps])
            return steps if all(self._reach.allows(a, b) for a, b in feet) else None
        steps = place_steps(support, wanted, self._reach, self._ground)
        if steps is None or not self._is_clear(steps, self._ground):
            return None
        return steps

    def _is_clear(self, steps: Sequence[Footstep], ground: HeightMap) -> bool:
        """Tell whether the body keeps clear of obstacles, walking from the stance."""
        support = self._stance[OTHER_SIDE[steps[0].side]]
        middles = [0.5 * (a.position + b.position)[:2] for a, b in pairwise([support, *steps])]
        corners = np.stack([self._line.points[0], *middles])
        points = np.concatenate([corners, 0.5 * (corners[1:] + corners[:-1])])
        distances = ground.clearance(points)
        # Who starts too near an obstacle may leave it.
        is_near_start = np.hypot(*(points - corners[0]).T) <= BODY_RADIUS + SWAY
        needed = np.where(is_near_start, min(BODY_RADIUS, distances[0] - SWAY), BODY_RADIUS)
        return bool((distances >= needed).all())


def foot_beside(pose: FloatArray, side: str) -> Footstep:
    """Return a foot beside a body that stands at x, y [m] and yaw [rad], at height 0."""
    beside = turned(np.array([0.0, 0.5 * OUTWARD[side] * NOMINAL_WIDTH]), float(pose[2]))
    return Footstep(side, np.append(pose[:2] + beside, 0.0), wrapped(float(pose[2])))


def middle_of(stance: Stance) -> FloatArray:
    """Return the point midway between the feet [m], shape (2,)."""
    left, right = stance
    return 0.5 * (left.position + right.position)[:2]


def heading_of(stance: Stance) -> float:
    """Return the mean heading of the feet [rad]."""
    left, right = stance
    return wrapped(left.yaw + 0.5 * wrapped(right.yaw - left.yaw))


def _is_leftward(start: FloatArray, end: FloatArray) -> bool:
    """Tell whether a body that moves to a pose goes or turns to the left."""
    aside = float(turned(end[:2] - start[:2], -float(start[2]))[1])
    return aside + NOMINAL_WIDTH * wrapped(float(end[2] - start[2])) > 0.0
