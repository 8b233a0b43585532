"""The command that runs an episode again asks for the same episode."""

import inspect
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.cli.evaluate import evaluate
from vla_humanoid.evaluation.config import FIRST_SEED, EvaluationConfig
from vla_humanoid.evaluation.journal import read_journal
from vla_humanoid.evaluation.report import PAGE
from vla_humanoid.evaluation.reproduction import command
from vla_humanoid.evaluation.run import JOURNAL


def test_all_that_decides_an_episode_is_an_option() -> None:
    options = inspect.signature(evaluate).parameters
    assert {field.name for field in fields(EvaluationConfig)} - {"protocol"} <= set(options)


def test_only_what_is_not_the_default_is_said() -> None:
    config = EvaluationConfig("ws://host:1", randomization=("lighting", "colors"), every=4)
    assert command(config, "Stack", 7) == (
        "vla-humanoid evaluate --policy ws://host:1 --randomization lighting colors --every 4 "
        "--task Stack --only-seed 7 --output Stack-7"
    )


def test_the_command_runs_the_one_episode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = EvaluationConfig("expert", randomization=("lighting", "colors"))
    seed = FIRST_SEED + 5
    _, *words = shlex.split(command(config, "PressButton", seed))
    assert cli.main([*words, "--workers", "1"]) == 0
    (episode,) = read_journal(tmp_path / f"PressButton-{seed}" / JOURNAL)
    assert (episode.task, episode.seed) == ("PressButton", seed)
    assert "data:video/mp4" in (tmp_path / f"PressButton-{seed}" / PAGE).read_text()
    refused = ["--policy", "zero", "--task", "Stack", "--output", "x", "--only-seed", "-1"]
    assert cli.main(["evaluate", *refused]) == 2
    assert cli.main(["evaluate", *refused[:-2], "--clips", "-1"]) == 2
    for done in ("0", "1.5", "nan"):
        assert cli.main(["evaluate", *refused[:-2], "--done", done]) == 2
