"""Plans footsteps to a goal or along a line, around obstacles and over low steps."""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np

from vla_humanoid.control.body_path import (
    BODY_RADIUS,
    UnreachableGoal,
    plan_body_path,
    require_room,
)
from vla_humanoid.control.body_poses import Pace, Polyline, body_poses
from vla_humanoid.control.footstep_placement import place_steps
from vla_humanoid.control.footstep_velocity import NOMINAL_WIDTH
from vla_humanoid.control.footsteps import (
    OUTWARD,
    Footstep,
    StepReach,
    other,
    turned,
    wrapped,
)
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.schema import FloatArray

Stance = tuple[Footstep, Footstep]
"""Left and right foot on the ground."""

_SWAY = 0.04
"""The middle of the feet comes this far off the planned line where it bends [m]."""
_FACE_GOAL_WITHIN = (0.5, 1.0, 0.0)
"""Distances to the goal from which on a walk may turn to the final yaw [m]; the shortest wins."""
_PACES = (1.0, 0.8, 0.6)
"""Shares of the pace to try, where the ground does not take the steps of the full one."""
_THERE = (0.001, 0.002)
"""Feet within this of where they are to stand need no step [m], [rad]."""


def plan_to_goal(
    stance: Stance,
    goal: tuple[float, float, float],
    reach: StepReach,
    ground: HeightMap | None = None,
    pace: Pace | None = None,
) -> list[Footstep]:
    """Plan steps after which the feet stand side by side, with their middle at a goal pose.

    Args:
        stance: left and right foot as they stand.
        goal: x, y [m] and yaw [rad], world frame.
        reach: where a sole can be put down.
        ground: what to walk on, and around; without it, level ground as high as the feet.
        pace: how far the body moves in a step at most; by default ``Pace()``.

    Returns:
        Steps, feet alternating; none if the feet already stand at the goal.

    Raises:
        ValueError: if the goal is not finite or the reach leaves no room to walk.
        UnreachableGoal: if the goal is outside the map, in or near an obstacle or on an edge, or if
            no way leads to it.
    """
    if not np.isfinite(goal).all():
        raise ValueError(f"a goal is three finite numbers (x, y, yaw), not {goal}")
    place = np.array(goal[:2])
    start = _middle(stance)
    if ground is None:
        line = np.stack([start, place])
    else:
        require_room(place, "goal", ground, BODY_RADIUS)
        _require_footing(goal, ground)
        spare = float(ground.clearance(place[None])[0])
        line = plan_body_path(start, place, ground, min(BODY_RADIUS + _SWAY, spare))
    walk = _Walk(stance, Polyline(line), goal[2], reach, ground, _FACE_GOAL_WITHIN)
    return walk.steps(pace or Pace())


def plan_along_path(
    stance: Stance,
    waypoints: FloatArray,
    final_yaw: float | None,
    reach: StepReach,
    ground: HeightMap | None = None,
    pace: Pace | None = None,
) -> list[Footstep]:
    """Plan steps along a line, facing along it, that end side by side at its end.

    Args:
        stance: left and right foot as they stand.
        waypoints: corners of the line [m], world frame, shape (n, 2), n >= 1; the walk goes
            straight to the first.
        final_yaw: heading at the end [rad], world frame; None for that of the line's last piece.
        reach: where a sole can be put down.
        ground: what to walk on; without it, level ground as high as the feet.
        pace: how far the body moves in a step at most; by default ``Pace()``.

    Returns:
        Steps, feet alternating; none if the feet already stand at the end.

    Raises:
        ValueError: if the waypoints or the yaw are not finite, or the reach leaves no room to walk.
        UnreachableGoal: if the line leaves the map or comes too near an obstacle, or its end is on
            an edge.
    """
    waypoints = np.asarray(waypoints, dtype=np.float64)
    if waypoints.ndim != 2 or waypoints.shape[1] != 2 or not len(waypoints):
        raise ValueError(f"waypoints have the shape (n, 2) with n >= 1, not {waypoints.shape}")
    if not np.isfinite(waypoints).all() or not np.isfinite(final_yaw or 0.0):
        raise ValueError("waypoints and final yaw have to be finite; leave out what is not known")
    line = Polyline(np.concatenate([_middle(stance)[None], waypoints]))
    if final_yaw is None:
        final_yaw = line.heading(line.length - 1e-6) if line.length > 1e-3 else _heading(stance)
    if ground is not None:
        _require_free(line, ground)
        _require_footing((*line.points[-1], final_yaw), ground)
    return _Walk(stance, line, final_yaw, reach, ground, (0.0,)).steps(pace or Pace())


class _Walk:
    """Ways to walk along a line."""

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
        self._start_yaw = _heading(stance)
        self._final_yaw = final_yaw
        self._reach = reach
        self._ground = ground
        self._face_goal_within = face_goal_within

    def steps(self, pace: Pace) -> list[Footstep]:
        """Return the shortest walk that the ground takes.

        Raises:
            ValueError: if the reach leaves no room to walk.
            UnreachableGoal: if the ground takes none.
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
        raise UnreachableGoal(
            f"the ground on the way to the goal ({x:.2f}, {y:.2f}) m does not take the steps of "
            f"{self._reach}: too steep, too uneven, or too narrow; choose another goal or way"
        )

    def _is_there(self) -> bool:
        if self._line.length > _THERE[0]:
            return False
        end = np.append(self._line.points[-1], self._final_yaw)
        return all(
            np.hypot(*(_foot(end, side).position - foot.position)[:2]) <= _THERE[0]
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
            for first, way in product((leader, other(leader)), (ends, squared)):
                sides = [first if i % 2 == 0 else other(first) for i in range(len(way))]
                walks.append([_foot(end, side) for end, side in zip(way, sides, strict=True)])
        return sorted(filter(None, walks), key=len)

    def _placed(self, wanted: Sequence[Footstep]) -> list[Footstep] | None:
        """Return the steps on the ground, or None if they cannot be made."""
        support = self._stance[other(wanted[0].side)]
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
        support = self._stance[other(steps[0].side)]
        middles = [0.5 * (a.position + b.position)[:2] for a, b in pairwise([support, *steps])]
        corners = np.stack([self._line.points[0], *middles])
        points = np.concatenate([corners, 0.5 * (corners[1:] + corners[:-1])])
        distances = ground.clearance(points)
        # Who starts too near an obstacle may leave it.
        is_near_start = np.hypot(*(points - corners[0]).T) <= BODY_RADIUS + _SWAY
        needed = np.where(is_near_start, min(BODY_RADIUS, distances[0] - _SWAY), BODY_RADIUS)
        return bool((distances >= needed).all())


def _foot(pose: FloatArray, side: str) -> Footstep:
    """Return a foot beside a body that stands at x, y [m] and yaw [rad], at height 0."""
    beside = turned(np.array([0.0, 0.5 * OUTWARD[side] * NOMINAL_WIDTH]), float(pose[2]))
    return Footstep(side, np.append(pose[:2] + beside, 0.0), wrapped(float(pose[2])))


def _middle(stance: Stance) -> FloatArray:
    """Return the point midway between the feet [m], shape (2,)."""
    left, right = stance
    return 0.5 * (left.position + right.position)[:2]


def _heading(stance: Stance) -> float:
    """Return the mean heading of the feet [rad]."""
    left, right = stance
    return wrapped(left.yaw + 0.5 * wrapped(right.yaw - left.yaw))


def _is_leftward(start: FloatArray, end: FloatArray) -> bool:
    """Tell whether a body that moves to a pose goes or turns to the left."""
    aside = float(turned(end[:2] - start[:2], -float(start[2]))[1])
    return aside + NOMINAL_WIDTH * wrapped(float(end[2] - start[2])) > 0.0


def _require_footing(goal: Sequence[float], ground: HeightMap) -> None:
    pose = np.array(goal)
    for side in OUTWARD:
        if ground.level(_foot(pose, side)) is None:
            raise UnreachableGoal(
                f"at the goal ({goal[0]:.2f}, {goal[1]:.2f}) m, {goal[2]:.2f} rad the {side} foot "
                "would stand on an edge or beyond the height map; move the goal some centimetres"
            )


def _require_free(line: Polyline, ground: HeightMap) -> None:
    points = line.at(np.arange(0.0, line.length, 0.02))
    points = points[np.hypot(*(points - points[:1]).T) > BODY_RADIUS] if len(points) else points
    for point in np.concatenate([points, line.points[-1:]]):
        require_room(point, "path at", ground, BODY_RADIUS)
