"""``vla-humanoid ground``: what it writes, that it goes on bit for bit, what it refuses."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file
from written_scenes import scene, write_records, write_scenes

from vla_humanoid.cli import main
from vla_humanoid.data_collection.scenes.scene import Request
from vla_humanoid.policies.grounding.checkpoint import load_grounder
from vla_humanoid.training.metrics import read_metrics

SHORT = ("--steps", "9", "--pictures", "2", "--sentences", "2", "--held-back", "0.3")
OFTEN = ("--save-every", "2", "--validate-every", "4", "--threads", "1")


def ground(scenes: Path, output: Path, *more: str) -> int:
    return main(["ground", str(scenes), "--output", str(output), *SHORT, *OFTEN, *more])


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten scenes; read only."""
    return write_scenes(tmp_path_factory.mktemp("few") / "scenes.hdf5", 10)


@pytest.fixture(scope="module")
def run(scenes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of nine steps; read only."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    assert ground(scenes, folder) == 0
    return folder


def state(folder: Path) -> dict[str, bytes]:
    found = load_file(folder / "resume" / "state.safetensors")
    return {name: tensor.numpy().tobytes() for name, tensor in found.items()}


def test_a_run_leaves_a_network_and_figures(run: Path) -> None:
    grounder = load_grounder(run / "checkpoint")
    assert grounder.config.tasks == ("PickPlace",)
    assert grounder.config.kinds == ("", "square")
    assert grounder.config.state == ("right_wrist_y",)  # No velocity.
    assert grounder.config.view.name == "head_told"
    assert {"reach", "red", "blue"} <= set(grounder.config.vocabulary)
    assert [one["step"] for one in read_metrics(run, "train")] == [9]
    validated = read_metrics(run, "validation")
    assert [one["step"] for one in validated] == [4, 8, 9]
    assert {"pointed_1", "median_cm_1", "kinds_right_1", "tasks_right"} <= validated[0].keys()
    recorded = json.loads((run / "config.json").read_text())
    assert recorded["kind"] == "grounding"
    assert recorded["training"]["pictures"] == 2
    assert len(recorded["datasets"]) == 1
    assert not list(run.rglob("*.unfinished"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_resumed_run_ends_as_if_it_had_not_been_stopped(
    run: Path, scenes: Path, tmp_path: Path, how: signal.Signals
) -> None:
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "vla_humanoid.cli", "ground", str(scenes)]
    child = subprocess.Popen(
        [*command, "--output", str(folder), *SHORT, *OFTEN],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    while not (folder / "checkpoint" / "grounding.json").exists():
        assert child.poll() is None
        time.sleep(0.002)
    child.send_signal(how)
    _, told = child.communicate(timeout=60)
    if how == signal.SIGINT:
        assert child.returncode == 130
        assert "go on with the same command and --resume" in told
    assert state(folder) != state(run)
    assert ground(scenes, folder, "--resume") == 0
    assert state(folder) == state(run)
    for name in ("grounding.safetensors", "grounding.json"):
        ours, theirs = (one / "checkpoint" / name for one in (folder, run))
        assert ours.read_bytes() == theirs.read_bytes()
    for phase in ("train", "validation"):
        assert read_metrics(folder, phase) == read_metrics(run, phase)


def test_a_run_is_not_overwritten_nor_resumed_as_another(
    run: Path, scenes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(run)
    assert ground(scenes, run) == 2
    assert "holds a run already" in capsys.readouterr().err
    assert ground(scenes, run, "--resume", "--learning-rate", "0.5") == 2
    assert "training.learning_rate: 0.5 instead of 0.002" in capsys.readouterr().err
    assert ground(scenes, run, "--resume", "--blind-to-words") == 2
    assert "training.blind_to_words: True instead of False" in capsys.readouterr().err
    other = write_scenes(tmp_path / "scenes.hdf5", 10, first=50)
    assert ground(other, run, "--resume") == 2
    assert "asked for otherwise" in capsys.readouterr().err
    assert state(run) == before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--resume",), "holds no run to go on with"),
        (("--held-back", "0"), "held_back between 0 and 1"),
        (("--held-back", "1"), "held_back between 0 and 1"),
        (("--held-back", "nan"), "held_back between 0 and 1"),
        (("--brightness", "1.5"), "brightness must be from 0 to 1"),
        (("--steps", "0"), "steps is 0; it must be at least 1"),
        (("--pictures", "0", "--sentences", "-1"), "pictures is 0, sentences is -1"),
        (("--learning-rate", "0"), "learning_rate and clip must be more than 0"),
        (("--learning-rate", "nan"), "learning_rate and clip must be more than 0"),
        (("--clip", "nan"), "learning_rate and clip must be more than 0"),
        (("--weight-decay", "-1"), "weight_decay at least 0"),
        (("--seed", "-1"), "seed must be from 0"),
        (("--save-every", "0"), "save_every and validate_every must be at least 1"),
        (("--threads", "-1"), "threads at least 0"),
    ],
)
def test_a_request_that_cannot_be_carried_out_is_refused(
    scenes: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    told: str,
) -> None:
    assert ground(scenes, tmp_path / "run", *more) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "run").exists()


def refused(capsys: pytest.CaptureFixture[str], output: Path, *files: Path) -> str:
    """Return why files are refused; there is no run of them."""
    assert main(["ground", *map(str, files), "--output", str(output), *SHORT]) == 2
    assert not output.exists()
    return " ".join(capsys.readouterr().err.split())


def test_files_that_do_not_fit_are_refused(
    scenes: Path, demos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "run"
    waist = write_scenes(tmp_path / "waist.hdf5", 4, camera="waist")
    told = refused(capsys, output, scenes, waist)
    assert f"{waist} has no pictures of head; it has: waist." in told
    other = write_scenes(tmp_path / "other.hdf5", 4, state=("right_wrist_y", "tail"))
    assert f"{other} and {scenes} tell different states" in refused(capsys, output, scenes, other)
    assert "has no attribute 'format'" in refused(capsys, output, demos)
    assert "nowhere.hdf5" in refused(capsys, output, tmp_path / "nowhere.hdf5")
    one = write_scenes(tmp_path / "one.hdf5", 1)
    assert "too few scenes" in refused(capsys, output, one)


def test_scenes_whose_goals_name_no_places_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "walking.hdf5"
    walk = (Request(({"direction": "left"},), ("walk to the left",)),)
    records = [scene(seed) for seed in range(4)]
    write_records(path, [replace(one, texts=replace(one.texts, requests=walk)) for one in records])
    assert "too few scenes whose goals name things" in refused(capsys, tmp_path / "run", path)


def test_scenes_with_a_sentence_that_is_too_long_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "long.hdf5"
    asked = (Request(({"object": "red"},), ("reach " * 64 + "it",)),)
    records = [scene(seed) for seed in range(4)]
    write_records(path, [replace(one, texts=replace(one.texts, requests=asked)) for one in records])
    told = refused(capsys, tmp_path / "run", path)
    assert "In the scenes: The sentence has 65 words" in told
    assert "the model takes 63" in told


def test_tasks_of_several_files_are_told_apart(scenes: Path, tmp_path: Path) -> None:
    stack = write_scenes(tmp_path / "stack.hdf5", 4, task="Stack")
    files = [str(scenes), str(stack)]
    folder = tmp_path / "run"
    assert main(["ground", *files, "--output", str(folder), *SHORT, "--steps", "1"]) == 0
    assert load_grounder(folder / "checkpoint").config.tasks == ("PickPlace", "Stack")


@pytest.mark.slow
def test_scenes_that_were_simulated_are_learned_from(tmp_path: Path) -> None:
    path, folder = tmp_path / "scenes.hdf5", tmp_path / "run"
    told = ["--count", "4", "--image-size", "96", "--workers", "1"]
    assert main(["scenes", "PickPlace", "--output", str(path), *told]) == 0
    assert ground(path, folder, "--steps", "2") == 0
    config = load_grounder(folder / "checkpoint").config
    assert len(config.kinds) > 2
    assert all("velocity" not in name and "hand" not in name for name in config.state)
    assert len(config.state) > 10
