"""What touches the feet exerts on them, summed over PhysX's contact points and friction anchors."""

from collections.abc import Mapping, Sequence

import numpy as np

from vla_humanoid.schema import SIDES, FloatArray
from vla_humanoid.sims.physx.session import Session

_CAPACITY = 256
"""Of contact points on both feet; the soles have four spheres each."""


class FootContacts:
    """Reads the wrenches of the feet.

    PhysX has friction act at anchors of its own, apart from the points of the normal forces.

    Args:
        session: the simulation.
        feet: prim of each foot's link, by side.
        solid: prims of all that can touch a foot, the feet among them.
    """

    def __init__(self, session: Session, feet: Mapping[str, str], solid: Sequence[str]) -> None:
        others = {foot: [prim for prim in solid if prim != foot] for foot in feet.values()}
        self._binding = session.contacts(others, _CAPACITY)
        self._rows = {side: self._binding.sensor_paths.index(foot) for side, foot in feet.items()}
        shape = self._binding.sensor_count, self._binding.filter_count
        self._sizes = np.zeros((_CAPACITY, 1), np.float32), np.zeros((_CAPACITY, 1), np.float32)
        self._points, self._normals, self._anchors, self._frictions = (
            np.zeros((_CAPACITY, 3), np.float32) for _ in range(4)
        )
        self._counts, self._starts = np.zeros(shape, np.int32), np.zeros(shape, np.int32)

    def wrenches(self, soles: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Return force [N] and torque [N m] on each foot about a point, each shape (6,).

        Args:
            soles: the point of each side, world frame [m].
        """
        wrenches = {side: np.zeros(6) for side in SIDES}
        sizes, separations = self._sizes
        self._binding.read_normal_contact_data(
            sizes, self._points, self._normals, separations, self._counts, self._starts
        )
        self._add(wrenches, soles, self._points, sizes * self._normals)
        self._binding.read_friction_contact_data(
            self._frictions, self._anchors, self._counts, self._starts
        )
        self._add(wrenches, soles, self._anchors, self._frictions)
        return wrenches

    def _add(
        self,
        wrenches: Mapping[str, FloatArray],
        soles: Mapping[str, FloatArray],
        points: np.ndarray,
        forces: np.ndarray,
    ) -> None:
        for side, row in self._rows.items():
            for column in np.flatnonzero(self._counts[row]):
                start = int(self._starts[row, column])
                some = slice(start, start + int(self._counts[row, column]))
                force = forces[some].astype(np.float64)
                wrenches[side][:3] += force.sum(axis=0)
                wrenches[side][3:] += _moment(points[some] - soles[side], force)


def _moment(arms: FloatArray, forces: FloatArray) -> FloatArray:
    """Return the sum of the cross products of the rows."""
    products = arms.T @ forces
    return np.array(
        [
            products[1, 2] - products[2, 1],
            products[2, 0] - products[0, 2],
            products[0, 1] - products[1, 0],
        ]
    )
