import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vla_humanoid.control.zmp_plan import ZmpSegment, bounded_dcm, dcm_before
from vla_humanoid.schema import FloatArray

points = arrays(np.float64, 2, elements=st.floats(-1.0, 1.0))
omegas = st.floats(2.5, 5.0)
segments = st.builds(ZmpSegment, st.floats(0.0, 0.8), points, points)


def driven(dcm: FloatArray, segment: ZmpSegment, omega: float) -> FloatArray:
    """Where d xi/dt = omega (xi - z) leads, by the classical Runge-Kutta method."""
    steps = 200
    dt = segment.duration / steps

    def rate(share: float, xi: FloatArray) -> FloatArray:
        return omega * (xi - (segment.start + share * (segment.end - segment.start)))

    for i in range(steps):
        k1 = rate(i / steps, dcm)
        k2 = rate((i + 0.5) / steps, dcm + 0.5 * dt * k1)
        k3 = rate((i + 0.5) / steps, dcm + 0.5 * dt * k2)
        k4 = rate((i + 1) / steps, dcm + dt * k3)
        dcm = dcm + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return dcm


@given(segments, points, omegas)
def test_the_pendulum_goes_from_the_dcm_before_a_segment_to_the_one_after_it(
    segment: ZmpSegment, dcm: FloatArray, omega: float
) -> None:
    before = dcm_before(segment, dcm, omega)
    assert driven(before, segment, omega) == pytest.approx(dcm, abs=1e-5)


@given(st.lists(segments, min_size=1, max_size=5), omegas)
def test_a_plan_of_segments_ends_at_rest_over_the_last_zmp(
    plan: list[ZmpSegment], omega: float
) -> None:
    starts = bounded_dcm(plan, omega)
    assert len(starts) == len(plan)
    ends = [*starts[1:], plan[-1].end]
    for segment, start, end in zip(plan, starts, ends, strict=True):
        assert driven(start, segment, omega) == pytest.approx(end, abs=1e-5)


@given(points, st.floats(0.0, 2.0), omegas)
def test_over_a_zmp_that_rests_the_dcm_rests_as_well(
    zmp: FloatArray, duration: float, omega: float
) -> None:
    assert bounded_dcm([ZmpSegment(duration, zmp, zmp)] * 3, omega) == pytest.approx(
        np.tile(zmp, (3, 1)), abs=1e-12
    )


@given(points, points, points, omegas)
def test_what_takes_no_time_changes_nothing(
    start: FloatArray, end: FloatArray, dcm: FloatArray, omega: float
) -> None:
    assert dcm_before(ZmpSegment(0.0, start, end), dcm, omega) == pytest.approx(dcm)


@given(st.lists(segments, min_size=1, max_size=5), omegas)
def test_the_dcm_is_the_mean_of_the_zmps_to_come_and_so_never_leaves_their_range(
    plan: list[ZmpSegment], omega: float
) -> None:
    corners = np.array([point for segment in plan for point in (segment.start, segment.end)])
    for dcm in bounded_dcm(plan, omega):
        assert (dcm >= corners.min(axis=0) - 1e-9).all()
        assert (dcm <= corners.max(axis=0) + 1e-9).all()
