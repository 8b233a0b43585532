"""Policies of other embodiments: what is told to them, and what becomes of what they answer."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from mapped_robot import (
    END_EFFECTOR,
    GRIP,
    ROBOT,
    STATE_NAMES,
    TURN,
    WRIST,
    Foreign,
    done,
    mapping,
    physical,
    query,
    state,
)

from vla_humanoid.embodiment.rotations import LAYOUTS, quats_from, rotvecs_from, values_from
from vla_humanoid.policy_runner.execution import RecedingHorizon
from vla_humanoid.policy_runner.inference import InStep
from vla_humanoid.policy_runner.mapped.policy import MappedPolicy
from vla_humanoid.policy_runner.policy import PolicyError, Query
from vla_humanoid.policy_runner.runner import PolicyRunner

POSITION = {"right_wrist_position": {"indices": [0, 1, 2], "unit": "m"}}
HALF_TURNS = st.tuples(*3 * [st.floats(-1.7, 1.7)]).map(np.array)
FLOATS = st.floats(-1.0, 1.0, width=32)
IN_REACH = arrays.arrays(np.float64, (6, 3), elements=st.floats(0.3, 0.8))
SMALL_TURNS = arrays.arrays(np.float64, (6, 3), elements=st.floats(-0.4, 0.4))


def relative(rule: dict[str, object], to: object = "previous", **more: object) -> dict[str, object]:
    return {**rule, "relative": to, **more}


@given(
    arrays.arrays(np.float32, (5, len(END_EFFECTOR)), elements=FLOATS),
    arrays.arrays(np.float32, (len(STATE_NAMES),), elements=st.floats(-50, 50, width=32)),
    st.integers(0, 255),
)
def test_a_mapping_that_changes_nothing_changes_no_bit(
    chunk: np.ndarray, sensed: np.ndarray, shade: int
) -> None:
    units = [{"name": field.name, "unit": field.unit} for field in ROBOT.state]
    said = mapping(
        {name: {"name": name, "unit": "normalized"} for name in END_EFFECTOR},
        names=END_EFFECTOR,
        dim=len(END_EFFECTOR),
        images={"images/head": {"camera": "head", "size": 16}},
        observation={"state": {"entries": units}},
    )
    foreign = Foreign(chunk)
    image = np.full((16, 16, 3), shade, dtype=np.uint8)
    observation = {"images/head": image, "state": sensed, "instruction": "lift the cube"}
    found = MappedPolicy(foreign, said).act(Query(observation, chunk[:0]))
    assert found.tobytes() == chunk.tobytes()
    (told,) = foreign.told
    assert set(told) == {"images/head", "state", "prompt"}
    assert told["prompt"] == "lift the cube"
    assert np.asarray(told["state"]).tobytes() == sensed.tobytes()
    assert np.asarray(told["images/head"]).tobytes() == image.tobytes()


@given(st.floats(0.0, 1.0), st.floats(-5.0, 5.0), st.floats(-5.0, 5.0))
def test_a_grip_that_is_told_and_done_in_any_range_is_itself(
    grip: float, opened: float, closed: float
) -> None:
    if abs(opened - closed) < 0.1:
        closed = opened + 1.0
    ends = {"open": opened, "closed": closed}
    said = mapping(
        {"right_grip": {"index": 0, **ends}},
        dim=1,
        observation={"grip": {"entries": [{"name": "right_grip_command", **ends}]}},
    )
    foreign = Foreign(lambda told: np.asarray(told["grip"])[None])
    found = MappedPolicy(foreign, said).act(query(state(right_grip_command=grip)))
    np.testing.assert_allclose(physical(found)[:, GRIP], grip, atol=1e-5)


def test_an_inverted_grip_is_inverted() -> None:
    said = mapping({"right_grip": {"index": 0, "open": 1.0, "closed": -1.0}}, dim=1)
    assert done(said, np.array([[1.0], [-1.0], [0.0]]))[:, GRIP].tolist() == [0.0, 1.0, 0.5]


@given(IN_REACH, SMALL_TURNS, st.sampled_from(["fixed", "moving"]))
def test_changes_lead_where_the_targets_are(
    places: np.ndarray, rotvecs: np.ndarray, axes: str
) -> None:
    turns = quats_from(rotvecs, "rotvec")
    rotation: dict[str, object] = {"indices": [3, 4, 5, 6], "layout": "quat_wxyz"}
    absolute = mapping({**POSITION, "right_wrist_rotation": rotation}, dim=7)
    changing = mapping(
        {
            "right_wrist_position": relative(POSITION["right_wrist_position"]),
            "right_wrist_rotation": relative(rotation, axes=axes),
        },
        dim=7,
    )
    targets = np.hstack([places, turns])
    wanted = done(absolute, targets[1:])
    before = MappedPolicy(Foreign(targets[:1]), absolute).act(query())[0]
    steps: list[np.ndarray] = []
    for old, new in pairwise(turns):
        inverse = old * [1, -1, -1, -1]
        steps.append(product(new, inverse) if axes == "fixed" else product(inverse, new))
    changes = np.hstack([np.diff(places, axis=0), np.array(steps)])
    found = done(changing, changes, previous=before)
    np.testing.assert_allclose(found[:, WRIST], wanted[:, WRIST], atol=1e-5)
    np.testing.assert_allclose(found[:, TURN], wanted[:, TURN], atol=1e-5)


def product(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    (w, *v), (u, *x) = first, second
    axis = w * np.array(x) + u * np.array(v) + np.cross(v, x)
    return np.array([w * u - np.dot(v, x), *axis])


def test_changes_of_the_state_begin_where_the_robot_is() -> None:
    now = state(right_wrist_x=0.3, right_wrist_y=-0.2, right_wrist_z=0.9)
    said = mapping(
        {
            "right_wrist_position": relative(
                {"indices": [0, 1, 2], "unit": "m", "scale": 0.01}, True
            )
        },
        dim=3,
    )
    found = done(said, np.array([[1.0, 0.0, -2.0], [2.0, 0.0, 0.0]]), now)
    np.testing.assert_allclose(found[:, WRIST], [[0.31, -0.2, 0.88], [0.32, -0.2, 0.9]], atol=1e-6)


def test_what_the_target_before_was_is_the_runners_to_say() -> None:
    """Changes add up over questions, though the robot lags behind them."""
    said = mapping({"right_wrist_x": relative({"index": 0, "unit": "m"})}, dim=1)
    policy = MappedPolicy(Foreign(np.full((8, 1), 0.01)), said)
    runner = PolicyRunner(InStep(policy), RecedingHorizon(2))
    observation = {"state": state(right_wrist_x=0.1), "instruction": "go on"}
    found = physical(np.array([runner.act(observation) for _ in range(6)]))
    expected = 0.1 + 0.01 * np.arange(1, 7)
    np.testing.assert_allclose(found[:, WRIST[0]], expected, atol=1e-5)
    assert not runner.report.fallbacks


@given(HALF_TURNS, HALF_TURNS, HALF_TURNS, st.sampled_from(sorted(LAYOUTS)))
def test_a_pose_in_any_layout_frame_and_tool_is_told_and_done_as_itself(
    turn: np.ndarray, base: np.ndarray, hand: np.ndarray, layout: str
) -> None:
    size = LAYOUTS[layout].size
    angles = {"unit": "deg"} if LAYOUTS[layout].angles else {}
    rotation = {"layout": layout, "frame": "base", "tool": "hand", **angles}
    position = {"unit": "mm", "frame": "base", "tool": "hand"}
    said = mapping(
        {
            "right_wrist_position": {"indices": [size, size + 1, size + 2], **position},
            "right_wrist_rotation": {"indices": list(range(size)), **rotation},
        },
        dim=size + 3,
        frames={
            "base": {"position": [0.3, 0.1, -0.2], "rotation": base.tolist(), "layout": "rotvec"}
        },
        tools={
            "hand": {"position": [0.1, 0.0, -0.05], "rotation": hand.tolist(), "layout": "rotvec"}
        },
        observation={
            "pose": {
                "dtype": "float64",
                "entries": [
                    {"name": "right_wrist_rotation", **rotation},
                    {"name": "right_wrist_position", **position},
                ],
            }
        },
    )
    axes = dict(zip("xyz", turn, strict=True))
    now = state(
        right_wrist_x=0.3,
        right_wrist_y=-0.2,
        right_wrist_z=0.9,
        **{f"right_wrist_rotation_{axis}": value for axis, value in axes.items()},
    )
    foreign = Foreign(lambda told: np.asarray(told["pose"])[None])
    found = physical(MappedPolicy(foreign, said).act(query(now)))
    np.testing.assert_allclose(found[0, WRIST], [0.3, -0.2, 0.9], atol=1e-6)
    np.testing.assert_allclose(found[0, TURN], turn, atol=2e-6)


def test_a_frame_turns_changes_but_does_not_move_them() -> None:
    said = mapping(
        {
            "right_wrist_position": relative(
                {"indices": [0, 1, 2], "unit": "m", "frame": "base"}, True
            )
        },
        dim=3,
        frames={
            "base": {"position": [5, 5, 5], "rotation": [0, 0, 90], "layout": "rotvec"}
            | {"unit": "deg"}
        },
    )
    now = state(right_wrist_x=0.3, right_wrist_y=0.0, right_wrist_z=0.9)
    found = done(said, np.array([[0.1, 0.0, 0.0]]), now)
    np.testing.assert_allclose(found[0, WRIST], [0.3, 0.1, 0.9], atol=1e-6)


@pytest.mark.parametrize("to", [True, "previous"])
def test_a_tool_that_turns_about_its_own_origin_moves_the_wrist(to: object) -> None:
    """It is 10 cm in front of the wrist, and turns left by 90 degrees where it is, in two steps."""
    said = mapping(
        {
            "right_wrist_position": relative(
                {"indices": [0, 1, 2], "unit": "m", "tool": "tip"}, to
            ),
            "right_wrist_rotation": relative(
                {"indices": [3, 4, 5], "layout": "rotvec", "scale": 0.5}, to
            ),
        },
        dim=6,
        tools={"tip": {"position": [0.1, 0.0, 0.0]}},
    )
    now = state(right_wrist_x=0.3, right_wrist_y=0.0, right_wrist_z=0.9)
    half = [0.0, 0.0, 0.0, 0.0, 0.0, np.pi / 2]
    turns = [half, half if to == "previous" else [*half[:5], np.pi]]
    found = done(said, np.array(turns), now)
    np.testing.assert_allclose(found[1, WRIST], [0.4, -0.1, 0.9], atol=1e-6)
    np.testing.assert_allclose(found[1, TURN], [0.0, 0.0, np.pi / 2], atol=1e-6)
    side = 0.1 * np.sqrt(0.5)
    np.testing.assert_allclose(found[0, WRIST], [0.4 - side, -side, 0.9], atol=1e-6)


def test_what_is_held_stays_as_it_was_at_first() -> None:
    policy = MappedPolicy(Foreign(np.zeros((2, 1))), mapping({}, dim=1))
    first = policy.act(query(state(left_wrist_x=0.2, pelvis_height=0.7)))
    again = policy.act(query(state(left_wrist_x=0.5, pelvis_height=0.6)))
    np.testing.assert_array_equal(first, again)
    assert physical(first)[0, END_EFFECTOR.index("left_wrist_x")] == pytest.approx(0.2)
    assert physical(first)[0, END_EFFECTOR.index("base_velocity_x")] == pytest.approx(0.0)
    policy.reset("lift the cube")
    anew = policy.act(query(state(left_wrist_x=0.5)))
    assert physical(anew)[0, END_EFFECTOR.index("left_wrist_x")] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (np.zeros((3, 4)), r"float64 of shape \(3, 4\), where the mapping says \(horizon, 3\)"),
        (np.zeros(3), r"of shape \(3,\)"),
        (np.array([[0.0, np.nan, 0.0]]), r"actions\[1\] is not finite"),
        (np.array([["a", "b", "c"]]), "<U1"),
        (np.array([[250.0, -200.0, 900.0]]), "right_wrist_x is to be 250.*unit looks like mm"),
    ],
)
def test_what_is_not_as_the_mapping_says_is_named(actions: np.ndarray, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        done(mapping(POSITION, dim=3), actions)


def test_what_is_a_little_beyond_our_bounds_is_clipped() -> None:
    found = done(mapping(POSITION, dim=3), np.array([[0.9, 0.0, 0.9]]))
    np.testing.assert_allclose(found[0, WRIST], [0.8, 0.0, 0.9], atol=1e-6)


def test_an_answer_without_actions_is_named() -> None:
    said = mapping({"right_grip": {"index": 0, "open": 0, "closed": 1}}, key="action", dim=1)
    with pytest.raises(PolicyError, match="answers without 'action'; it has 'actions'"):
        done(said, np.zeros((1, 1)))


def test_no_rotation_is_no_rotation() -> None:
    rule = {"right_wrist_rotation": {"indices": [0, 1, 2, 3], "layout": "quat_wxyz"}}
    with pytest.raises(PolicyError, match="right_wrist_rotation: row 0 has length 0"):
        done(mapping(rule, dim=4), np.zeros((1, 4)))


def test_rotations_are_the_policys_to_write_down() -> None:
    turn = quats_from(np.array([[0.3, -0.2, 0.9]]), "rotvec")
    for layout in LAYOUTS:
        written = values_from(turn, layout)
        indices = list(range(LAYOUTS[layout].size))
        said = mapping(
            {"right_wrist_rotation": {"indices": indices, "layout": layout}}, dim=len(indices)
        )
        np.testing.assert_allclose(done(said, written)[:, TURN], rotvecs_from(turn), atol=1e-6)
