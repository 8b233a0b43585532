"""Keeps the robot's arms clear of its body and of each other, and its legs of each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.control.closest_points import closest_parameters, dots
from vla_humanoid.control.collision_capsules import CAPSULES, PAIRS
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.control.whole_body_qp import Limit
from vla_humanoid.schema import FloatArray

_UNBOUNDED = 1e30
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
        rows: numbers of rows that a limit may have, ascending; the last is the most pairs it has.
    """

    margin: float = 0.01
    activation: float = 0.06
    rate: float = 15.0
    push: float = 30.0
    rows: tuple[int, ...] = (0, 4, 8)


@dataclass(frozen=True)
class Proximity:
    """The pairs of capsules that are close to each other, the closest first.

    Args:
        pairs: their numbers in `PAIRS`, shape (n,).
        distance: between their surfaces, negative where they overlap [m], shape (n,).
        jacobian: of the distance, shape (n, nv).
        rate: at which the distance changes [m/s], shape (n,).
        drift: the distance's second derivative when no generalized acceleration acts [m/s^2],
            shape (n,); what sliding of the closest points along the capsules adds is left out.
    """

    pairs: NDArray[np.intp]
    distance: FloatArray
    jacobian: FloatArray
    rate: FloatArray
    drift: FloatArray


@dataclass(frozen=True)
class _Gaps:
    """From the axis of each pair's second capsule to that of its first: vectors, shape (n, 3)."""

    at_first: FloatArray
    at_second: FloatArray
    vector: FloatArray
    width: FloatArray


class SelfCollisionGuard:
    """Turns distances between the robot's own links into limits of its acceleration."""

    def __init__(self, model: RobotModel, config: SelfCollisionConfig | None = None) -> None:
        self.config = config or SelfCollisionConfig()
        self._model = model
        names, capsules = list(CAPSULES), list(CAPSULES.values())
        self._links = model.link_points([capsule.link for capsule in capsules])
        self._start = np.array([capsule.start for capsule in capsules])[:, :, None]
        self._span = np.array([capsule.end for capsule in capsules])[:, :, None] - self._start
        self._first = np.array([names.index(first) for first, _ in PAIRS])
        self._second = np.array([names.index(second) for _, second in PAIRS])
        radii = np.array([capsule.radius for capsule in capsules])
        self._radii = radii[self._first] + radii[self._second]

    def limit(self) -> Limit:
        """Return bounds that keep the closest pairs at their margin, for the model's state.

        A pair at distance d is held to d'' >= -2 rate d' - rate^2 (d - margin), an exponential
        control barrier (Q. Nguyen and K. Sreenath, ACC 2016). What that asks of a pair that is too
        close already is bounded, so that the program stays feasible. Spare rows are zero.
        """
        config, near = self.config, self.proximity()
        n = len(near.pairs)
        count = next(rows for rows in config.rows if rows >= n)
        jacobian, high = np.zeros((count, self._model.nv)), np.full(count, _UNBOUNDED)
        if n > 0:
            room = config.rate**2 * (near.distance - config.margin) + 2.0 * config.rate * near.rate
            authority = np.abs(near.jacobian).sum(axis=1)
            jacobian[:n] = -near.jacobian
            high[:n] = np.maximum(room + near.drift, -config.push * authority)
        return Limit(jacobian, high)

    def distances(self) -> FloatArray:
        """Return the distance of each of `PAIRS` [m], shape (len(PAIRS),)."""
        return self._gaps().width - self._radii

    def proximity(self) -> Proximity:
        """Return the pairs within the activation distance, at most as many as a limit has rows."""
        gaps = self._gaps()
        distance = gaps.width - self._radii
        pairs = np.flatnonzero(distance < self.config.activation)
        pairs = pairs[np.argsort(distance[pairs])[: self.config.rows[-1]]]
        n = len(pairs)
        if n == 0:
            return Proximity(pairs, np.zeros(0), np.zeros((0, self._model.nv)), *np.zeros((2, 0)))
        first, second, points = self._first[pairs], self._second[pairs], gaps.at_first[pairs]
        normal = gaps.vector[pairs] / gaps.width[pairs, None]
        jacobian = self._links.separation_jacobian(first, second, points, normal)
        rate = jacobian[:, 6:] @ self._model.velocities
        motion = self._links.motion(
            np.concatenate([first, second]), np.concatenate([points, gaps.at_second[pairs]])
        )
        drift = dots(normal, motion.drift[:n] - motion.drift[n:])
        if MODE>=1:
            v = motion.velocity[:n]-motion.velocity[n:]
            bend = (dots(v,v)-rate**2)/gaps.width[pairs]
            if MODE>=2:
                s,t=self._st[0][pairs],self._st[1][pairs]
                D=self._spans; Da,Db=D[first],D[second]
                w=motion.spin
                gs=dots(Da,v)/gaps.width[pairs]+dots(normal,np.cross(w[:n],Da))
                gt=-dots(Db,v)/gaps.width[pairs]-dots(normal,np.cross(w[n:],Db))
                fs=(s>0)&(s<1); ft=(t>0)&(t<1)
                gs=np.where(fs,gs,0);gt=np.where(ft,gt,0)
                d0=gaps.width[pairs]
                a=np.where(fs,dots(Da,Da)/d0,1); b=np.where(ft,dots(Db,Db)/d0,1); c=np.where(fs&ft,-dots(Da,Db)/d0,0)
                a=a*(1+MU); b=b*(1+MU)
                det=np.maximum(a*b-c*c,1e-12)
                q=(b*gs*gs-2*c*gs*gt+a*gt*gt)/det
                bend=bend-q
            if MODE==3: bend=np.minimum(bend,0)
            if MODE==4: bend=np.clip(bend,-5,5)
            drift=drift+bend
        return Proximity(pairs, distance[pairs], jacobian, rate, drift)

    def _gaps(self) -> _Gaps:
        origins, rotations = self._links.frames()
        starts = origins + (rotations @ self._start)[:, :, 0]
        spans = (rotations @ self._span)[:, :, 0]
        start_a, span_a = starts[self._first], spans[self._first]
        start_b, span_b = starts[self._second], spans[self._second]
        on_a, on_b = closest_parameters(start_a, span_a, start_b, span_b)
        self._st=(on_a,on_b); self._spans=spans
        at_a, at_b = start_a + on_a[:, None] * span_a, start_b + on_b[:, None] * span_b
        vector = at_a - at_b
        return _Gaps(at_a, at_b, vector, np.maximum(np.sqrt(dots(vector, vector)), _TOUCHING))
MODE=0
MU=0.0
