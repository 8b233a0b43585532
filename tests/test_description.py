"""Descriptions travel as JSON, and say where they differ."""

import json
from dataclasses import replace

import pytest

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.description import Description, DescriptionError, differences, require_same
from vla_humanoid.schema import CONTROL_MODES, action_spec, state_fields

DESCRIPTION = Description(
    action_spec("end_effector", JOINT_RANGES), state_fields(JOINT_NAMES), ("head",), 224, 20.0
)


@pytest.mark.parametrize("mode", CONTROL_MODES)
def test_what_is_written_is_read(mode: str) -> None:
    description = replace(DESCRIPTION, action=action_spec(mode, JOINT_RANGES))
    assert Description.from_json(description.to_json()) == description


def test_the_same_do_not_differ_and_more_cameras_are_welcome() -> None:
    assert not differences(DESCRIPTION, DESCRIPTION)
    assert not differences(replace(DESCRIPTION, cameras=("external", "head")), DESCRIPTION)
    assert not differences(DESCRIPTION, replace(DESCRIPTION, cameras=(), image_size=0))


def test_every_difference_is_told() -> None:
    x, *others = DESCRIPTION.action.fields
    shifted = replace(DESCRIPTION.action, fields=(replace(x, high=0.5, frame="pelvis"), *others))
    needed = replace(
        DESCRIPTION, action=shifted, state=DESCRIPTION.state[:-1], cameras=("left_wrist",), rate=5.0
    )
    with pytest.raises(DescriptionError) as refused:
        require_same(DESCRIPTION, needed, "The policy in run/")
    assert str(refused.value).splitlines() == [
        "The policy in run/ does not fit:",
        "  rate [Hz]: 20.0, where 5.0 is needed",
        "  action[0]: left_wrist_x [m] -0.3 to 0.8, stance frame, where left_wrist_x [m] -0.3 to "
        "0.5, pelvis frame is needed",
        "  length of state: 109, where 108 is needed",
        "  cameras: head, where left_wrist is needed",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format_version": 2}, "format_version 2"),
        ({"control_mode": "telepathy"}, "'telepathy', not end_effector"),
        ({"rate": "fast"}, "'rate' of the description is no number"),
        ({"cameras": "head"}, "'cameras' of the description is no list"),
        ({"action": {}}, "'action' of the description is no list"),
        ({"state": [{"name": "x"}]}, r"state\[0\] of the description does not have name"),
        (
            {"state": [{"name": "x", "unit": "m", "low": 1, "high": 0, "frame": ""}]},
            r"state\[0\] of the description has no bounds",
        ),
        (
            {"state": [{"name": 1, "unit": "m", "low": 0, "high": 1, "frame": ""}]},
            r"of state\[0\] of the description is no text",
        ),
    ],
)
def test_a_damaged_description_is_refused_by_entry(changes: dict[str, object], said: str) -> None:
    content = {**json.loads(DESCRIPTION.to_json()), **changes}
    with pytest.raises(DescriptionError, match=said):
        Description.from_json(json.dumps(content))


@pytest.mark.parametrize(("text", "said"), [("{", "not JSON"), ("[]", "no JSON object")])
def test_what_is_no_description_is_refused(text: str, said: str) -> None:
    with pytest.raises(DescriptionError, match=said):
        Description.from_json(text)
    content = json.loads(DESCRIPTION.to_json())
    del content["rate"]
    with pytest.raises(DescriptionError, match="lacks 'rate'"):
        Description.from_json(json.dumps(content))
