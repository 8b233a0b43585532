"""A way for the body around obstacles: A* on a grid, then pulled straight."""

import heapq
import math

import numpy as np

from vla_humanoid.control.height_map import FAR, HeightMap
from vla_humanoid.schema import FloatArray

BODY_RADIUS = 0.30
"""What the walking robot sweeps around the middle of its feet [m]."""

_SPACING = 0.05
"""Distance of the nodes that are searched [m]."""
_SAMPLE = 0.02
"""Distance at which a straight line is probed [m]."""
_BEND = 0.005
"""Nodes keep this much more than the clearance, as the lines between them come nearer [m]."""
_BORDER = 0.17
"""What the body keeps from the border of the map, for its feet to be within it [m]."""

_NEIGHBORS = [(i, j, _SPACING * math.hypot(i, j)) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]


class UnreachableGoal(ValueError):
    """A goal cannot be walked to."""


def plan_body_path(
    start_xy: FloatArray,
    goal_xy: FloatArray,
    ground: HeightMap,
    clearance: float = BODY_RADIUS,
) -> FloatArray:
    """Return a short way from start to goal around the obstacles of a height map.

    A start nearer to an obstacle than the clearance may leave, but not go nearer.

    Args:
        start_xy: where the body is [m], world frame, shape (2,).
        goal_xy: where it goes, likewise.
        ground: says where obstacles are.
        clearance: distance kept from every obstacle [m], 0.05 to 1.

    Returns:
        Corners of the way from the start to the goal [m], world frame, shape (n, 2), n >= 2.

    Raises:
        ValueError: if the clearance is out of range.
        UnreachableGoal: if start or goal is outside the map or in an obstacle, the goal nearer to
            one than the clearance, or there is no way.
    """
    if not _SPACING <= clearance <= FAR:
        raise ValueError(f"the clearance has to be {_SPACING} to {FAR} m, not {clearance}")
    start = np.asarray(start_xy, dtype=np.float64)[:2]
    goal = np.asarray(goal_xy, dtype=np.float64)[:2]
    require_room(start, "start", ground, 0.0)
    require_room(goal, "goal", ground, clearance)
    room = _Room(ground, clearance, start, goal)
    if room.is_straight_free(start, goal):
        return np.stack([start, goal])
    return _pulled_straight(_search(room, start, goal), room)


def require_room(xy: FloatArray, name: str, ground: HeightMap, clearance: float) -> None:
    """Raise if a body has no room at a place.

    Args:
        xy: the place [m], world frame, shape (2,).
        name: what the place is called in the message.
        ground: says where obstacles are.
        clearance: least distance to the nearest obstacle [m].

    Raises:
        UnreachableGoal: if it is outside the map, in an obstacle or too near one.
    """
    if not ground.is_inside(xy):
        raise UnreachableGoal(
            f"{_place(xy, name)} is outside the height map, which covers "
            f"{ground.describe_extent()}; choose one within it or make a larger map"
        )
    distance = float(ground.clearance(xy[None])[0])
    if distance == 0.0 or distance < clearance:
        require_outside_obstacles(xy, name, ground)
        raise UnreachableGoal(
            f"{_place(xy, name)} is {distance:.2f} m from an obstacle, and the body needs "
            f"{clearance:.2f} m; move it {clearance - distance:.2f} m or more away"
        )


def require_outside_obstacles(xy: FloatArray, name: str, ground: HeightMap) -> None:
    """Raise if a place is in an obstacle, or on top of one.

    Args:
        xy: the place [m], world frame, shape (2,), on the map.
        name: what the place is called in the message.
        ground: says where obstacles are.

    Raises:
        UnreachableGoal: if it is.
    """
    if ground.clearance(xy[None])[0] == 0.0 or _is_on_top(xy, ground):
        raise UnreachableGoal(
            f"{_place(xy, name)} is in an obstacle of the height map; move it out of there"
        )


def _place(xy: FloatArray, name: str) -> str:
    return f"the {name} ({xy[0]:.2f}, {xy[1]:.2f}) m"


def _is_on_top(xy: FloatArray, ground: HeightMap) -> bool:
    """Tell whether the ground falls off too steeply to climb on every side of a place."""
    distances = np.arange(0.0, 2.0 * FAR, ground.resolution)
    for angle in np.linspace(0.0, 2.0 * math.pi, 16, endpoint=False):
        ray = xy + distances[:, None] * [math.cos(angle), math.sin(angle)]
        heights = np.array([ground.height(point) for point in ray if ground.is_inside(point)])
        jumps = np.diff(heights)
        jumps = jumps[np.abs(jumps) > ground.climb]
        if not len(jumps) or jumps[0] > 0.0:
            return False
    return True


class _Room:
    """Where the body can be on its way."""

    def __init__(
        self, ground: HeightMap, clearance: float, start: FloatArray, goal: FloatArray
    ) -> None:
        self.ground = ground
        self._clearance = clearance
        self._start = start
        self._start_distance = float(ground.clearance(start[None])[0])
        self._border = min(_BORDER, float(self._border_distance(np.stack([start, goal])).min()))

    def _border_distance(self, points: FloatArray) -> FloatArray:
        low, high = np.array(self.ground.extent).T
        return np.minimum(points - low, high - points).min(axis=-1)

    def is_free(self, points: FloatArray, extra: float = 0.0) -> np.ndarray:
        """Tell at which points, shape (n, 2), the body can be, with extra clearance [m]."""
        distances = self.ground.clearance(points)
        free = distances >= self._clearance + extra - 1e-9
        if self._start_distance < self._clearance + extra:
            near = np.hypot(*(points - self._start).T) < self._clearance
            free |= near & (distances >= self._start_distance - 1e-9)
        return free & (self._border_distance(points) >= self._border - 1e-9)

    def is_straight_free(self, a: FloatArray, b: FloatArray) -> bool:
        """Tell whether the body can go straight from one point to another."""
        count = 2 + int(np.hypot(*(b - a)) / _SAMPLE)
        shares = np.linspace(0.0, 1.0, count)[:, None]
        return bool(self.is_free(a + shares * (b - a)).all())


def _search(room: _Room, start: FloatArray, goal: FloatArray) -> list[FloatArray]:
    """Return points from start to goal, by A* over a grid that has a node at the start."""
    low, high = np.array(room.ground.extent).T
    before = np.floor((start - low) / _SPACING).astype(int)
    after = np.floor((high - start) / _SPACING).astype(int)
    rows, columns = (int(n) for n in before + after + 1)
    nodes = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=-1)
    points = (start + _SPACING * (nodes - before)).reshape(-1, 2)
    free = room.is_free(points, _BEND).tolist()
    to_goal = np.hypot(*(points - goal).T).tolist()
    first = int(before[0]) * columns + int(before[1])
    costs, parents = {first: 0.0}, {first: first}
    queue = [(to_goal[first], first)]
    done: set[int] = set()
    while queue:
        node = heapq.heappop(queue)[1]
        if node in done:
            continue
        done.add(node)
        if to_goal[node] < 1.5 * _SPACING and room.is_straight_free(points[node], goal):
            return [points[n] for n in _ancestors(parents, node)] + [goal]
        row, column = divmod(node, columns)
        for i, j, length in _NEIGHBORS:
            if not (0 <= row + i < rows and 0 <= column + j < columns):
                continue
            neighbor = node + i * columns + j
            cost = costs[node] + length
            if free[neighbor] and cost < costs.get(neighbor, math.inf):
                costs[neighbor], parents[neighbor] = cost, node
                heapq.heappush(queue, (cost + to_goal[neighbor], neighbor))
    require_outside_obstacles(goal, "goal", room.ground)
    require_outside_obstacles(start, "start", room.ground)
    raise UnreachableGoal(
        f"no way leads from ({start[0]:.2f}, {start[1]:.2f}) m to the goal ({goal[0]:.2f}, "
        f"{goal[1]:.2f}) m: obstacles or the border of the height map are in between; choose "
        "another goal, make room, or make a larger map"
    )


def _ancestors(parents: dict[int, int], node: int) -> list[int]:
    line = [node]
    while parents[line[-1]] != line[-1]:
        line.append(parents[line[-1]])
    return line[::-1]


def _pulled_straight(points: list[FloatArray], room: _Room) -> FloatArray:
    """Return the path without the corners that can be cut."""
    kept, last = [points[0]], 0
    while last < len(points) - 1:
        following = len(points) - 1
        while following > last + 1 and not room.is_straight_free(points[last], points[following]):
            following -= 1
        kept.append(points[following])
        last = following
    return np.stack(kept)
