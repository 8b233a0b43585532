"""Our file, exported to LeRobot or GR00T and imported again, is what it was."""

from pathlib import Path

import numpy as np
import pytest

from vla_humanoid import cli
from vla_humanoid.control.hands import finger_positions
from vla_humanoid.data_collection import Dataset
from vla_humanoid.data_collection.dataset_file import Demo, open_dataset
from vla_humanoid.data_collection.export.run import export
from vla_humanoid.data_collection.importing.run import plan_import

IMAGE_ERROR = 8.0
"""Of 255, on average: video of small, noisy images."""

STATE = """
"*_joint_position" = { name = "{entry}", unit = "rad" }
"*_joint_velocity" = { name = "{entry}", unit = "rad/s" }
"gravity_*" = { name = "{entry}", unit = "1" }
"angular_velocity_*" = { name = "{entry}", unit = "rad/s" }
left_wrist_rotation = { names = ["{entry}_x", "{entry}_y", "{entry}_z"], layout = "rotvec" }
right_wrist_rotation = { names = ["{entry}_x", "{entry}_y", "{entry}_z"], layout = "rotvec" }
"*_wrist_?" = { name = "{entry}", unit = "m" }
pelvis_height = { name = "{entry}", unit = "m" }
"*_foot_force" = { name = "{entry}", unit = "N" }
"*_grip_command" = { name = "{entry}", open = 0.0, closed = 1.0 }
"""
LEROBOT = f"""
control_mode = "end_effector"
task = "PickPlace"
success = "next.success"
[cameras]
head = "observation.images.head"
right_wrist = "observation.images.right_wrist"
[action.entries]
"*" = {{ name = "{{entry}}", unit = "normalized" }}
[state.entries]
{STATE}
"""


def gr00t_mapping() -> str:
    """Wrists are quaternions wxyz there, grips targets of finger joints."""
    lines: list[str] = []
    for side in ("left", "right"):
        quat = ", ".join(f'"{side}_wrist_q{part}"' for part in "wxyz")
        lines.append(f'{side}_wrist_rotation = {{ names = [{quat}], layout = "quat_wxyz" }}')
        opened, closed = (finger_positions(side, grip)[3] for grip in (0.0, 1.0))
        finger = f'name = "{side}_hand_middle_0_joint"'
        lines.append(f"{side}_grip = {{ {finger}, open = {opened}, closed = {closed} }}")
    return f"""
control_mode = "end_effector"
task = "PickPlace"
success = "next.success"
[cameras]
head = "observation.images.ego_view"
right_wrist = "observation.images.right_wrist_view"
[action.entries]
{chr(10).join(lines)}
"*_wrist_?" = {{ name = "{{entry}}", unit = "m" }}
"base_velocity_[xy]" = {{ name = "{{entry}}", unit = "m/s" }}
base_velocity_yaw = {{ name = "{{entry}}", unit = "rad/s" }}
pelvis_height = {{ name = "{{entry}}", unit = "m" }}
[state.entries]
{STATE}
"""


@pytest.fixture(params=["lerobot", "gr00t"])
def back(request: pytest.FixtureRequest, real_demos: Path, tmp_path: Path) -> Path:
    """Real episodes that have been exported and imported."""
    export([real_demos], tmp_path / "exported", request.param)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(LEROBOT if request.param == "lerobot" else gr00t_mapping())
    plan_import(tmp_path / "exported", mapping).carry_out(tmp_path / "back.hdf5")
    return tmp_path / "back.hdf5"


def numbers(demo: Demo, path: str) -> np.ndarray:
    return demo.array(path).astype(np.float64)


def images(demo: Demo, camera: str) -> np.ndarray:
    return np.stack([demo.image(camera, step) for step in range(demo.steps)]).astype(float)


def test_values_come_back(back: Path, real_demos: Path) -> None:
    with open_dataset(real_demos) as ours, open_dataset(back) as theirs:
        assert theirs.rate == ours.rate
        for vector in ("action", "state"):
            assert theirs.json_list(vector) == ours.json_list(vector)
        # Episodes for training come first in an export.
        order = [*ours.masks()["train"], *ours.masks()["valid"]]
        assert {name: len(demos) for name, demos in theirs.masks().items()} == {
            name: len(demos) for name, demos in ours.masks().items()
        }
        for name, demo in zip(order, theirs.demos(), strict=True):
            expected = ours.demo(name)
            assert demo.text("instruction") == expected.text("instruction")
            assert demo.success
            np.testing.assert_allclose(demo.actions(), expected.actions(), atol=2e-6)
            for path in ("obs/state", "rewards", "dones"):
                found, true = numbers(demo, path), numbers(expected, path)
                np.testing.assert_allclose(found, true, atol=1e-6)
            for camera in expected.cameras:
                found, true = images(demo, camera), images(expected, camera)
                assert np.abs(found - true).mean() < IMAGE_ERROR
                assert np.abs(found - true).mean() < np.abs(found[1:] - true[:-1]).mean()


def test_it_is_read_beside_our_own(back: Path, real_demos: Path) -> None:
    with Dataset([real_demos, back], action_steps=4, mask="train") as dataset:
        sample = dataset[0]
    assert sample.actions.shape == (4, 18)


def test_it_says_plainly_that_it_cannot_be_simulated(
    back: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["replay", str(back)]) == 2
    assert "imported from a recording of others" in capsys.readouterr().err
    assert cli.main(["validate", str(back)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "re-simulation of 2: imported: it has neither states nor a seed" in printed
    isaac_lab = f"export {back} --format isaaclab --output {tmp_path / 'isaac.hdf5'}"
    assert cli.main(isaac_lab.split()) == 2
    assert "it holds no states to go back to" in capsys.readouterr().err


def test_it_can_be_exported_again(back: Path, tmp_path: Path) -> None:
    with open_dataset(back) as dataset:
        steps = sum(demo.steps for demo in dataset.demos())
    for name in ("lerobot", "rlds", "robomimic"):
        assert export([back], tmp_path / name, name).steps == steps > 0
        assert (tmp_path / name).exists()


def test_the_same_import_gives_the_same_bytes(back: Path) -> None:
    again = back.with_name("again.hdf5")
    folder, mapping = back.with_name("exported"), back.with_name("mapping.toml")
    plan_import(folder, mapping).carry_out(again)
    assert again.read_bytes() == back.read_bytes()
