"""The support polygon: convex hull of the ground contacts, seen from above."""

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
        self.vertices = _convex_hull(points)
        edges = _following(self.vertices) - self.vertices
        lengths = np.linalg.norm(edges, axis=1)
        # Inward normals of a counter-clockwise hull.
        self._normals = np.column_stack([-edges[:, 1], edges[:, 0]]) / lengths[:, None]
        self._offsets = np.einsum("ij,ij->i", self._normals, self.vertices)
        self.center = _centroid(self.vertices)
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
        return float((self._normals @ point - self._offsets).min())

    def project(self, point: FloatArray, margin: float) -> FloatArray:
        """Return the nearest point that keeps at least ``margin`` [m] from every edge.

        Where the polygon is too narrow for the margin, the result lies between the edges.
        """
        inside = self._normals @ point - self._offsets - margin
        if inside.min() >= 0.0:
            return point
        result = point.copy()
        for _ in range(8):  # Dykstra-like sweeps over the half planes; a box needs one or two.
            distances = self._normals @ result - self._offsets - margin
            worst = int(distances.argmin())
            if distances[worst] >= -1e-9:
                break
            result = result - distances[worst] * self._normals[worst]
        return result


def _convex_hull(points: FloatArray) -> FloatArray:
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

    vertices = np.array(chain(ordered) + chain(ordered[::-1]))
    if len(vertices) < 3:
        raise ValueError("The contact points lie on a line: they span no support polygon.")
    return vertices


def _following(vertices: FloatArray) -> FloatArray:
    return np.concatenate([vertices[1:], vertices[:1]])


def _centroid(vertices: FloatArray) -> FloatArray:
    following = _following(vertices)
    cross = vertices[:, 0] * following[:, 1] - following[:, 0] * vertices[:, 1]
    return cross @ (vertices + following) / (3.0 * cross.sum())


def _turn(a: list[float], b: list[float], c: list[float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
