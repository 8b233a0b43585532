"""``vla-humanoid train``: what it learns and writes, and that a run that ended early goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from reached_squares import goes_right
from safetensors.torch import load_file
from tiny_train import add_tiny

from vla_humanoid.cli import main
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.policies.checkpoint import from_pretrained
from vla_humanoid.training.metrics import read_metrics
from vla_humanoid.training.source import grammar, revision

TINY = Path(__file__).with_name("tiny_train.py")
SHORT = ["--steps", "12", "--batch-size", "8", "--save-every", "5", "--validate-every", "6"]
QUIET = ["--model", "tiny", "--readers", "0", "--precision", "float32"]


@pytest.fixture(autouse=True)
def _tiny() -> None:
    add_tiny()


def train(demos: Path, output: Path, *more: str) -> int:
    return main(["train", str(demos), "--output", str(output), *QUIET, *more])


@pytest.fixture(scope="module")
def run(demos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of twelve steps; read only."""
    add_tiny()
    folder = tmp_path_factory.mktemp("runs") / "run"
    assert train(demos, folder, *SHORT) == 0
    return folder


def state(folder: Path) -> dict[str, bytes]:
    found = load_file(folder / "resume" / "state.safetensors")
    return {name: tensor.numpy().tobytes() for name, tensor in found.items()}


def figures(folder: Path) -> list[dict[str, float]]:
    """All but the times."""
    lines = [*read_metrics(folder, "train"), *read_metrics(folder, "validation")]
    return [{k: v for k, v in one.items() if k not in {"seconds", "waited"}} for one in lines]


def test_a_run_leaves_all_that_is_needed(run: Path, demos: Path) -> None:
    names = {path.name for path in run.iterdir()}
    wanted = {"config.json", "metrics.jsonl", "checkpoint", "best", "resume", "plots"}
    assert names - {"tensorboard"} == wanted
    assert [one["step"] for one in read_metrics(run, "validation")] == [6, 12]
    assert {path.name for path in (run / "plots").iterdir()} == {"step_6.png", "step_12.png"}
    model, provenance = from_pretrained(run / "checkpoint")
    assert provenance.step == 12
    assert provenance.tasks == ("PickPlace",)
    recorded = json.loads((run / "config.json").read_text())
    assert provenance.datasets == recorded["datasets"]
    assert (provenance.revision, provenance.grammar) == (revision(), grammar(["PickPlace"]))
    assert model.description.cameras == ("head",)
    assert not list(run.rglob("*.unfinished"))
    assert not [path for path in run.rglob("*") if path.suffix in {".pt", ".pth", ".pkl", ".bin"}]


def test_validation_is_told_in_units(run: Path) -> None:
    last = read_metrics(run, "validation")[-1]
    assert {"right_wrist_cm", "right_wrist_deg", "grip", "action_loss", "loss"} <= last.keys()
    assert 0.0 <= last["subgoal_accuracy"] <= 1.0


def test_a_model_learns_and_the_sentence_changes_what_it_does(
    many_demos: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    told = ("--steps", "400", "--batch-size", "16", "--learning-rate", "0.002", "--warmup", "20")
    assert train(many_demos, folder, *told, "--ema", "0.95") == 0
    losses = [one["action"] for one in read_metrics(folder, "train")]
    assert np.mean(losses[-3:]) < 0.4 * losses[0]
    assert goes_right(folder, hides=False) >= 34  # Of 40; half of them by chance.


def test_a_model_remembers_what_it_saw_when_it_was_told(hiding_demos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    told = ("--steps", "400", "--batch-size", "16", "--learning-rate", "0.002", "--warmup", "20")
    assert train(hiding_demos, folder, *told, "--ema", "0.95", "--told", "head") == 0
    assert goes_right(folder, hides=True) >= 34  # Of 40; half of them by chance.


def test_a_camera_that_there_is_not_cannot_be_remembered(
    demos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(demos, tmp_path / "run", *SHORT, "--told", "waist") != 0
    assert "no camera waist" in " ".join(capsys.readouterr().err.split())


def test_a_resumed_run_ends_as_if_it_had_not_been_stopped(
    run: Path, demos: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    command = [sys.executable, str(TINY), "train", str(demos), "--output", str(folder)]
    child = subprocess.Popen([*command, *QUIET, *SHORT], stdout=subprocess.DEVNULL)
    saved = folder / "resume" / "state.safetensors"
    while not saved.exists():
        assert child.poll() is None
        time.sleep(0.002)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert train(demos, folder, *SHORT, "--resume") == 0
    assert state(folder) == state(run)
    assert figures(folder) == figures(run)
    for name in ("checkpoint", "best"):
        ours, theirs = (one / name / "model.safetensors" for one in (folder, run))
        assert ours.read_bytes() == theirs.read_bytes()


def test_an_interrupted_run_saves_and_goes_on(run: Path, demos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = [sys.executable, str(TINY), "train", str(demos), "--output", str(folder)]
    often = ["--steps", "100000", "--batch-size", "8", "--model", "tiny", "--readers", "1"]
    child = subprocess.Popen(
        [*command, *often], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    metrics = folder / "metrics.jsonl"
    while not (metrics.exists() and metrics.stat().st_size):
        assert child.poll() is None
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGINT)
    _, told = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "go on with the same command and --resume" in told
    assert (folder / "resume" / "state.safetensors").exists()
    from_pretrained(folder / "checkpoint")


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_the_last_good_model(
    demos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    wild = ("--learning-rate", "1e9", "--warmup", "8", "--clip", "1e9", "--weight-decay", "0")
    told = ("--steps", "60", "--batch-size", "8", "--save-every", "1", "--validate-every", "100")
    assert train(demos, folder, *told, *wild) == 1
    message = capsys.readouterr().err
    assert "Lower the learning rate" in message
    assert f"--init {folder / 'checkpoint'}" in message
    state_now = load_file(folder / "resume" / "state.safetensors")
    assert all(tensor.isfinite().all() for tensor in state_now.values())
    from_pretrained(folder / "checkpoint")


def test_a_seed_gives_the_same_run(run: Path, demos: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert train(demos, again, *SHORT) == 0
    assert state(again) == state(run)


def test_words_of_a_first_run_keep_their_rows(run: Path, demos: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    told = ("--steps", "1", "--batch-size", "8", "--learning-rate", "1e-30")
    assert train(demos, second, *told, "--init", str(run / "best")) == 0
    first, _ = from_pretrained(run / "best")
    model, _ = from_pretrained(second / "checkpoint")
    assert model.config.vocabulary == first.config.vocabulary
    for name, weight in first.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name], weight, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("how", ["head", "lora"])
def test_a_model_is_adapted_to_a_few_demonstrations(
    run: Path, few_demos: Path, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / how
    told = ("--steps", "6", "--batch-size", "4", "--learning-rate", "0.01", "--warmup", "0")
    init = ("--init", str(run / "checkpoint"), "--adapt", how, "--demonstrations", "1")
    assert train(few_demos, folder, *told, *init) == 0
    before, _ = from_pretrained(run / "checkpoint")
    after, _ = from_pretrained(folder / "checkpoint")
    old, new = before.state_dict(), after.state_dict()
    assert old.keys() == new.keys()
    changed = {name for name in old if not torch.allclose(old[name], new[name], atol=1e-3)}
    assert changed
    if how == "head":
        assert all(name.startswith(("model.head.", "model.decoder.")) for name in changed)
    else:
        assert all(name.endswith("weight") and old[name].dim() == 2 for name in changed)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--model", "gpt"), "There is no model 'gpt'"),
        (("--adapt", "half"), "Unknown --adapt 'half'"),
        (("--adapt", "lora"), "needs a checkpoint: give --init"),
        (("--resume",), "holds no run to go on with"),
        (("--batch-size", "10000"), "batch_size must not be more"),
        (("--precision", "float8"), "Unknown precision 'float8'"),
        (("--crop", "0.5"), "crop must be from 0 to 0.4"),
        (("--view-scale", "0"), "view_scale must be from 0.1 to 1"),
        (("--learning-rate", "nan"), "learning_rate must be from 0"),
        (("--weights", "1", "2"), "There are 1 files, but 2 weights"),
        (("--demonstrations", "0"), "episodes must be at least 1"),
        (("--init", "nowhere"), "cannot be read"),
    ],
)
def test_a_request_that_cannot_be_carried_out_is_refused(
    demos: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    told: str,
) -> None:
    assert train(demos, tmp_path / "run", *more) == 2
    assert told in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("more", [("--model", "gpt"), ("--batch-size", "10000")])
def test_a_model_that_cannot_be_trained_leaves_no_folder(
    demos: Path, tmp_path: Path, more: tuple[str, str]
) -> None:
    assert train(demos, tmp_path / "run", *more) == 2
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("mask", ["train", "valid"])
def test_a_sentence_that_is_too_long_for_the_model_is_named(
    demos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], mask: str
) -> None:
    path = tmp_path / "long.hdf5"
    path.write_bytes(demos.read_bytes())
    long = "reach the red square " * 4
    with open_dataset(path) as dataset:
        name = dataset.masks()[mask][0]
    with h5py.File(path, "r+") as file:
        told = file[f"data/{name}"].attrs
        told["instruction"] = long
        told["said"] = json.dumps([[0, long]])
    assert train(path, tmp_path / "run") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"In {path}: The sentence has 16 words" in said
    assert "the model takes 11" in said


def test_a_run_is_not_overwritten_nor_resumed_as_another(
    run: Path, demos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(run)
    assert train(demos, run, *SHORT) == 2
    assert "holds a run already" in capsys.readouterr().err
    assert train(demos, run, *SHORT, "--resume", "--learning-rate", "0.5") == 2
    assert "training.learning_rate: 0.5 instead of 0.001" in capsys.readouterr().err
    assert state(run) == before


def test_the_tensorboard_events_hold_the_losses(run: Path) -> None:
    event_pb2 = pytest.importorskip("tensorboardX.proto.event_pb2")
    data = next((run / "tensorboard").iterdir()).read_bytes()
    found: dict[str, list[int]] = {}
    while data:
        length = int.from_bytes(data[:8], "little")
        event = event_pb2.Event.FromString(data[12 : 12 + length])
        data = data[16 + length :]
        for value in event.summary.value:
            found.setdefault(value.tag, []).append(event.step)
    assert found["train/action"] == [10, 12]
    assert found["validation/right_wrist_cm"] == [6, 12]
