"""GR00T's files, read by the rules of its loader; suites/lerobot reads them with lerobot 0.3.3."""

from pathlib import Path

import numpy as np
import pytest
from lerobot_reader import columns, frame_at, json_lines, json_object, numbers

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.control.hands import finger_positions
from vla_humanoid.control.rotations import rotvec_to_quat
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.export import gr00t, gr00t_groups
from vla_humanoid.data_collection.export.run import export
from vla_humanoid.schema import CONTROL_MODES, action_spec, state_fields

UNITREE_G1_STATE = ("left_leg", "right_leg", "waist", "left_arm", "left_hand", "right_arm")
UNITREE_G1_ACTION = {
    "left_arm": 7,
    "right_arm": 7,
    "left_hand": 7,
    "right_hand": 7,
    "waist": 3,
    "base_height_command": 1,
    "navigate_command": 3,
}


@pytest.fixture(scope="module")
def exported(small_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only."""
    output = tmp_path_factory.mktemp("gr00t") / "exported"
    export([small_dataset], output, "gr00t")
    return output


def test_the_four_files_and_an_episode_in_each_of_the_others(
    exported: Path, small_dataset: Path
) -> None:
    info = json_object(exported / "meta/info.json")
    lines = json_lines(exported / "meta/episodes.jsonl")
    tasks = {line["task_index"]: line["task"] for line in json_lines(exported / "meta/tasks.jsonl")}
    assert info["codebase_version"] == "v2.1"
    assert info["total_episodes"] == len(lines)
    with open_dataset(small_dataset) as dataset:
        for number, line in enumerate(lines):
            demo = dataset.demo(str(line["source_demo"]))
            rows = columns(exported, f"data/chunk-000/episode_{number:06}.parquet")
            assert line["length"] == demo.steps == len(rows["action"])
            np.testing.assert_array_equal(
                numbers(rows["observation.state"]), demo.array("obs/state")
            )
            # The bounds of this action are those it is normalized to.
            np.testing.assert_allclose(numbers(rows["action"]), demo.actions(), atol=1e-6)
            assert [tasks[task] for task in rows["task_index"]] == [
                demo.text("instruction")
            ] * demo.steps
            words = {tasks[task] for task in rows["annotation.human.any_description"]}
            assert words == {demo.text("instruction"), *demo.json_texts("paraphrases")}
            path = (
                exported / f"videos/chunk-000/observation.images.ego_view/episode_{number:06}.mp4"
            )
            found = frame_at(path, (demo.steps - 1) / 20).astype(int)
            assert np.abs(found - demo.image("head", demo.steps - 1)).mean() < 8.0


def test_statistics_have_what_gr00t_asks_for_and_no_more(exported: Path) -> None:
    stats = json_object(exported / "meta/stats.json")
    rows = columns(exported, "data/chunk-000/*.parquet")
    for name in ("observation.state", "action", "timestamp", "next.reward"):
        values = numbers(rows[name]).reshape(len(rows[name]), -1)
        found = stats[name]
        assert isinstance(found, dict)
        assert set(found) == {"mean", "std", "min", "max", "q01", "q99"}
        np.testing.assert_allclose(found["q01"], np.quantile(values, 0.01, axis=0), atol=1e-7)
        np.testing.assert_allclose(found["mean"], values.mean(axis=0), atol=1e-7)


def test_groups_of_unitree_g1_come_from_arm_joints() -> None:
    spec = action_spec("arm_joints", JOINT_RANGES)
    groups = gr00t_groups.action_groups(spec.fields)
    assert {group.name: len(group.entries) for group in groups} == UNITREE_G1_ACTION
    where, _ = gr00t_groups.state_groups(state_fields(JOINT_NAMES))
    assert set(UNITREE_G1_STATE) < set(where)
    assert where["right_hand"] == {"start": 36, "end": 43}


@pytest.mark.parametrize("mode", CONTROL_MODES)
def test_groups_say_all_that_an_action_says(mode: str) -> None:
    spec = action_spec(mode, JOINT_RANGES)
    rng = np.random.default_rng(0)
    actions = rng.uniform(-1, 1, size=(5, spec.dim)).astype(np.float32)
    groups = gr00t_groups.action_groups(spec.fields)
    rows = gr00t_groups.physical(actions, spec.fields)
    parts = {group.name: group.values(rows) for group in groups}
    assert all(parts[group.name].shape == (5, len(group.entries)) for group in groups)
    # Whatever entry changes, some group changes.
    for entry in range(spec.dim):
        other = rows.copy()
        other[:, entry] = 0.5 * (spec.low[entry] + rows[:, entry])
        assert any(not np.allclose(group.values(other), parts[group.name]) for group in groups)


def test_actions_are_physical() -> None:
    spec = action_spec("end_effector", JOINT_RANGES)
    names = [field.name for field in spec.fields]
    actions = np.random.default_rng(0).uniform(-1, 1, size=(3, spec.dim)).astype(np.float32)
    rows = gr00t_groups.physical(actions, spec.fields)
    parts = {group.name: group.values(rows) for group in gr00t_groups.action_groups(spec.fields)}
    for row, action in enumerate(actions):
        expected = spec.to_physical(action.astype(np.float64))
        turn = expected[[names.index(f"left_wrist_rotation_{axis}") for axis in "xyz"]]
        np.testing.assert_allclose(parts["left_wrist_abs_quat"][row], rotvec_to_quat(turn))
        fingers = finger_positions("right", expected[names.index("right_grip")])
        np.testing.assert_allclose(parts["right_hand"][row], fingers)
        np.testing.assert_allclose(parts["navigate_command"][row], expected[14:17])


def test_the_head_is_the_ego_view() -> None:
    assert gr00t.view("head") == "ego_view"
    assert gr00t.view("left_wrist") == "left_wrist_view"
