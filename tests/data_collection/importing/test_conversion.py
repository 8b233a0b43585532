"""From another robot's numbers to ours, and what is refused before anything is written."""

import json
from pathlib import Path

import numpy as np
import pytest
from lerobot_folder import FPS, FRONT, mapping_text, write_folder

from vla_humanoid.assets.figures import JOINT_RANGES
from vla_humanoid.control.rotations import (
    quat_multiply,
    quat_to_matrix,
    quat_to_rotvec,
    rotvec_to_quat,
)
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.importing.run import ImportPlan, plan_import
from vla_humanoid.schema import action_spec

STATE = "observation.state"
STEPS = 12
NAMES = {
    "action": ("x", "y", "z", "qx", "qy", "qz", "qw", "gripper"),
    STATE: ("x", "y", "z", "qx", "qy", "qz", "qw", "elbow"),
}
"""Of an arm that is told absolute poses [mm], quaternions xyzw, and 100 for an open gripper."""

POSITION_MM = np.array([250.0, -200.0, 900.0])
ACTION = "\n".join(
    [
        *(f'right_wrist_delta_{axis} = {{ name = "{axis}", unit = "mm" }}' for axis in "xyz"),
        'right_wrist_delta_rotation = { names = ["qx", "qy", "qz", "qw"], layout = "quat_xyzw" }',
        'right_grip = { name = "gripper", open = 100.0, closed = 0.0 }',
    ]
)
STATE_ENTRIES = "\n".join(
    [
        *(f'right_wrist_{axis} = {{ name = "{axis}", unit = "mm" }}' for axis in "xyz"),
        'right_wrist_rotation = { indices = [3, 4, 5, 6], layout = "quat_xyzw" }',
        'right_elbow_joint_position = { name = "elbow", unit = "deg", scale = -1, offset = 0.5 }',
        '"*" = "missing"',
    ]
)


def turn(step: int) -> np.ndarray:
    return rotvec_to_quat(np.array([0.1 * np.sin(0.3 * step), 0.05 * step, 0.3]))


def arm_episode(seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    walk = POSITION_MM + np.cumsum(rng.uniform(-10, 10, (STEPS + 1, 3)), axis=0)
    quats = np.array([np.roll(turn(step), -1) for step in range(STEPS + 1)])
    grip = rng.uniform(0, 100, (STEPS, 1))
    elbow = rng.uniform(-20, 20, (STEPS, 1))
    return {
        "action": np.hstack([walk[1:], quats[1:], grip]),
        STATE: np.hstack([walk[:-1], quats[:-1], elbow]),
    }


def plan(folder: Path, text: str) -> ImportPlan:
    path = folder.parent / "mapping.toml"
    path.write_text(text)
    return plan_import(folder, path)


@pytest.fixture
def arm(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "arm", [arm_episode(0), arm_episode(1)], NAMES)


def imported(plan: ImportPlan, output: Path) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Physical actions and states of the first episode, and the names of the state's entries."""
    plan.carry_out(output)
    with open_dataset(output) as dataset:
        demo = dataset.demo("demo_0")
        spec = action_spec(plan.converter.mapping.control_mode, JOINT_RANGES)
        names = [field.name for field in plan.converter.mapping.state.fields]
        return spec.to_physical(demo.actions().astype(float)), demo.array("obs/state"), names


def test_absolute_targets_become_steps_and_units_ours(arm: Path, tmp_path: Path) -> None:
    found, state, names = imported(
        plan(arm, mapping_text(ACTION, STATE_ENTRIES)), tmp_path / "demos.hdf5"
    )
    source = arm_episode(0)
    expected = np.diff(source["action"][:, :3], axis=0, prepend=source[STATE][:1, :3]) / 1000
    np.testing.assert_allclose(found[:, :3], expected, atol=1e-6)
    for step in range(STEPS):
        before = turn(step) * np.array([1, -1, -1, -1])
        expected_turn = quat_to_rotvec(quat_multiply(turn(step + 1), before))
        np.testing.assert_allclose(found[step, 3:6], expected_turn, atol=1e-6)
    np.testing.assert_allclose(found[:, 6], 1 - source["action"][:, 7] / 100, atol=1e-6)
    wrist = [names.index(f"right_wrist_{axis}") for axis in "xyz"]
    np.testing.assert_allclose(state[:, wrist], source[STATE][:, :3] / 1000, atol=1e-6)
    elbow = state[:, names.index("right_elbow_joint_position")]
    np.testing.assert_allclose(elbow, 0.5 - np.deg2rad(source[STATE][:, 7]), atol=1e-6)


def test_changes_of_the_state_become_targets(tmp_path: Path) -> None:
    episode = arm_episode(3)
    change = np.random.default_rng(1).uniform(-20, 20, (STEPS, 3))
    turns = np.tile([0.0, 0.0, 0.2], (STEPS, 1))
    episode["action"] = np.hstack([change, turns])
    folder = write_folder(tmp_path / "arm", [episode], {STATE: NAMES[STATE]})
    entries = [
        *(
            f'right_wrist_{axis} = {{ index = {k}, unit = "mm", relative = true }}'
            for k, axis in enumerate("xyz")
        ),
        'right_wrist_rotation = { indices = [3, 4, 5], layout = "rotvec", relative = true, '
        'axes = "moving" }',
        '"*" = "missing"',
    ]
    text = mapping_text("\n".join(entries), STATE_ENTRIES, mode="end_effector")
    found, _, _ = imported(plan(folder, text), tmp_path / "demos.hdf5")
    np.testing.assert_allclose(found[:, 7:10], (episode[STATE][:, :3] + change) / 1e3, atol=1e-6)
    for step in range(STEPS):
        target = quat_to_rotvec(quat_multiply(turn(step), rotvec_to_quat(turns[step])))
        np.testing.assert_allclose(found[step, 10:13], target, atol=1e-6)


def test_what_is_missing_is_masked(arm: Path, tmp_path: Path) -> None:
    text = mapping_text(
        ACTION.replace("right_grip", '"*" = "missing"\n#'), STATE_ENTRIES, success="false"
    )
    plan(arm, text).carry_out(tmp_path / "demos.hdf5")
    with open_dataset(tmp_path / "demos.hdf5") as dataset:
        assert dataset.json_list("action_mask") == [True] * 6 + [False]
        assert sum(map(bool, dataset.json_list("state_mask"))) == 7
        assert not any(demo.success for demo in dataset.demos())
        assert dataset.masks()["failed"] == ("demo_0", "demo_1")


def test_images_rate_and_sentences(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 255, (6, 8, 3), np.uint8) for _ in range(STEPS)]
    folder = write_folder(
        tmp_path / "arm",
        [arm_episode()],
        NAMES,
        frames=[frames],
        tasks=("pick it up", "now put it down"),
        told=[[0] * 6 + [1] * 6],
    )
    text = mapping_text(ACTION, STATE_ENTRIES, top=f"rate = {FPS / 2}", cameras=f'head = "{FRONT}"')
    plan(folder, text).carry_out(tmp_path / "demos.hdf5")
    with open_dataset(tmp_path / "demos.hdf5") as dataset:
        demo = dataset.demo("demo_0")
        assert dataset.rate == pytest.approx(FPS / 2)
        assert demo.steps == STEPS // 2
        for step in range(demo.steps):
            np.testing.assert_array_equal(demo.image("head", step), frames[2 * step])
        assert demo.json_list("said") == [[0, "pick it up"], [3, "now put it down"]]
        assert demo.array("sentence").tolist() == [0, 0, 0, 1, 1, 1]
        assert demo.text("instruction") == "now put it down"


@pytest.mark.parametrize("fit", ["crop", "pad"])
def test_images_can_be_made_square(tmp_path: Path, fit: str) -> None:
    image = np.full((4, 8, 3), 200, np.uint8)
    folder = write_folder(tmp_path / "arm", [arm_episode()], NAMES, frames=[[image] * STEPS])
    top = f'image_size = 4\nfit = "{fit}"'
    text = mapping_text(ACTION, STATE_ENTRIES, top=top, cameras=f'head = "{FRONT}"')
    plan(folder, text).carry_out(tmp_path / "demos.hdf5")
    with open_dataset(tmp_path / "demos.hdf5") as dataset:
        found = dataset.demo("demo_0").image("head", 0)
    assert found.shape == (4, 4, 3)
    assert (found[0] < 100).all() == (fit == "pad")
    assert (found[1:3] > 100).all()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "mm"', 'unit = "m"', "looks like mm rather than m"),
        ('unit = "mm"', 'unit = "deg"', "is in m, which deg cannot be turned into"),
        ("open = 100.0", "open = 50.0", "lie outside of 0..1"),
        ('"quat_xyzw"', '"6d_columns"', "a list of 6"),
        ('"qw"], layout', '"qq"], layout', "no entry of the name 'qq'"),
        ("right_grip", "left_grip", "where the entry 'right_grip' comes from"),
        ('name = "gripper"', "index = 8", "index 8 is beyond the 8 entries"),
        ('name = "gripper"', 'name = "gripper", polarity = 1', "no use for 'polarity'"),
        ('{ name = "x", unit = "mm" }', "0.5", "say where it comes from"),
        ('{ name = "x", unit = "mm" }', "{ constant = 3.0 }", "give another constant"),
        ('{ name = "x", unit = "mm" }', '{ name = "x", open = 0, closed = 1 }', "are for grips"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    arm: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in ACTION
    text = mapping_text(ACTION.replace(old, new), STATE_ENTRIES.replace(old, new))
    with pytest.raises(ConfigurationError, match=message) as caught:
        plan(arm, text).carry_out(tmp_path / "demos.hdf5")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "demos.hdf5").exists()


def test_a_quaternion_of_another_layout_is_noticed(arm: Path) -> None:
    shifted = STATE_ENTRIES.replace("[3, 4, 5, 6]", "[2, 3, 4, 5]")
    with pytest.raises(ConfigurationError, match=r"right_wrist_rotation: row .* has length"):
        plan(arm, mapping_text(ACTION, shifted))


def test_relative_to_nothing_is_refused(arm: Path) -> None:
    entries = 'right_wrist_x = { index = 0, unit = "mm", relative = true }\n"*" = "missing"'
    with pytest.raises(ConfigurationError, match=r"right_wrist_x.*which the state lacks"):
        plan(arm, mapping_text(entries, mode="end_effector"))


def test_clipping_is_asked_for(arm: Path, tmp_path: Path) -> None:
    text = ACTION.replace("closed = 0.0", "closed = 40.0, clip = true")
    found, _, _ = imported(plan(arm, mapping_text(text, STATE_ENTRIES)), tmp_path / "demos.hdf5")
    assert found[:, 6].max() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("codebase_version", "v1.6", "those read are v2.0, v2.1, v3.0"),
        ("fps", 0, "not a number of frames per second"),
        ("data_path", "../../etc/{episode_index:06d}", "leads out of the dataset"),
        ("data_path", "data/{episode_index.__class__}.parquet", "is missing"),
        ("features", [], "describes no features"),
    ],
)
def test_sources_that_are_none(arm: Path, name: str, value: object, message: str) -> None:
    info = arm / "meta" / "info.json"
    info.write_text(json.dumps(json.loads(info.read_text()) | {name: value}))
    with pytest.raises(DatasetError, match=message):
        plan(arm, mapping_text(ACTION, STATE_ENTRIES))


def test_values_that_are_not_finite_are_named(tmp_path: Path) -> None:
    episode = arm_episode()
    episode["action"][5, 2] = np.nan
    folder = write_folder(tmp_path / "arm", [episode], NAMES)
    with pytest.raises(DatasetError, match=r"episode 0 .*'action' is not finite at frame 5"):
        plan(folder, mapping_text(ACTION, STATE_ENTRIES))


def test_the_place_of_a_tool_needs_its_wrists_rotation(arm: Path) -> None:
    entries = (
        'right_wrist_position = { names = ["x", "y", "z"], unit = "mm", tool = "hand" }\n'
        '"*" = "missing"'
    )
    text = mapping_text(entries, entries, mode="end_effector")
    with pytest.raises(ConfigurationError, match="together with 'right_wrist_rotation'"):
        plan(arm, f"{text}\n[tools.hand]\nposition = [0.0, 0.0, 0.2]\n")


def test_what_is_in_another_frame_is_brought_into_ours(tmp_path: Path) -> None:
    """The source's frame is turned left by 90 degrees, and its hand, 20 cm off, likewise."""
    folder = write_folder(tmp_path / "arm", [arm_episode()], NAMES)
    pose = [
        'right_wrist_position = { names = ["x", "y", "z"], unit = "mm", frame = "base", '
        'tool = "hand" }',
        'right_wrist_rotation = { names = ["qx", "qy", "qz", "qw"], layout = "quat_xyzw", '
        'frame = "base", tool = "hand" }',
        '"*" = "missing"',
    ]
    entries = "\n".join(pose)
    turned = 'rotation = [0, 0, 90]\nlayout = "rotvec"\nunit = "deg"\n'
    text = mapping_text(entries, entries, mode="end_effector")
    text += f"\n[frames.base]\nposition = [0.1, 0.0, 0.0]\n{turned}[tools.hand]\n"
    text += f"position = [0.0, 0.0, 0.2]\n{turned}"
    found, _, _ = imported(plan(folder, text), tmp_path / "demos.hdf5")
    x, y, z = (arm_episode()["action"][:, :3] / 1000).T
    tips = np.column_stack([0.1 - y, x, z])
    left = rotvec_to_quat(np.array([0.0, 0.0, np.pi / 2]))
    for step in range(STEPS):
        quat = quat_multiply(left, turn(step + 1))
        expected = quat_to_rotvec(quat_multiply(quat, left * np.array([1, -1, -1, -1])))
        np.testing.assert_allclose(found[step, 10:13], expected, atol=1e-6)
        reach = quat_to_matrix(rotvec_to_quat(expected)) @ [0.0, 0.0, 0.2]
        np.testing.assert_allclose(found[step, 7:10] + reach, tips[step], atol=1e-6)
