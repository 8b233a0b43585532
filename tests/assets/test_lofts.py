import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.assets.lofts import Axis, Section, loft

widths = st.floats(0.005, 0.2)
rows = st.tuples(widths, st.floats(-0.1, 0.1), st.floats(-0.1, 0.1), widths, widths)


@given(
    axis=st.sampled_from(("x", "y", "z")),
    steps=st.lists(rows, min_size=2, max_size=6),
    roundness=st.floats(0.05, 1.0),
    corner_points=st.integers(2, 6),
)
def test_lofts_are_closed_and_look_outward(
    axis: Axis, steps: list[Section], roundness: float, corner_points: int
) -> None:
    along = np.cumsum([step[0] for step in steps])
    sections = [(float(a), *step[1:]) for a, step in zip(along, steps, strict=True)]
    vertices, faces = loft(axis, sections, roundness, corner_points)

    a, b, c = (vertices[faces[:, k]] for k in range(3))
    assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0.0  # six times the volume
    # Every edge has a neighbour in the opposite sense, once doubled vertices are merged.
    _, merged = np.unique(vertices.round(9), axis=0, return_inverse=True)
    loops = merged.reshape(-1)[faces]
    edges = {(int(t[i]), int(t[(i + 1) % 3])) for t in loops for i in range(3)}
    assert edges == {(end, start) for start, end in edges}


@given(roundness=st.floats(0.05, 1.0), corner_points=st.integers(2, 6))
def test_sections_are_as_wide_as_stated(roundness: float, corner_points: int) -> None:
    vertices, _ = loft(
        "z", [(0.0, 0.1, 0.2, 0.03, 0.02), (1.0, 0.0, 0.0, 0.01, 0.01)], roundness, corner_points
    )
    bottom = vertices[vertices[:, 2] == 0.0]
    assert bottom.min(axis=0)[:2] == pytest.approx((0.07, 0.18))
    assert bottom.max(axis=0)[:2] == pytest.approx((0.13, 0.22))


@pytest.mark.parametrize("heights", [(0.0,), (0.0, 0.0), (0.1, 0.0)])
def test_sections_out_of_order_are_refused(heights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="ascending order"):
        loft("x", [(height, 0.0, 0.0, 0.1, 0.1) for height in heights], 1.0, 3)
