"""From a mapping's file to what every process of an evaluation evaluates."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.evaluation.config import MAPPING, EvaluationConfig
from vla_humanoid.evaluation.mapping import keep_mapping, mapping_of, print_mapping, with_mapping
from vla_humanoid.evaluation.reproduction import command

SERVED = EvaluationConfig("ws://localhost:8000")
ARM = """
control_mode = "arm_joints"
rate = 15
[images]
"observation/image" = { camera = "head", size = 64 }
[action]
names = ["j1", "j2", "j3", "j4"]
[action.entries]
right_elbow_joint = { name = "j3", unit = "deg" }
"*" = "hold"
"""


@pytest.fixture
def arm(tmp_path: Path) -> Path:
    path = tmp_path / "arm.toml"
    path.write_text(ARM)
    return path


def test_without_a_file_there_is_no_mapping(tmp_path: Path) -> None:
    assert with_mapping(SERVED, None) == SERVED
    assert mapping_of(SERVED) is None
    keep_mapping(SERVED, tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_a_mapping_says_what_the_environment_is_made_with(arm: Path) -> None:
    mapping = mapping_of(with_mapping(SERVED, arm))
    assert mapping is not None
    assert mapping.ours.action.control_mode == "arm_joints"
    assert mapping.ours.cameras == ("head",)
    assert mapping.ours.image_size == 64
    assert mapping.ours.rate == 20.0


def test_what_was_kept_is_the_same_evaluation_again(arm: Path, tmp_path: Path) -> None:
    config = with_mapping(SERVED, arm)
    keep_mapping(config, tmp_path / "report")
    kept = tmp_path / "report" / MAPPING
    assert json.loads(kept.read_text())["rate"] == 15
    assert with_mapping(SERVED, kept) == config
    assert f"--mapping {MAPPING}" in command(config, "PickPlace", 7)


@pytest.mark.parametrize("markup", [True, False])
def test_what_becomes_what_is_printed(arm: Path, markup: bool) -> None:
    text = StringIO()
    mapping = mapping_of(with_mapping(SERVED, arm))
    assert mapping is not None
    print_mapping(Console(file=text, width=160, markup=markup), mapping)
    rows = [line.split() for line in text.getvalue().splitlines()]
    flat = [" ".join(part for part in row if part.isprintable()) for row in rows]
    assert any("observation/image" in row and "images/head" in row for row in flat)
    assert any("right_elbow_joint" in row and "actions[j3], deg" in row for row in flat)
    assert "not used of the policy's action: j1, j2, j4" in text.getvalue()


def test_a_policy_of_this_robot_needs_no_mapping(arm: Path) -> None:
    with pytest.raises(ConfigurationError, match="'expert' is one of this robot"):
        with_mapping(replace(SERVED, policy="expert"), arm)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("arm.yaml", ARM, r"must end in .toml or .json"),
        ("arm.json", "{", "is not JSON"),
        ("arm.toml", ARM.replace("deg", "m"), "right_elbow_joint is in rad, which m cannot"),
        ("arm.toml", ARM.replace("15", "2026-11-22"), "'rate' must be a number, not \"2026-11-22"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        with_mapping(SERVED, path)
