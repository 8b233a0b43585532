"""``vla-humanoid train --grounding``: a policy learns from what a grounding network tells it."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from learned_pointing import Learned
from reached_squares import goes_right
from safetensors.torch import load_file
from written_scenes import TINY

from vla_humanoid.cli import main
from vla_humanoid.data_collection import Dataset
from vla_humanoid.policies.checkpoint import Provenance, from_pretrained, save_pretrained
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.grounding.checkpoint import load_grounder, save_grounder
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.systems.registry import configure
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.training.metrics import read_metrics
from vla_humanoid.training.model_making import describe, make_model
from vla_humanoid.training.named_table import named_table

SHORT = ("--steps", "12", "--batch-size", "8", "--save-every", "5", "--validate-every", "6")
NOISY = ("--state-noise", "0.2", "--named-noise", "0.1")
QUIET = ("--model", "pointer", "--readers", "0", "--precision", "float32")


@pytest.fixture(scope="module")
def network(pointing: Learned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grounding network of two squares on disk; read only."""
    folder = tmp_path_factory.mktemp("network") / "checkpoint"
    save_grounder(pointing.grounder, folder)
    return folder


def arguments(demos: Path, output: Path, network: Path) -> list[str]:
    told = ["train", str(demos), "--output", str(output), *QUIET]
    return [*told, "--grounding", str(network)]


@pytest.fixture(scope="module")
def run(demos: Path, network: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of twelve steps; read only."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    assert main([*arguments(demos, folder, network), *SHORT, *NOISY]) == 0
    return folder


def state(folder: Path) -> dict[str, bytes]:
    found = load_file(folder / "resume" / "state.safetensors")
    return {name: tensor.numpy().tobytes() for name, tensor in found.items()}


def test_a_run_leaves_its_network_as_it_was(run: Path, network: Path) -> None:
    model, _ = from_pretrained(run / "checkpoint")
    assert model.grounder is not None
    assert model.config.grounding == TINY
    assert model.config.cameras == ()
    theirs = load_grounder(network).state_dict()
    found = load_file(run / "resume" / "state.safetensors")
    for name, weight in theirs.items():
        for kind in ("model", "average"):
            assert torch.equal(found[f"{kind}.grounder.{name}"], weight), name
    assert not [name for name in found if name.startswith("optimizer") and ".grounder." in name]
    for name, weight in model.grounder.state_dict().items():
        torch.testing.assert_close(weight, theirs[name], rtol=1e-3, atol=1e-4)  # Half precision.


def test_a_policy_learns_to_go_where_its_network_points(
    many_demos: Path, network: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    told = ("--steps", "150", "--batch-size", "16", "--learning-rate", "0.002", "--warmup", "20")
    assert main([*arguments(many_demos, folder, network), *told, "--ema", "0.9"]) == 0
    losses = [one["action"] for one in read_metrics(folder, "train")]
    assert np.mean(losses[-3:]) < 0.4 * losses[0]
    assert goes_right(folder, hides=False) >= 36  # Of 40; half of them by chance.
    assert goes_right(folder, hides=True) >= 36


def test_a_resumed_run_ends_as_if_it_had_not_been_stopped(
    run: Path, demos: Path, network: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    told = [*arguments(demos, folder, network), *SHORT, *NOISY]
    child = subprocess.Popen(
        [sys.executable, "-m", "vla_humanoid.cli", *told],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    while not (folder / "resume" / "state.safetensors").exists():
        assert child.poll() is None
        time.sleep(0.002)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert main([*told, "--resume"]) == 0
    assert state(folder) == state(run)


def assert_same_network(one: Path, other: Path) -> None:
    before, _ = from_pretrained(one / "checkpoint")
    after, _ = from_pretrained(other / "checkpoint")
    assert before.grounder is not None
    assert after.grounder is not None
    for name, weight in before.grounder.state_dict().items():
        assert torch.equal(after.grounder.state_dict()[name], weight), name


@pytest.mark.parametrize("how", ["full", "lora"])
def test_a_run_goes_on_from_another_with_its_network(
    run: Path, few_demos: Path, network: Path, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / how
    told = ["train", str(few_demos), "--output", str(folder), "--readers", "0"]
    told += ["--steps", "2", "--batch-size", "4", "--init", str(run / "checkpoint")]
    assert main([*told, "--adapt", how]) == 0
    assert main([*told, "--adapt", how, "--resume"]) == 0
    found = load_file(folder / "resume" / "state.safetensors")
    assert not [name for name in found if "grounder" in name and "parametrizations" in name]
    assert_same_network(run, folder)


def test_a_policy_lends_the_network_that_it_has(run: Path, demos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    assert main([*arguments(demos, folder, run / "checkpoint"), *SHORT]) == 0
    assert_same_network(run, folder)


def test_a_policy_without_a_network_lends_none(
    demos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Dataset(str(demos)) as dataset:
        description = describe(dataset)
        config = configure("baku", (CameraInput("head", 32, 32),), ("right_wrist_y",), ())
        model = make_model(config, description, dataset, 0)
    save_pretrained(model, tmp_path / "baku", Provenance())
    assert main([*arguments(demos, tmp_path / "run", tmp_path / "baku"), *SHORT]) == 2
    assert "holds no grounding network" in " ".join(capsys.readouterr().err.split())


def changed(network: Path, folder: Path, config: GroundingConfig) -> Path:
    """Write a network of another configuration."""
    save_grounder(Grounder.unfilled(config), folder)
    return folder


def test_a_network_that_does_not_fit_is_refused(
    demos: Path, network: Path, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tails = changed(network, tmp_path / "tails", replace(TINY, state=("tail",)))
    waist = replace(TINY, view=CameraInput("waist", 32, 32))
    elsewhere = changed(network, tmp_path / "waist", waist)
    refusals: list[tuple[list[str], str]] = [
        ([], "pointer is told where things are by a grounding network: --grounding"),
        (["--grounding", str(tmp_path / "nowhere")], "holds no grounding network"),
        (["--grounding", str(tmp_path)], "holds no grounding network"),
        (["--grounding", str(tails)], "needs what there is not: state entry tail"),
        (["--grounding", str(elsewhere)], "needs what there is not: camera waist"),
        (["--grounding", str(network), "--init", str(run / "checkpoint")], "not both"),
        (["--grounding", str(network), "--named-noise", "-1"], "named_noise must be from 0"),
        (["--grounding", str(network), "--state-noise", "nan"], "state_noise must be from 0"),
    ]
    for number, (more, told) in enumerate(refusals):
        output = tmp_path / f"run_{number}"
        assert main(["train", str(demos), "--output", str(output), *QUIET, *SHORT, *more]) == 2
        assert told in " ".join(capsys.readouterr().err.split())


def small_pointer() -> ModelConfig:
    known = configure("pointer", (), ("right_wrist_y",), (), grounding=TINY)
    return replace(known, horizon=4, hidden=16, width=8)


def test_what_is_named_is_looked_up_as_it_was_seen_when_it_was_told(
    demos: Path, pointing: Learned
) -> None:
    with Dataset(str(demos), told=("head",)) as dataset:
        model = make_model(small_pointer(), describe(dataset), dataset, 0)
        assert model.grounder is not None
        model.grounder.load_state_dict(pointing.grounder.state_dict())
        table = named_table(dataset, model)
        assert table is not None
        episodes = {(one.file, one.episode): one for one in (dataset[i] for i in range(40))}
        for sample in episodes.values():
            image = torch.from_numpy(sample.told_images["head"])[None]
            first = torch.zeros(1, 2)  # The hand begins in the middle.
            wanted = model.ground({"head_told": image}, first, [sample.sentence])
            found = table([sample.file], [sample.episode], [sample.sentence])
            torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-4)


def test_a_model_without_a_network_looks_up_nothing(demos: Path) -> None:
    with Dataset(str(demos)) as dataset:
        config = replace(small_pointer(), grounding=None, cameras=(CameraInput("head", 16, 16),))
        assert named_table(dataset, make_model(config, describe(dataset), dataset, 0)) is None
