"""The log of the experts' episodes, which the pages of the tasks are made from."""

from pathlib import Path

import pytest
from expert_log import Attempt, ExpertLog

LATE = Attempt("physx", "Stack", 7, success=False, failure="fallen", steps=40)
EARLY = Attempt("mujoco", "Stack", 3, success=True, failure="", steps=140)


def test_attempts_are_on_file_as_soon_as_they_are_passed_on(tmp_path: Path) -> None:
    log = ExpertLog(tmp_path / "log.csv")
    for count, _ in enumerate(log.append([LATE, EARLY]), start=1):
        assert len(log.read()) == count
    assert log.read() == [LATE, EARLY]


def test_rewriting_sorts_and_forgets(tmp_path: Path) -> None:
    log = ExpertLog(tmp_path / "log.csv")
    log.rewrite([LATE, EARLY])
    assert log.read() == [EARLY, LATE]
    log.rewrite([])
    assert log.read() == []


def test_another_file_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="no log of attempts"):
        ExpertLog(path).read()
    assert path.read_text() == "a,b\n1,2\n"
