"""Plans footsteps to a goal or along a line, around obstacles and over low steps."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vla_humanoid.control.body_path import (
    BODY_RADIUS,
    UnreachableGoal,
    plan_body_path,
    require_outside_obstacles,
    require_room,
)
from vla_humanoid.control.body_poses import Pace, Polyline
from vla_humanoid.control.footstep_walk import (
    SWAY,
    NoSteps,
    Stance,
    Walk,
    foot_beside,
    heading_of,
    middle_of,
)
from vla_humanoid.control.footsteps import OUTWARD, Footstep, StepReach, wrapped
from vla_humanoid.control.height_map import LEVEL, HeightMap
from vla_humanoid.schema import FloatArray

_FACE_GOAL_WITHIN = (0.5, 1.0, 0.0)
"""Distances to the goal from which on a walk may turn to the final yaw [m]; the shortest wins."""


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
        ValueError: if goal or stance are not finite, the stance is not left and right, the reach
            leaves no room to walk, or the goal is thousands of steps away.
        UnreachableGoal: if the goal is outside the map, in or near an obstacle or on an edge, if
            the start is outside the map or in an obstacle, or if no way leads to the goal.
    """
    if np.shape(goal) != (3,) or not np.isfinite(goal).all():
        raise ValueError(f"a goal is three finite numbers (x, y, yaw), not {goal}")
    _require_feet(stance)
    place, start, final_yaw = np.array(goal[:2]), middle_of(stance), wrapped(goal[2])

    def steps_along(line: FloatArray) -> list[Footstep]:
        walk = Walk(stance, Polyline(line), final_yaw, reach, ground, _FACE_GOAL_WITHIN)
        return walk.steps(pace or Pace())

    if ground is None:
        return steps_along(np.stack([start, place]))
    require_room(place, "goal", ground, BODY_RADIUS)
    _require_footing(goal, ground)
    clearance = min(BODY_RADIUS + SWAY, float(ground.clearance(place[None])[0]))
    try:
        return steps_along(plan_body_path(start, place, ground, clearance))
    except NoSteps as reason:
        # Go around low steps as well, which may be too narrow to stand on.
        uneven = replace(ground, climb=LEVEL)
        try:
            return steps_along(plan_body_path(start, place, uneven, BODY_RADIUS))
        except UnreachableGoal:
            raise reason from None


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
        ValueError: if waypoints, yaw or stance are not finite, the stance is not left and right,
            the reach leaves no room to walk, or the line is thousands of steps long.
        UnreachableGoal: if the line leaves the map or comes too near an obstacle, begins in one, or
            its end is on an edge.
    """
    _require_feet(stance)
    waypoints = np.asarray(waypoints, dtype=np.float64)
    if waypoints.ndim != 2 or waypoints.shape[1] != 2 or not len(waypoints):
        raise ValueError(f"waypoints have the shape (n, 2) with n >= 1, not {waypoints.shape}")
    if not np.isfinite(waypoints).all() or not np.isfinite(final_yaw or 0.0):
        raise ValueError("waypoints and final yaw have to be finite; leave out what is not known")
    line = Polyline(np.concatenate([middle_of(stance)[None], waypoints]))
    if final_yaw is None:
        final_yaw = line.heading(line.length - 1e-6) if line.length > 1e-3 else heading_of(stance)
    final_yaw = wrapped(final_yaw)
    if ground is not None:
        require_room(line.points[0], "start", ground, 0.0)
        _require_free(line, ground)
        _require_footing((*line.points[-1], final_yaw), ground)
    return Walk(stance, line, final_yaw, reach, ground, (0.0,)).steps(pace or Pace())


def _require_feet(stance: Stance) -> None:
    sides = tuple(foot.side for foot in stance)
    if sides != ("left", "right"):
        raise ValueError(f"a stance is the left and the right foot, in this order, not {sides}")
    for foot in stance:
        if np.shape(foot.position) != (3,) or not np.isfinite([*foot.position, foot.yaw]).all():
            raise ValueError(
                f"the {foot.side} foot of the stance needs a position of three finite numbers and "
                f"a finite yaw, not {foot.position} and {foot.yaw}"
            )


def _require_footing(goal: Sequence[float], ground: HeightMap) -> None:
    pose = np.array(goal)
    for side in OUTWARD:
        if ground.level(foot_beside(pose, side)) is None:
            raise UnreachableGoal(
                f"at the goal ({goal[0]:.2f}, {goal[1]:.2f}) m, {goal[2]:.2f} rad the {side} foot "
                "would stand on an edge or beyond the height map; move the goal some centimetres"
            )


def _require_free(line: Polyline, ground: HeightMap) -> None:
    points = line.at(np.arange(0.0, line.length, 0.02))
    points = points[np.hypot(*(points - points[:1]).T) > BODY_RADIUS] if len(points) else points
    points = np.concatenate([points, line.points[-1:]])
    if ground.clearance(points).min() < BODY_RADIUS:
        require_outside_obstacles(line.points[0], "start", ground)
    for point in points:
        require_room(point, "path at", ground, BODY_RADIUS)
