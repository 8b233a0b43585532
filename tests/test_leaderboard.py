"""The leaderboard is made of committed results, and compares only what is alike."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import leaderboard
import pytest

from vla_humanoid.evaluation.config import EvaluationConfig

CONFIG = EvaluationConfig("expert")


def record(folder: Path, name: str, counts: dict[str, int], config: EvaluationConfig) -> None:
    tasks = {
        task: {
            "episodes": 4,
            "success_rate": count / 4,
            "wilson95": (0.1, 0.9),
            "following_episodes": 4,
            "following_rate": 0.75,
            "falls": 1,
        }
        for task, count in counts.items()
    }
    content = {"vla_humanoid": "0.1", "config": asdict(config), "tasks": tasks}
    (folder / f"{name}.json").write_text(json.dumps(content))


def test_the_best_comes_first_with_counts_and_intervals(tmp_path: Path) -> None:
    record(tmp_path, "zero", {"Sort": 0}, replace(CONFIG, policy="zero"))
    record(tmp_path, "expert", {"Sort": 4, "Stack": 3}, CONFIG)
    page = tmp_path / "page.md"
    leaderboard.main(records=tmp_path, page=page)
    lines = page.read_text().splitlines()
    assert "| expert | 7 of 8 | 53 to 98 % | 6 of 8 | 2 | 0.1 |" in lines
    assert lines.index("| task | expert | zero |") > 0
    assert "| [Sort](tasks/Sort.md) | 4 of 4 (10 to 90 %) | 0 of 4 (10 to 90 %) |" in lines
    assert "| [Stack](tasks/Stack.md) | 3 of 4 (10 to 90 %) |  |" in lines


def test_what_was_evaluated_otherwise_is_refused(tmp_path: Path) -> None:
    record(tmp_path, "expert", {"Sort": 4}, CONFIG)
    record(tmp_path, "late", {"Sort": 4}, replace(CONFIG, policy="late", delay=3))
    with pytest.raises(ValueError, match="late was evaluated otherwise than expert"):
        leaderboard.main(records=tmp_path, page=tmp_path / "page.md")


def test_the_committed_page_is_that_of_the_committed_results(tmp_path: Path) -> None:
    leaderboard.main(page=tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text() == leaderboard.PAGE.read_text()
