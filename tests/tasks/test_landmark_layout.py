import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.scene import Landmark
from vla_humanoid.tasks.core.landmark_layout import (
    LandmarkRanges,
    footprint_radius,
    sample_landmarks,
)
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.stance import Stance, wrapped
from vla_humanoid.tasks.core.standing_place import (
    ROOM,
    STAND_OFF,
    edge_distance,
    is_at,
    standing_place,
)
from vla_humanoid.tasks.turn_to_face import LANDMARKS as AROUND
from vla_humanoid.tasks.walk_to_target import LANDMARKS as SCATTERED

START = Stance(0.0, 0.0, 0.0)


def sample(seed: int, ranges: LandmarkRanges, *off: str) -> tuple[Landmark, ...]:
    return sample_landmarks(EpisodeRandom(seed, DEFAULT_AXES - set(off)), ranges)


@pytest.mark.parametrize("ranges", [SCATTERED, AROUND])
@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_landmarks_are_within_their_ranges_and_distinct(ranges: LandmarkRanges, seed: int):
    landmarks = sample(seed, ranges)
    assert ranges.count[0] <= len(landmarks) <= ranges.count[1]
    assert len({(mark.color, mark.shape) for mark in landmarks}) == len(landmarks)
    assert len({mark.name for mark in landmarks}) == len(landmarks)
    for mark in landmarks:
        assert ranges.distances[0] <= START.distance(*mark.position) <= ranges.distances[1]
        assert ranges.bearings[0] <= abs(START.bearing(*mark.position)) <= ranges.bearings[1]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31))
def test_there_is_room_between_scattered_landmarks(seed: int):
    for a, b in combinations(sample(seed, SCATTERED), 2):
        edges = footprint_radius(a) + footprint_radius(b)
        assert math.dist(a.position, b.position) - edges >= SCATTERED.gap


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31))
def test_landmarks_all_around_cannot_be_faced_two_at_once(seed: int):
    for a, b in combinations(sample(seed, AROUND), 2):
        angle = wrapped(START.bearing(*a.position) - START.bearing(*b.position))
        assert abs(angle) >= AROUND.bearing_gap - 1e-9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
def test_distractors_change_nothing_else(seed: int):
    fewest = sample(seed, SCATTERED, "distractors")
    assert len(fewest) == SCATTERED.count[0]
    assert sample(seed, SCATTERED)[: len(fewest)] == fewest


def test_sizes_and_places_follow_their_axes():
    nominal = sample(3, SCATTERED, "object_size")
    assert all(mark.scale == 1.0 for mark in nominal)
    assert len({mark.scale for mark in sample(3, SCATTERED)}) > 1
    a, b = sample(4, SCATTERED), sample(5, SCATTERED)
    assert a[0].position != b[0].position


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31))
def test_there_is_a_place_to_stand_before_each_landmark(seed: int):
    landmarks = sample(seed, SCATTERED)
    for landmark in landmarks:
        others = [other for other in landmarks if other is not landmark]
        place = standing_place(landmark, others, START)
        assert is_at(place, landmark)
        assert edge_distance(place, landmark) == pytest.approx(STAND_OFF)
        assert all(edge_distance(place, other) >= ROOM for other in others)


def test_the_place_is_on_the_near_side_unless_something_is_there():
    cone = Landmark("red_cone", "cone", "red", (1.0, 0.0, 0.0), (2.0, 0.0))
    place = standing_place(cone, [], START)
    assert place.y == pytest.approx(0.0)
    assert place.yaw == pytest.approx(0.0)
    assert place.x < 2.0 - STAND_OFF
    crate = Landmark("red_crate", "crate", "red", (1.0, 0.0, 0.0), (1.1, 0.0))
    aside = standing_place(cone, [crate], START)
    assert is_at(aside, cone)
    assert edge_distance(aside, crate) >= ROOM
