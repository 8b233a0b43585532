"""The ZMP over the coming footsteps, and the one motion of the DCM that it keeps bounded.

The DCM of the linear inverted pendulum moves by ``d xi/dt = omega (xi - z)``: away from the ZMP z.
Of all motions that follow a planned ZMP, only one stays bounded for all times::

    xi(t) = omega * integral over s >= 0 of exp(-omega s) z(t + s)

It looks ahead, as S. Kajita's preview control (ICRA 2003) does, in closed form. Sources: the
boundedness condition of L. Lanari, S. Hutchinson, L. Marchionni, Humanoids 2014, and the DCM
recursion of J. Englsberger, C. Ott, A. Albu-Schaeffer, T-RO 2015.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vla_humanoid.schema import FloatArray


@dataclass(frozen=True)
class ZmpSegment:
    """The ZMP moves in a straight line at constant speed.

    Args:
        duration: [s], not negative.
        start, end: ZMP [m], world frame, shape (2,).
    """

    duration: float
    start: FloatArray
    end: FloatArray


def dcm_before(segment: ZmpSegment, dcm: FloatArray, omega: float) -> FloatArray:
    """Return the DCM at the start of a segment that leads to a DCM at its end.

    Args:
        segment: how the ZMP moves.
        dcm: at the end of the segment [m], shape (2,).
        omega: natural frequency of the pendulum [rad/s].
    """
    phase = omega * segment.duration
    if phase < 1e-6:
        return dcm
    decay = math.exp(-phase)
    # Weights of the ZMP's end points in the integral over the segment.
    late = (1.0 - decay * (1.0 + phase)) / phase
    early = 1.0 - decay - late
    return decay * dcm + early * segment.start + late * segment.end


def bounded_dcm(segments: Sequence[ZmpSegment], omega: float) -> list[FloatArray]:
    """Return the DCM at the start of each segment of a plan after which the ZMP rests.

    Args:
        segments: at least one, in order.
        omega: natural frequency of the pendulum [rad/s].

    Returns:
        One DCM [m], shape (2,), per segment.
    """
    dcm = segments[-1].end
    starts: list[FloatArray] = []
    for segment in reversed(segments):
        dcm = dcm_before(segment, dcm, omega)
        starts.append(dcm)
    return starts[::-1]
