"""The loader of LeRobot v2.1, which GR00T's format extends, gives back what was recorded."""

import json
from pathlib import Path

import numpy as np
import pytest
from lerobot.datasets.lerobot_dataset import LeRobotDataset
from recorded import Recorded, check_images

VIEWS = {"head": "ego_view", "right_wrist": "right_wrist_view"}
RATE = 20


@pytest.fixture(scope="module")
def dataset(exports: Path) -> LeRobotDataset:
    return LeRobotDataset("local/exported", root=exports / "gr00t", video_backend="pyav")


def test_every_frame_is_that_of_its_step(
    dataset: LeRobotDataset, recorded: tuple[Recorded, ...]
) -> None:
    assert len(dataset) == sum(episode.steps for episode in recorded)
    index = 0
    for number, episode in enumerate(recorded):
        decoded: dict[str, list[np.ndarray]] = {camera: [] for camera in VIEWS}
        for step in range(episode.steps):
            frame = dataset[index]
            np.testing.assert_array_equal(frame["observation.state"], episode.state[step])
            assert frame["timestamp"].item() == np.float32(step / RATE)
            assert frame["task"] == episode.sentences[step]
            assert frame["episode_index"].item() == number
            assert frame["next.reward"].item() == episode.rewards[step]
            for camera, view in VIEWS.items():
                image = frame[f"observation.images.{view}"].numpy().transpose(1, 2, 0)
                decoded[camera].append(255.0 * image)
            index += 1
        for camera, frames in decoded.items():
            check_images(np.stack(frames), episode.images[camera])


def test_actions_are_those_recorded_in_physical_units(
    dataset: LeRobotDataset, recorded: tuple[Recorded, ...], exports: Path
) -> None:
    described = json.loads((exports / "gr00t/meta/vla_humanoid.json").read_text())["action"]
    names = [field["name"] for field in described]
    low, high = (np.array([field[it] for field in described]) for it in ("low", "high"))
    actions = np.concatenate([episode.actions for episode in recorded]).astype(np.float64)
    physical = low + 0.5 * (actions + 1) * (high - low)
    modality = json.loads((exports / "gr00t/meta/modality.json").read_text())["action"]
    rows = np.stack(dataset.hf_dataset["action"])
    for group, entries in {
        "left_wrist_pos": [f"left_wrist_{axis}" for axis in "xyz"],
        "right_wrist_pos": [f"right_wrist_{axis}" for axis in "xyz"],
        "base_height_command": ["pelvis_height"],
        "navigate_command": [f"base_velocity_{axis}" for axis in ("x", "y", "yaw")],
    }.items():
        found = rows[:, modality[group]["start"] : modality[group]["end"]]
        expected = physical[:, [names.index(entry) for entry in entries]]
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_groups_of_the_state_are_the_joints_that_they_name(
    dataset: LeRobotDataset, exports: Path
) -> None:
    modality = json.loads((exports / "gr00t/meta/modality.json").read_text())["state"]
    names = dataset.meta.features["observation.state"]["names"]
    for group, size in (("left_leg", 6), ("waist", 3), ("right_arm", 7), ("left_hand", 7)):
        part = names[modality[group]["start"] : modality[group]["end"]]
        assert len(part) == size
        word = {"left_leg": "left_", "waist": "waist_"}.get(group, group.split("_")[0])
        assert all(name.startswith(word) and name.endswith("_position") for name in part)
    quaternion = modality["right_wrist_abs_quat"]
    assert quaternion["original_key"] == "observation.eef_state"
    rows = np.stack(dataset.hf_dataset["observation.eef_state"])
    norms = np.linalg.norm(rows[:, quaternion["start"] : quaternion["end"]], axis=1)
    np.testing.assert_allclose(norms, 1.0, atol=1e-6)


def test_statistics_cover_every_number_for_gr00t(exports: Path) -> None:
    stats = json.loads((exports / "gr00t/meta/stats.json").read_text())
    info = json.loads((exports / "gr00t/meta/info.json").read_text())
    for name, feature in info["features"].items():
        if "float" in feature["dtype"]:
            assert set(stats[name]) == {"mean", "std", "min", "max", "q01", "q99"}
            assert all(len(values) == feature["shape"][0] for values in stats[name].values())
