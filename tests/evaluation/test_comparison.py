"""Two evaluations side by side."""

import json
from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.evaluation.comparison import compare
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult, JournalError
from vla_humanoid.evaluation.run import JOURNAL


def result(task: str, seed: int, success: bool) -> EpisodeResult:
    return EpisodeResult(
        task=task,
        seed=seed,
        instruction="lift it",
        told="lift it",
        success=success,
        success_any=success,
        failure="" if success else "timeout",
        steps=100,
        seconds=5.0,
        wrong_object=False,
        subgoal=1,
        subgoals=2,
        fallen=False,
        least_margin=0.05,
        interventions={},
        fallbacks={},
        stale_action_ratio=0.0,
        roughness=0.01,
        latencies=(0.0, 0.0, 0.0),
        cpu_seconds=1.0,
        peak_memory=100.0,
    )


def folder(path: Path, successes: dict[str, str]) -> Path:
    """Write a journal: for each task, a letter for each seed, + or -."""
    path.mkdir()
    lines = [json.dumps(EvaluationConfig("expert").to_json())]
    for task, row in successes.items():
        lines += [result(task, seed, it == "+").to_json() for seed, it in enumerate(row)]
    (path / JOURNAL).write_text("".join(f"{line}\n" for line in lines))
    return path


def test_episodes_of_both_are_paired_by_task_and_seed(tmp_path: Path) -> None:
    first = folder(tmp_path / "a", {"Sort": "++++++++--", "Stack": "++"})
    second = folder(tmp_path / "b", {"Stack": "+-+++", "Sort": "+-------", "Wipe": "+"})
    sort, stack, everything = compare(first, second)
    assert sort.task == "Sort"
    assert (sort.counts.both, sort.counts.first_only) == (1, 7)
    assert sort.rates == (1.0, 0.125)
    assert sort.p_value == pytest.approx(2 / 2**7)
    assert stack.counts.episodes == 2
    assert everything.task == "all"
    assert everything.counts.first_only == 8
    assert everything.interval[0] > 0.0
    assert everything.episodes_needed is not None


def test_compare_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = folder(tmp_path / "a", {"Sort": "++++++++--"})
    second = folder(tmp_path / "b", {"Sort": "+------+--"})
    assert cli.main(["compare", str(first), str(second)]) == 0
    printed = capsys.readouterr().out
    assert "80.0%" in printed
    assert "20.0%" in printed
    assert "+60.0%" in printed


def test_what_cannot_be_compared_says_why(tmp_path: Path) -> None:
    first = folder(tmp_path / "a", {"Sort": "++"})
    with pytest.raises(JournalError, match="no output of an evaluation"):
        compare(first, tmp_path / "nothing")
    with pytest.raises(JournalError, match="share no episode"):
        compare(first, folder(tmp_path / "b", {"Wipe": "++"}))
    assert cli.main(["compare", str(first), str(tmp_path / "nothing")]) == 2
