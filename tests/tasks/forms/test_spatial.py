import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.tasks.core.forms.spatial import RELATIONS, Point, Relation, holds

CENTRE = (0.4, 0.0)
OPPOSITE: dict[Relation, Relation] = {
    "left": "right",
    "right": "left",
    "behind": "before",
    "before": "behind",
}
points = st.tuples(st.floats(0.26, 0.46), st.floats(-0.35, 0.35))


@pytest.mark.parametrize(
    ("place", "relation"),
    [
        ((0.4, 0.15), "left"),
        ((0.4, -0.15), "right"),
        ((0.5, 0.0), "behind"),
        ((0.3, 0.0), "before"),
    ],
)
def test_what_is_clear_is_so_in_one_direction(place: Point, relation: Relation):
    assert holds(relation, place, CENTRE, ()) is True
    assert all(not holds(other, place, CENTRE, ()) for other in OPPOSITE if other != relation)


def test_what_is_hardly_beside_or_between_two_directions_is_unclear():
    assert holds("left", (0.4, 0.02), CENTRE, ()) is None
    assert holds("left", (0.47, 0.08), CENTRE, ()) is None
    assert holds("behind", (0.47, 0.08), CENTRE, ()) is None


def test_what_stands_behind_the_robot_has_no_side():
    assert holds("left", (-1.0, 0.2), CENTRE, ()) is None


@given(points, points)
def test_a_relation_excludes_its_opposite_and_turns_round(place: Point, anchor: Point):
    for relation, opposite in OPPOSITE.items():
        if holds(relation, place, anchor, ()):
            assert holds(opposite, place, anchor, ()) is False
            assert holds(opposite, anchor, place, ()) is True


@given(points, st.lists(points, min_size=2, max_size=5, unique=True))
def test_at_most_one_is_nearest_and_one_farthest(anchor: Point, places: list[Point]):
    for relation in RELATIONS[-2:]:
        answers = [
            holds(relation, place, anchor, tuple(other for other in places if other != place))
            for place in places
        ]
        assert answers.count(True) <= 1


def test_nearest_needs_a_clear_margin():
    near, far = (0.4, 0.1), (0.4, 0.3)
    assert holds("nearest", near, CENTRE, (far,)) is True
    assert holds("nearest", far, CENTRE, (near,)) is False
    assert holds("farthest", far, CENTRE, (near,)) is True
    assert holds("nearest", near, CENTRE, ((0.4, -0.11),)) is None
