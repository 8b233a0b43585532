"""Keeps the robot's arms clear of its body and of each other, and its legs of each other."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.control.closest_points import closest_parameters, dots
from vla_humanoid.control.collision_capsules import CAPSULES, PAIRS
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.control.whole_body_qp import Limit
from vla_humanoid.schema import FloatArray

_UNBOUNDED = 1e30
_NO_AUTHORITY = 1e-9
_TOUCHING = 1e-9
"""Least distance between the axes of two capsules that has a direction [m]."""


@dataclass(frozen=True)
class SelfCollisionConfig:
    """How the robot keeps clear of itself.

    Args:
        margin: least distance between the capsules of a pair [m].
        activation: pairs further apart than this are left alone [m].
        rate: how fast a pair may use up what is left of its distance [1/s].
        push: what a pair may demand at most: the acceleration away from each other that all joints
            between its links cause together when each accelerates by this [rad/s^2].
        rows: numbers of rows that a limit may have, ascending. Of more pairs than the last, those
            are left out that would need the largest joint accelerations to use up their bounds.
    """

    margin: float = 0.005
    activation: float = 0.08
    rate: float = 15.0
    push: float = 60.0
    rows: tuple[int, ...] = (0, 4, 8)


@dataclass(frozen=True)
class Proximity:
    """The pairs of capsules that are close to each other.

    Args:
        pairs: their numbers in `PAIRS`, shape (n,).
        distance: between their surfaces, negative where they overlap [m], shape (n,).
        jacobian: of the distance, shape (n, nv).
        rate: at which the distance changes [m/s], shape (n,).
        drift: acceleration of the closest points away from each other when no generalized
            acceleration acts [m/s^2], shape (n,). That they slide along the capsules, and that
            their direction turns, is left out: it would let arms come closer, and jumps.
    """

    pairs: NDArray[np.intp]
    distance: FloatArray
    jacobian: FloatArray
    rate: FloatArray
    drift: FloatArray


class _Gaps(NamedTuple):
    """Where the axes of n pairs of capsules are closest, and from the second's to the first's.

    Args:
        at_first, at_second: their closest points, seen from a point on the robot [m], world axes,
            shape (n, 3).
        vector: from the second's to the first's [m], world frame, shape (n, 3).
        width: its length [m], shape (n,).
        seen_from: that point [m], world frame, shape (3,).
    """

    at_first: FloatArray
    at_second: FloatArray
    vector: FloatArray
    width: FloatArray
    seen_from: FloatArray


class SelfCollisionGuard:
    """Turns distances between the robot's own links into limits of its acceleration."""

    def __init__(self, model: RobotModel, config: SelfCollisionConfig | None = None) -> None:
        self.config = config or SelfCollisionConfig()
        self._model = model
        names, capsules = list(CAPSULES), list(CAPSULES.values())
        self._links = model.link_points([capsule.link for capsule in capsules])
        starts = np.array([capsule.start for capsule in capsules])
        spans = np.array([capsule.end for capsule in capsules]) - starts
        self._axes = np.stack([starts, spans], axis=2)
        self._first = np.array([names.index(first) for first, _ in PAIRS])
        self._second = np.array([names.index(second) for _, second in PAIRS])
        squares = dots(spans, spans)
        self._aa, self._bb = squares[self._first], squares[self._second]
        self._products = _product_places(self._first, self._second, len(capsules))
        radii = np.array([capsule.radius for capsule in capsules])
        self._radii = radii[self._first] + radii[self._second]

    def limit(self) -> Limit:
        """Return bounds that keep the closest pairs at their margin, for the model's state.

        A pair at distance d is held to d'' >= -2 rate d' - rate^2 (d - margin), an exponential
        control barrier (Q. Nguyen and K. Sreenath, ACC 2016). What that asks of a pair that is too
        close already is bounded, so that the program stays feasible. Spare rows are zero.
        """
        config, near = self.config, self.proximity()
        jacobian = near.jacobian
        room = config.rate**2 * (near.distance - config.margin) + 2.0 * config.rate * near.rate
        authority = np.maximum(np.abs(jacobian).sum(axis=1), _NO_AUTHORITY)
        # In terms of joint accelerations: how much of the bound is left, and how much is demanded.
        share = np.maximum((room + near.drift) / authority, -config.push)
        urgent = share.argsort()[: config.rows[-1]]
        n = len(urgent)
        count = next(rows for rows in config.rows if rows >= n)
        rows, high = np.zeros((count, self._model.nv)), np.full(count, _UNBOUNDED)
        rows[:n], high[:n] = -jacobian.take(urgent, 0), (share * authority).take(urgent)
        return Limit(rows, high)

    def distances(self) -> FloatArray:
        """Return the distance of each of `PAIRS` [m], shape (len(PAIRS),)."""
        return self._gaps().width - self._radii

    def proximity(self) -> Proximity:
        """Return the pairs within the activation distance."""
        gaps = self._gaps()
        distance = gaps.width - self._radii
        (pairs,) = (distance < self.config.activation).nonzero()
        n = len(pairs)
        if n == 0:
            return Proximity(pairs, np.zeros(0), np.zeros((0, self._model.nv)), *np.zeros((2, 0)))
        first, second = self._first.take(pairs), self._second.take(pairs)
        ends = np.concatenate([gaps.at_first.take(pairs, 0), gaps.at_second.take(pairs, 0)])
        ends += gaps.seen_from
        normal = gaps.vector.take(pairs, 0) / gaps.width.take(pairs)[:, None]
        jacobian = self._links.separation_jacobian(first, second, ends[:n], normal)
        rate = jacobian[:, 6:] @ self._model.velocities
        drifts = self._links.drifts(np.concatenate([first, second]), ends)
        drift = dots(normal, drifts[:n] - drifts[n:])
        return Proximity(pairs, distance[pairs], jacobian, rate, drift)

    def _gaps(self) -> _Gaps:
        origins, rotations = self._links.frames()
        axes = rotations @ self._axes
        # Near the robot, lest products of large numbers lose digits.
        starts, spans = origins - origins[0] + axes[:, :, 0], axes[:, :, 1]
        vectors = np.concatenate([starts, spans])
        products = (vectors @ vectors.T).take(self._products)
        ab, a_a, a_b, b_a, b_b = products
        on_a, on_b = closest_parameters(self._aa, self._bb, ab, a_a - a_b, b_a - b_b)
        at_a = starts.take(self._first, 0) + on_a[:, None] * spans.take(self._first, 0)
        at_b = starts.take(self._second, 0) + on_b[:, None] * spans.take(self._second, 0)
        vector = at_a - at_b
        width = np.maximum(np.sqrt(dots(vector, vector)), _TOUCHING)
        return _Gaps(at_a, at_b, vector, width, origins[0])


def _product_places(
    first: NDArray[np.intp], second: NDArray[np.intp], capsules: int
) -> NDArray[np.intp]:
    """Return where products of each pair stand in the table of all starts, then spans, by the same.

    They are, as rows of shape (5, n): first span by second span, first span by first and by second
    start, second span by first and by second start.
    """
    first_span, second_span = 2 * capsules * (capsules + np.array([first, second]))
    return np.array(
        [
            first_span + capsules + second,
            *(first_span + first, first_span + second),
            *(second_span + first, second_span + second),
        ]
    )
