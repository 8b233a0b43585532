"""The support polygon: convex hull of the ground contacts, seen from above."""

import math

import numpy as np

from vla_humanoid.schema import FloatArray


class SupportPolygon:
    """Convex hull of contact points on the floor.

    Args:
        points: contact points [m], world frame, shape (n, 2), at least three not on a line.

    Raises:
        ValueError: if the points span no area.
    """

    def __init__(self, points: FloatArray) -> None:
        hull = _convex_hull(points)
        self.vertices = np.array(hull)
        # Of each edge, the inward normal of a counter-clockwise hull and its distance along it.
        self._edges: list[tuple[float, float, float]] = []
        doubled_area = x_moment = y_moment = 0.0
        for (ax, ay), (bx, by) in zip(hull, hull[1:] + hull[:1], strict=True):
            length = math.hypot(bx - ax, by - ay)
            nx, ny = (ay - by) / length, (bx - ax) / length
            self._edges.append((nx, ny, nx * ax + ny * ay))
            cross = ax * by - bx * ay
            doubled_area += cross
            x_moment += cross * (ax + bx)
            y_moment += cross * (ay + by)
        self.center = np.array([x_moment, y_moment]) / (3.0 * doubled_area)
        """Centroid of the area [m], shape (2,)."""

    def outline(self, count: int) -> FloatArray:
        """Return the vertices counter-clockwise [m], the last one repeated, shape (count, 2).

        Raises:
            ValueError: if there are more vertices than that.
        """
        missing = count - len(self.vertices)
        if missing < 0:
            raise ValueError(f"The polygon has {len(self.vertices)} vertices, not {count} or less.")
        return np.concatenate([self.vertices, np.repeat(self.vertices[-1:], missing, axis=0)])

    def margin(self, point: FloatArray) -> float:
        """Return the distance from a point, shape (2,), to the nearest edge line [m].

        It is positive inside the polygon and negative outside.
        """
        x, y = point.tolist()
        return min([nx * x + ny * y - offset for nx, ny, offset in self._edges])

    def project(self, point: FloatArray, margin: float) -> FloatArray:
        """Return the nearest point that keeps at least ``margin`` [m] from every edge.

        Where the polygon is too narrow for the margin, the result lies between the edges.
        """
        if self.margin(point) >= margin:
            return point
        x, y = point.tolist()
        for _ in range(8):  # Dykstra-like sweeps over the half planes; a box needs one or two.
            distances = [nx * x + ny * y - offset - margin for nx, ny, offset in self._edges]
            least = min(distances)
            if least >= -1e-9:
                break
            nx, ny, _ = self._edges[distances.index(least)]
            x, y = x - least * nx, y - least * ny
        return np.array([x, y])


def _convex_hull(points: FloatArray) -> list[list[float]]:
    """Return hull vertices counter-clockwise (A. M. Andrew's monotone chain, 1979)."""
    # Rounded, because corners one above the other in all but the last digits would be taken in the
    # wrong order, and with a corner between them on a line.
    ordered = sorted(np.round(points, 8).tolist())

    def chain(sequence: list[list[float]]) -> list[list[float]]:
        hull: list[list[float]] = []
        for point in sequence:
            while len(hull) > 1 and _turn(hull[-2], hull[-1], point) <= 1e-12:
                hull.pop()
            hull.append(point)
        return hull[:-1]

    vertices = chain(ordered) + chain(ordered[::-1])
    if len(vertices) < 3:
        raise ValueError("The contact points lie on a line: they span no support polygon.")
    return vertices


def _turn(a: list[float], b: list[float], c: list[float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
