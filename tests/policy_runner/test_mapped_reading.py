"""Mappings that make no sense are refused, fault by fault; those that do are told line by line."""

import tomllib
from pathlib import Path

import pytest
from mapped_robot import ROBOT, mapping

from vla_humanoid.embodiment.faults import MappingError
from vla_humanoid.embodiment.table import Table, read_table
from vla_humanoid.policy_runner.mapped.reading import read_policy_mapping
from vla_humanoid.policy_runner.mapped.rows import action_rows, observation_rows, summary, unused

ELBOW = "right_elbow_joint_position"
GRIP = {"index": 7, "open": 1.0, "closed": 0.0}


def test_every_fault_is_told_at_once() -> None:
    content = {
        "control_mode": "end_effector",
        "images": {"wrist": {"camera": "wrist", "size": 224}},
        "observation": {"joints": {"entries": [{"name": "right_elbow_joint", "unit": "rad"}]}},
        "action": {
            "dim": 7,
            "entries": {
                "right_wrist_x": {"index": 0, "unit": "deg"},
                "right_grip": GRIP,
                "left_*": "hold",
                "right_wrist_rotation_x": {"index": 3, "unit": "rad"},
                "right_wrist_rotation_y": {"constant": 0.0},
                "right_wrist_rotation_z": {"constant": 9.0},
                "right_thumb": {"index": 1, "unit": "rad"},
            },
        },
        "speed": 1,
    }
    with pytest.raises(MappingError) as caught:
        read_policy_mapping(Table(content, "arm.toml"), ROBOT)
    faults = str(caught.value).splitlines()
    assert faults[0] == "The mapping arm.toml does not fit:"
    for part in (
        "[wrist]: 'camera' must be a text, one of head, left_wrist, right_wrist, external, black",
        "'right_elbow_joint' is no entry of our state; there are right_elbow_joint_position",
        "action right_wrist_x is in m, which deg cannot be turned into; valid are m, cm, mm",
        "action right_grip: index 7 is beyond the 7 entries",
        "where the entry 'right_wrist_y', 'right_wrist_z', 'base_velocity_x'",
        "action right_wrist_rotation is not complete: only some of its entries move",
        "the constant 9 is not within -3.14159..3.14159 rad",
        "'right_thumb' is no entry of the action",
        "no use for 'speed'",
    ):
        assert sum(part in fault for fault in faults) == 1, part
    assert len(faults) == 10


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"control_mode": "flying"}, "'control_mode' must be a text, one of end_effector"),
        ({"rate": 0}, "'rate' must be a number above 0"),
        ({"rate": float("nan")}, "'rate' must be a number"),
        ({"resampling": "cubic"}, "'resampling' must be a text, one of linear, hold"),
        ({"dim": 2.5}, "'dim' must be a whole number"),
        ({"names": ["a", "a"]}, "'names' must differ"),
        ({"names": ["a"]}, "'names' are 1, where 'dim' is 8"),
        ({"prompt": 3}, "'prompt' must be a text"),
        ({"images": {"a": {"camera": "head"}}}, "'size' must be an edge"),
        ({"images": {"a": {"camera": "head", "size": [2, 3, 4]}}}, "'size' must be an edge"),
        ({"images": {"a": {"camera": "head", "size": 8, "fit": "zoom"}}}, "one of pad, crop"),
        ({"images": {"a": {"camera": "head", "size": 8, "turn": 45}}}, "'turn' must be one of 0"),
        ({"images": {"prompt": {"camera": "head", "size": 8}}}, "has 'prompt' twice"),
        ({"observation": {"a": {"entries": []}}}, "it needs 'entries'"),
        ({"observation": {"a": {"entries": [1]}}}, "entry 0: it must be a table"),
        ({"observation": {"a": {"entries": [{}]}}}, "it needs the 'name'"),
        ({"observation": {"a": {"entries": [{"name": ELBOW, "unit": "m"}]}}}, "of rad, deg, not"),
        (
            {"observation": {"a": {"entries": [{"name": ELBOW, "open": 0, "closed": 1}]}}},
            "are for grips",
        ),
        (
            {"observation": {"a": {"entries": [{"name": "right_wrist_rotation"}]}}},
            "'layout' must be a text",
        ),
        (
            {"observation": {"a": {"entries": [{"constant": 0, "count": 0}]}}},
            "'count' must be a whole number",
        ),
    ],
)
def test_what_makes_no_sense_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(MappingError, match=message):
        mapping({"right_grip": GRIP}, **changes)


@pytest.mark.parametrize(
    ("mode", "entries", "message"),
    [
        ("end_effector", {"right_grip": "missing"}, 'or "hold"'),
        ("end_effector", {"right_grip": {"name": "g", "open": 0, "closed": 1}}, "has no 'g'"),
        (
            "end_effector",
            {"right_wrist_x": {"index": 0, "unit": "m", "relative": "left_elbow_joint_position"}},
            "which has another unit",
        ),
        (
            "end_effector",
            {"base_velocity_x": {"index": 0, "unit": "m/s", "relative": True}},
            "it cannot be relative, since the state has no 'base_velocity_x'",
        ),
        (
            "end_effector",
            {
                f"right_wrist_rotation_{axis}": {"index": 0, "unit": "rad", "relative": True}
                for axis in "xyz"
            },
            "turns do not add up axis by axis",
        ),
        ("right_arm", {"right_wrist_delta_x": {"index": 0, "unit": "m"}}, "is a step of ours"),
        (
            "right_arm",
            {
                "right_wrist_delta_rotation": {
                    "indices": [0, 1, 2],
                    "layout": "rotvec",
                    "relative": "previous",
                    "axes": "moving",
                }
            },
            "relative to the state here",
        ),
        (
            "end_effector",
            {"right_wrist_position": {"indices": [0, 1, 2], "unit": "m", "frame": "base"}},
            r"there is no frame 'base'.*add \[frames.base\]",
        ),
        (
            "right_arm",
            {
                "right_wrist_delta_position": {
                    "indices": [0, 1, 2],
                    "unit": "m",
                    "relative": True,
                    "tool": "tip",
                }
            },
            "steps are those of our wrist",
        ),
        (
            "end_effector",
            {
                "right_wrist_position": {"indices": [0, 1, 2], "unit": "m"},
                "right_wrist_x": {"index": 0, "unit": "m"},
            },
            "'right_wrist_x' is said twice",
        ),
    ],
)
def test_actions_that_cannot_be_done_are_named(
    mode: str, entries: dict[str, object], message: str
) -> None:
    with pytest.raises(MappingError, match=message):
        mapping(entries, control_mode=mode, tools={"tip": {"position": [0.1, 0, 0]}})


def test_joints_are_relative_to_what_the_state_says_of_them() -> None:
    entries = {"right_elbow_joint": {"index": 0, "unit": "rad", "relative": True}}
    assert mapping(entries, control_mode="arm_joints").ours.action.dim == 23


def test_what_becomes_what_is_told() -> None:
    said = mapping(
        {"right_grip": GRIP, "right_wrist_x": {"index": 0, "unit": "mm", "relative": "previous"}},
        rate=15,
        images={
            "images/front": {"camera": "external", "size": [180, 320], "nested": True},
            "spare": {"camera": "black", "size": 8, "layout": "chw", "dtype": "float32"},
        },
        observation={
            "state": {
                "entries": [
                    {"name": ELBOW, "unit": "deg", "scale": -1, "offset": 5},
                    {"name": "right_wrist_rotation", "layout": "quat_xyzw"},
                    {"constant": 0.0, "count": 2},
                ]
            }
        },
    )
    assert [(row.becomes, row.source) for row in observation_rows(said)] == [
        ("prompt", "instruction"),
        ("images/front", "images/external"),
        ("spare", "black"),
        ("state[0]", f"{ELBOW}, deg x -1 +5"),
        ("state[1..4]", "right_wrist_rotation, quat_xyzw"),
        ("state[5..6]", "constant 0"),
    ]
    rows = {row.becomes: row.source for row in action_rows(said)}
    assert rows["right_grip"] == "actions[7], open 1, closed 0"
    assert rows["right_wrist_x"] == "actions[0], mm, relative to previous"
    assert rows["left_grip"] == "hold"
    assert unused(said) == ("1", "2", "3", "4", "5", "6")
    assert "2 images and 7 numbers, and answers with 8 at 15 Hz" in summary(said)
    assert said.ours.cameras == ("external",)
    assert said.ours.image_size == 320


def test_the_page_shows_a_mapping_that_is_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text()
    example = page.partition("```toml\n")[2].partition("```")[0]
    said = read_policy_mapping(Table(tomllib.loads(example), "docs/mapping.md"), ROBOT)
    assert [image.camera for image in said.images] == ["external", "right_wrist", ""]
    assert [vector.size for vector in said.vectors] == [13]
    assert unused(said) == ()


def test_the_suites_mapping_is_that_of_droid() -> None:
    path = Path(__file__).parents[2] / "suites" / "openpi" / "droid.toml"
    said = read_policy_mapping(read_table(path), ROBOT)
    assert [vector.size for vector in said.vectors] == [7, 1]
    assert said.answered.dim == 8
    assert said.ours.cameras == ("external", "right_wrist")
