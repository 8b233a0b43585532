from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.postures import READY
from vla_humanoid.control.balance_state import BalanceState
from vla_humanoid.control.footprints import Footprint, Footprints
from vla_humanoid.control.interventions import Interventions
from vla_humanoid.control.safety_filter import SafetyConfig, SafetyFilter, WalkForecast
from vla_humanoid.control.support_polygon import SupportPolygon
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget
from vla_humanoid.schema import SIDES, FloatArray, Pose

CONFIG = SafetyConfig()
UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])
HALF_LENGTH, HALF_WIDTH, OMEGA = 0.1, 0.15, 3.8
NEAR = {"left": np.array([0.2, 0.2, 0.8]), "right": np.array([0.2, -0.2, 0.8])}

anywhere = st.tuples(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(0.2, 1.6)).map(
    lambda p: np.round(p, 6)
)
headings = st.floats(-np.pi, np.pi)
velocities = st.tuples(st.floats(-0.5, 0.5), st.floats(-0.3, 0.3), st.floats(-1.0, 1.0))
offsets = st.floats(-0.4, 0.4)


def filters() -> tuple[SafetyFilter, Interventions]:
    interventions = Interventions()
    return SafetyFilter(CONFIG, interventions), interventions


def target(
    wrists: dict[str, FloatArray] | None = None,
    joints: dict[str, float] | None = None,
    pelvis_height: float = 0.7,
) -> WholeBodyTarget:
    return WholeBodyTarget(
        wrists={side: Pose(place, UPRIGHT) for side, place in (wrists or {}).items()},
        joints=joints or {},
        grips=dict.fromkeys(SIDES, 0.3),
        base_velocity=np.array([0.2, 0.0, 0.1]),
        pelvis_height=pelvis_height,
    )


def balance(dcm: tuple[float, float], zmp: tuple[float, float] = (0.0, 0.0)) -> BalanceState:
    corners = [(x, y) for x in (-HALF_LENGTH, HALF_LENGTH) for y in (-HALF_WIDTH, HALF_WIDTH)]
    support = SupportPolygon(np.array(corners))
    where, pressed = np.array(dcm), np.array(zmp)
    return BalanceState(
        com=np.zeros(3),
        com_velocity=np.zeros(3),
        omega=OMEGA,
        dcm=where,
        zmp=pressed,
        zmp_dynamics=pressed,
        support=support,
        support_margin=support.margin(where),
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"base_velocity": [0.3, 0.0, 0.0]}, "base_velocity is an array of three entries"),
        ({"base_velocity": np.zeros(2)}, "base_velocity is an array of three entries"),
        ({"joints": {"third_arm_joint": 0.0}}, "Unknown joint third_arm_joint"),
        ({"wrists": {"middle": Pose(np.zeros(3), UPRIGHT)}}, "Unknown wrist middle"),
        ({"wrists": {"left": Pose(np.zeros(2), UPRIGHT)}}, r"left wrist's .* \(2,\) and \(4,\)"),
        ({"grips": {"left": 0.0}}, "grips has one entry for each"),
    ],
)
def test_a_target_of_another_form_is_refused_by_name(
    changes: dict[str, object], message: str
) -> None:
    checking, interventions = filters()
    before = target()
    with pytest.raises(ValueError, match=message):
        checking.finite(replace(before, **changes), before)
    assert not interventions.counts


@given(anywhere, anywhere, st.floats(0.4, 0.9))
def test_a_standing_robot_may_reach_anywhere(
    left: FloatArray, right: FloatArray, height: float
) -> None:
    checking, interventions = filters()
    asked = target({"left": left, "right": right}, pelvis_height=height)
    assert checking.verify_balance_constraints(asked, walking=False) is asked
    assert not interventions.counts


def test_what_is_safe_while_walking_is_left_as_it_is() -> None:
    checking, interventions = filters()
    asked = target(NEAR, {"left_elbow_joint": READY["left_elbow_joint"] + 0.5})
    safe = checking.verify_balance_constraints(asked, walking=True)
    assert not interventions.counts
    assert safe.joints == asked.joints
    assert safe.pelvis_height == asked.pelvis_height
    for side in SIDES:
        np.testing.assert_array_equal(safe.wrists[side].position, NEAR[side])


@given(anywhere, anywhere, st.floats(0.4, 0.9))
def test_wrists_of_a_walking_robot_go_to_the_nearest_place_by_the_body(
    left: FloatArray, right: FloatArray, height: float
) -> None:
    checking, interventions = filters()
    asked = target({"left": left, "right": right}, pelvis_height=height)
    safe = checking.verify_balance_constraints(asked, walking=True)
    back, front, low, high, across, aside = CONFIG.walking_box
    for side, outward in (("left", 1.0), ("right", -1.0)):
        x, y, z = safe.wrists[side].position
        assert back <= x <= front
        assert -across <= outward * y <= aside
        assert low <= z <= high
    assert CONFIG.walking_heights[0] <= safe.pelvis_height <= CONFIG.walking_heights[1]
    again = checking.verify_balance_constraints(safe, walking=True)
    for side in SIDES:  # Nothing safe is moved.
        np.testing.assert_array_equal(again.wrists[side].position, safe.wrists[side].position)
    moved = [
        side
        for side in SIDES
        if (safe.wrists[side].position != (left, right)[side == "right"]).any()
    ]
    assert interventions.counts["arms_near_while_walking"] == len(moved)


@given(st.dictionaries(st.sampled_from(JOINT_NAMES[15:29]), st.floats(-3.0, 3.0)))
def test_joints_of_a_walking_robot_stay_near_the_ready_posture(joints: dict[str, float]) -> None:
    checking, interventions = filters()
    safe = checking.verify_balance_constraints(target(joints=joints), walking=True).joints
    assert set(safe) == set(joints)
    reach = CONFIG.walking_joint_range
    changed = False
    for name, position in joints.items():
        assert abs(safe[name] - READY[name]) <= reach + 1e-9
        is_near = abs(position - READY[name]) <= reach
        assert not is_near or safe[name] == pytest.approx(position)
        changed |= not is_near
    assert interventions.counts["arms_near_while_walking"] == int(changed)


def test_what_has_nothing_to_do_with_balance_is_never_touched() -> None:
    checking, _ = filters()
    asked = target({side: np.array([0.8, 0.0, 0.3]) for side in SIDES}, pelvis_height=0.5)
    safe = checking.verify_balance_constraints(asked, walking=True)
    assert safe.grips == asked.grips
    np.testing.assert_array_equal(safe.base_velocity, asked.base_velocity)
    for side in SIDES:
        np.testing.assert_array_equal(safe.wrists[side].quat_wxyz, asked.wrists[side].quat_wxyz)


def test_arms_slow_down_as_the_dcm_nears_the_edge_and_stop_before_it() -> None:
    checking, interventions = filters()
    shares = [  # The ZMP is under the DCM, so that this is not predicted to move.
        checking.pace(balance((x, 0.0), (x, 0.0)), None)
        for x in np.linspace(0.0, HALF_LENGTH, 41).tolist()
    ]
    assert shares[0] == 1.0
    assert shares[-1] == 0.0
    assert (np.diff(shares) <= 0.0).all()
    assert any(0.0 < share < 1.0 for share in shares)
    assert interventions.counts == {"arms_slowed": 1}


def test_arms_stop_for_a_dcm_that_is_about_to_leave() -> None:
    checking, _ = filters()
    here = (0.03, 0.0)
    assert checking.pace(balance(here, here), None) == 1.0
    assert checking.pace(balance(here, (-0.1, 0.0)), None) == 0.0


WALKS = st.builds(WalkForecast, st.just(np.zeros(2)), st.floats(0.0, 0.2))


@given(st.tuples(offsets, offsets), st.tuples(offsets, offsets), st.none() | WALKS)
def test_a_pace_is_a_share_and_says_when_it_is_less_than_one(
    dcm: tuple[float, float], zmp: tuple[float, float], walk: WalkForecast | None
) -> None:
    checking, interventions = filters()
    share = checking.pace(balance(dcm, zmp), walk)
    assert 0.0 <= share <= 1.0
    assert interventions.counts["arms_slowed"] == int(share < 1.0)


def test_walking_arms_stop_where_the_dcm_is_off_its_plan_not_where_it_is() -> None:
    checking, _ = filters()
    outside = balance((0.3, 0.0))
    assert checking.pace(outside, WalkForecast(np.array([0.3, 0.0]), 0.0)) == 1.0
    off = np.array([0.3 - CONFIG.walking_error, 0.0])
    assert checking.pace(outside, WalkForecast(off, 0.0)) == 0.0


def test_walking_arms_stop_where_the_next_step_will_not_catch_the_dcm() -> None:
    checking, _ = filters()
    on_plan = balance((0.3, 0.0))
    assert checking.pace(on_plan, WalkForecast(on_plan.dcm, CONFIG.walking_misses[1])) == 0.0


@given(st.lists(st.floats(0.0, 0.2), min_size=2, max_size=8).map(sorted))
def test_the_more_the_next_step_will_miss_the_slower_it_walks(misses: list[float]) -> None:
    checking, interventions = filters()
    asked = np.array([0.4, -0.1, 0.3])
    slow, stop = CONFIG.walking_misses
    shares = []
    for miss in misses:
        velocity = checking.sustainable_velocity(asked, miss)
        shares.append(float(velocity[0] / asked[0]))
        np.testing.assert_allclose(velocity, shares[-1] * asked)
        assert miss > slow or velocity is asked
        assert miss < stop or not velocity.any()
    assert shares == sorted(shares, reverse=True)
    assert interventions.counts["walk_slowed"] == int(misses[-1] > slow)


def test_a_miss_or_margin_that_trembles_about_its_threshold_counts_once() -> None:
    checking, interventions = filters()
    asked, slow = np.array([0.4, 0.0, 0.0]), CONFIG.walking_misses[0]
    low, edge = 0.5 * CONFIG.hysteresis, HALF_LENGTH - CONFIG.slow_margin
    for miss, x in ((slow + 0.001, edge + 0.001), (slow - low, edge - low)) * 5:
        checking.sustainable_velocity(asked, miss)
        checking.pace(balance((x, 0.0), (x, 0.0)), None)
    assert interventions.counts == {"walk_slowed": 1, "arms_slowed": 1}
    for miss, x in ((0.0, 0.0), (slow + 0.001, edge + 0.001)):
        checking.sustainable_velocity(asked, miss)
        checking.pace(balance((x, 0.0), (x, 0.0)), None)
    assert interventions.counts == {"walk_slowed": 2, "arms_slowed": 2}


@given(
    st.tuples(st.floats(-9.0, 9.0), st.floats(-9.0, 9.0), st.floats(-9.0, 9.0)),
    st.floats(-9.0, 9.0),
    st.floats(-9.0, 9.0),
    st.floats(-9.0, 9.0),
)
def test_targets_are_brought_within_their_ranges_and_what_is_within_is_not_touched(
    place: tuple[float, float, float], joint: float, grip: float, height: float
) -> None:
    checking, interventions = filters()
    asked = replace(
        target({"left": np.array(place)}, {"left_knee_joint": joint}, height),
        grips={"left": grip, "right": 0.5},
    )
    bounded = checking.bounded(asked)
    low, high = JOINT_RANGES["left_knee_joint"]
    assert low <= bounded.joints["left_knee_joint"] <= high
    assert 0.0 <= bounded.grips["left"] <= 1.0
    assert 0.5 <= bounded.pelvis_height <= 0.78
    assert bounded.grips["right"] == 0.5
    moved = bounded.wrists["left"].position != place
    changed = moved.any() or bounded.joints != asked.joints or bounded.grips != asked.grips
    changed = changed or bounded.pelvis_height != height
    assert interventions.counts["out_of_bounds"] == int(changed)
    again = checking.bounded(bounded)
    assert interventions.counts["out_of_bounds"] == int(changed)
    assert again.joints == bounded.joints
    assert again.wrists["left"] is bounded.wrists["left"]


def stance(x: float = 0.0, y: float = 0.0, yaw: float = 0.0) -> StanceFrame:
    return StanceFrame(np.array([x, y, 0.0]), yaw)


AHEAD = np.array([0.4, 0.0, 0.3])
BARREL = Footprints([Footprint((1.0, 0.0), radius=0.2)])


def test_far_from_everything_velocities_pass() -> None:
    checking, interventions = filters()
    assert checking.clear_velocity(AHEAD, stance(), Footprints()) is AHEAD
    assert checking.clear_velocity(AHEAD, stance(x=-2.0), BARREL) is AHEAD
    assert not interventions.counts


def test_before_an_obstacle_the_robot_stops_but_may_turn_and_leave() -> None:
    checking, interventions = filters()
    there = stance(x=1.0 - 0.2 - CONFIG.clearance)
    stopped = checking.clear_velocity(AHEAD, there, BARREL)
    np.testing.assert_allclose(stopped, [0.0, 0.0, AHEAD[2]], atol=1e-9)
    assert interventions.counts == {"obstacle_ahead": 1}
    back = np.array([-0.3, 0.0, 0.0])
    assert checking.clear_velocity(back, there, BARREL) is back


def test_ahead_is_where_the_robot_faces() -> None:
    checking, _ = filters()
    away = stance(x=0.4, yaw=np.pi)
    assert checking.clear_velocity(AHEAD, away, BARREL) is AHEAD
    assert checking.clear_velocity(-AHEAD, away, BARREL)[0] > -AHEAD[0]


def test_too_near_already_the_robot_may_only_go_away() -> None:
    checking, _ = filters()
    inside = stance(x=0.7)
    np.testing.assert_array_equal(
        checking.clear_velocity(AHEAD, inside, BARREL), [0.0, 0.0, AHEAD[2]]
    )
    assert checking.clear_velocity(-AHEAD, inside, BARREL)[0] == -AHEAD[0]


@given(velocities, st.tuples(offsets, offsets), headings)
def test_a_velocity_is_slowed_down_along_its_own_direction(
    velocity: tuple[float, float, float], place: tuple[float, float], yaw: float
) -> None:
    checking, _ = filters()
    table = Footprints([Footprint((1.0, 0.0), (0.3, 0.5), 0.05)])
    asked = np.array(velocity)
    safe = checking.clear_velocity(asked, stance(*place, yaw), table)
    assert safe[2] == asked[2]
    assert safe[0] * asked[1] == pytest.approx(safe[1] * asked[0])
    assert safe[:2] @ asked[:2] >= 0.0
    assert np.hypot(*safe[:2]) <= np.hypot(*asked[:2]) + 1e-12


@settings(max_examples=40)
@given(velocities, headings)
def test_whatever_is_asked_for_ever_the_robot_never_comes_much_too_near(
    velocity: tuple[float, float, float], yaw: float
) -> None:
    checking, _ = filters()
    here = stance(yaw=yaw)
    for _ in range(120):
        safe = checking.clear_velocity(np.array(velocity), here, BARREL)
        moved = here.rotation @ np.array([safe[0], safe[1], 0.0]) * 0.1
        here = StanceFrame(here.origin + moved, here.yaw + 0.1 * float(safe[2]))
        # It looks where the way ends, which may cut the corner by a little.
        assert BARREL.clearance(here.origin[:2]) >= CONFIG.clearance - 0.06
