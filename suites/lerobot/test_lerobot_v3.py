"""LeRobot's own loader gives back what was recorded, frame by frame, and ACT trains on it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from lerobot.datasets.lerobot_dataset import LeRobotDataset
from recorded import CAMERAS, Recorded, check_images

RATE = 20


@pytest.fixture(scope="module")
def dataset(exports: Path) -> LeRobotDataset:
    return LeRobotDataset("local/exported", root=exports / "lerobot", video_backend="pyav")


def test_it_has_what_was_recorded(
    dataset: LeRobotDataset, recorded: tuple[Recorded, ...], exports: Path
) -> None:
    assert dataset.meta.total_episodes == len(recorded)
    assert len(dataset) == sum(episode.steps for episode in recorded)
    assert dataset.fps == RATE
    assert set(dataset.meta.camera_keys) == {f"observation.images.{it}" for it in CAMERAS}
    assert len(list((exports / "lerobot").glob("data/*/*.parquet"))) > 1, "files roll over"
    assert len(list((exports / "lerobot").glob("videos/*/*/*.mp4"))) > len(CAMERAS)


def test_every_frame_is_that_of_its_step(
    dataset: LeRobotDataset, recorded: tuple[Recorded, ...]
) -> None:
    index = 0
    for number, episode in enumerate(recorded):
        decoded: dict[str, list[np.ndarray]] = {camera: [] for camera in CAMERAS}
        for step in range(episode.steps):
            frame = dataset[index]
            np.testing.assert_array_equal(frame["observation.state"], episode.state[step])
            np.testing.assert_array_equal(frame["action"], episode.actions[step])
            assert frame["next.reward"].item() == episode.rewards[step]
            assert frame["next.done"].item() == (step == episode.steps - 1)
            assert frame["timestamp"].item() == np.float32(step / RATE)
            assert frame["task"] == episode.sentences[step]
            assert frame["episode_index"].item() == number
            assert frame["frame_index"].item() == step
            assert frame["index"].item() == index
            for camera in CAMERAS:
                image = frame[f"observation.images.{camera}"].numpy().transpose(1, 2, 0)
                decoded[camera].append(255.0 * image)
            index += 1
        for camera in CAMERAS:
            check_images(np.stack(decoded[camera]), episode.images[camera])
    assert index == len(dataset)


def test_chunks_of_actions_begin_at_their_frame(
    exports: Path, recorded: tuple[Recorded, ...]
) -> None:
    chunk = 8
    dataset = LeRobotDataset(
        "local/exported",
        root=exports / "lerobot",
        video_backend="pyav",
        delta_timestamps={"action": [step / RATE for step in range(chunk)]},
    )
    start = 0
    for episode in recorded:
        for step in (0, episode.steps // 2, episode.steps - 3):
            frame = dataset[start + step]
            there = min(chunk, episode.steps - step)
            np.testing.assert_array_equal(
                frame["action"][:there], episode.actions[step : step + there]
            )
            assert frame["action_is_pad"].tolist() == [False] * there + [True] * (chunk - there)
        start += episode.steps


def test_statistics_are_those_of_all_frames(
    dataset: LeRobotDataset, recorded: tuple[Recorded, ...]
) -> None:
    for name, values in (
        ("observation.state", np.concatenate([episode.state for episode in recorded])),
        ("action", np.concatenate([episode.actions for episode in recorded])),
        ("index", np.arange(len(dataset))[:, None]),
    ):
        found = dataset.meta.stats[name]
        whole = values.astype(np.float64)
        np.testing.assert_allclose(found["mean"], whole.mean(axis=0), atol=1e-6)
        np.testing.assert_allclose(found["std"], whole.std(axis=0), atol=1e-6)
        for percent in (1, 10, 50, 90, 99):
            expected = np.quantile(whole, percent / 100, axis=0)
            np.testing.assert_allclose(found[f"q{percent:02}"], expected, atol=1e-6)
    pixels = np.concatenate([episode.images["head"].reshape(-1, 3) for episode in recorded]) / 255
    found = dataset.meta.stats["observation.images.head"]
    np.testing.assert_allclose(found["mean"].ravel(), pixels.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found["q99"].ravel(), np.quantile(pixels, 0.99, axis=0), atol=1e-6)


def test_some_episodes_can_be_loaded_alone(exports: Path, recorded: tuple[Recorded, ...]) -> None:
    last = len(recorded) - 1
    dataset = LeRobotDataset(
        "local/exported", root=exports / "lerobot", video_backend="pyav", episodes=[last]
    )
    assert len(dataset) == recorded[last].steps
    frame = dataset[len(dataset) - 1]
    np.testing.assert_array_equal(frame["action"], recorded[last].actions[-1])


def test_act_trains_on_it(exports: Path, tmp_path: Path) -> None:
    program = (
        "import without_torchvision_operators; without_torchvision_operators.declare()\n"
        "from lerobot.scripts.lerobot_train import main; main()"
    )
    options = {
        "dataset.repo_id": "local/exported",
        "dataset.root": exports / "lerobot",
        "dataset.video_backend": "pyav",
        "policy.type": "act",
        "policy.device": "cpu",
        "policy.push_to_hub": "false",
        "policy.pretrained_backbone_weights": "null",
        "policy.dim_model": 64,
        "policy.dim_feedforward": 64,
        "policy.chunk_size": 8,
        "policy.n_action_steps": 8,
        "steps": 3,
        "save_freq": 3,
        "batch_size": 2,
        "num_workers": 0,
        "wandb.enable": "false",
        "output_dir": tmp_path / "run",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    weights = tmp_path / "run/checkpoints/000003/pretrained_model/model.safetensors"
    assert weights.stat().st_size > 0
