import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.control.references import FilterLimits, RotationReference, VectorReference
from vla_humanoid.control.rotations import rotation_error, rotvec_to_quat

LIMITS = FilterLimits(bandwidth=20.0, speed=0.6, acceleration=3.0)
DT = 0.004

vectors = st.tuples(*(st.floats(-1.0, 1.0) for _ in range(3))).map(np.array)


@given(st.lists(vectors, min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_a_point_never_breaks_its_limits_and_arrives(targets: list[np.ndarray]) -> None:
    reference = VectorReference(np.zeros(3), LIMITS)
    for target in targets:
        for _ in range(100):
            reference.advance(target, DT)
            assert np.linalg.norm(reference.acceleration) <= LIMITS.acceleration + 1e-9
            assert np.linalg.norm(reference.velocity) <= LIMITS.speed * 1.05
    for _ in range(2000):
        reference.advance(targets[-1], DT)
    assert reference.value == pytest.approx(targets[-1], abs=1e-4)


@given(vectors)
@settings(max_examples=30, deadline=None)
def test_an_orientation_arrives(rotvec: np.ndarray) -> None:
    reference = RotationReference(np.array([1.0, 0.0, 0.0, 0.0]), FilterLimits(20.0, 3.0, 25.0))
    target = rotvec_to_quat(rotvec)
    for _ in range(1500):
        reference.advance(target, DT)
    assert np.linalg.norm(rotation_error(target, reference.quat_wxyz)) < 1e-3
