"""The page of an evaluation says what was counted, needs nothing else, and runs nothing."""

from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from html_page import Page
from made_episodes import SUCCESS, made

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.pages.film import film, strip
from vla_humanoid.evaluation import report
from vla_humanoid.evaluation.config import FIRST_SEED, EvaluationConfig
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.evaluation.film import Filmed, films
from vla_humanoid.evaluation.page import page
from vla_humanoid.evaluation.report import write_report
from vla_humanoid.evaluation.run import Evaluation

ZERO = EvaluationConfig("zero")
FRAMES = [np.full((32, 48, 3), shade, dtype=np.uint8) for shade in range(0, 250, 25)]
TOLD = "<script>alert(1)</script> & “sort” it"


def evaluation() -> Evaluation:
    failed = replace(made("Sort", 1, False), instruction=TOLD, interventions={"hold": 3})
    late = replace(made("Stack", 0), fallbacks={"late": 2})
    answered = (
        replace(one, latencies=(0.02, 0.03, 0.04)) for one in (made("Sort", 0), failed, late)
    )
    return Evaluation(ZERO, ("Sort", "Stack"), tuple(answered))


def test_the_wall_clock_is_told_where_it_counted() -> None:
    found = evaluation()
    paced = tuple(
        replace(one, realtime_factor=0.9, stale_action_ratio=0.25) for one in found.episodes
    )
    assert "Against the wall clock" not in page(found, ())
    text = page(replace(found, episodes=paced), ())
    assert "15.0 actions a second" in text
    assert "0.90 of real time" in text


def filmed(again: bool) -> Filmed:
    one = evaluation().episodes[1]
    other = one if again else replace(one, success=True, failure="", seconds=7.0)
    return Filmed(one, other, film(FRAMES, 10), strip(FRAMES, 4, 16))


def test_a_page_is_whole_and_asks_nobody() -> None:
    text = page(evaluation(), [filmed(again=True)])
    found = Page(text)
    assert not found.open
    assert "script" not in found.elements
    assert "&lt;script&gt;alert(1)" in text
    assert len(found.addresses) == 2
    assert all(address.startswith("data:") for address in found.addresses)
    assert "zero on Sort, Stack" in text
    assert '<td class="number">1/2</td>' in text
    assert "9% to 91%" in text
    assert "timeout: 1" in text
    assert "20.0 ms in the median" in text
    assert "--task Sort --only-seed 1 --output Sort-1</pre>" in text
    assert "another course" not in text


def test_a_film_that_shows_something_else_says_so() -> None:
    text = page(evaluation(), [filmed(again=False)])
    assert "another course than was counted: success after 7.0 s" in text


def test_why_there_are_no_films_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise ConfigurationError("nobody listens")

    monkeypatch.setattr(report, "films", gone)
    text = write_report(evaluation(), tmp_path).read_text()
    assert "No more films could be made: nobody listens" in text
    assert not Page(text).addresses


def test_what_happens_under_conditions_is_drawn() -> None:
    varied = [
        made("Sort", seed, seed == 0, f"camera:{level}") for level in (1, 2) for seed in (0, 1)
    ]
    varied += [replace(made("Sort", 0, False, "push"), event_at=2.0), made("Sort", 1, True, "push")]
    text = page(replace(evaluation(), varied=tuple(varied)), ())
    assert not Page(text).open
    assert "Sort: camera" in text
    assert "2: 1/2, 9% to 91%" in text
    assert "Recovery" in text
    assert "<td>1/2</td>" in text


def test_failures_are_filmed_of_every_task_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, str]] = []
    monkeypatch.setattr(
        report,
        "films",
        lambda _, chosen: asked.extend((c.task, c.seed, c.condition) for c in chosen) or (),
    )
    plain = [made(task, seed, seed == 0) for task in ("Sort", "Stack") for seed in range(4)]
    varied = [made("Sort", 0, False, "push"), made("Sort", 0, False, "teacher")]
    found = Evaluation(ZERO, ("Sort", "Stack"), tuple(plain), tuple(varied))
    write_report(found, tmp_path, clips=3)
    assert asked == [("Sort", 1, ""), ("Stack", 1, ""), ("Sort", 2, "")]
    asked.clear()
    write_report(found, tmp_path, clips=20)
    assert len(asked) == 7
    assert asked[-1] == ("Sort", 0, "push")
    asked.clear()
    write_report(found, tmp_path, clips=1, successes=True)
    assert asked == [("Sort", 0, "")]


def test_a_film_is_of_the_very_episode(tmp_path: Path) -> None:
    evaluator = Evaluator(ZERO)
    counted = evaluator.run("PressButton", FIRST_SEED)
    evaluator.close()
    assert not counted.success
    (found,) = films(ZERO, [counted])
    assert found.repeated
    header, _, data = found.film.partition(",")
    assert header == "data:video/mp4;base64"
    with av.open(_decoded(data, tmp_path / "film.mp4")) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(pictures) == 1 + (counted.steps + 1) // 2
    assert pictures[0].std() > 10.0
    other = replace(SUCCESS, task="PressButton", seed=FIRST_SEED)
    (unlike,) = films(ZERO, [other])
    assert not unlike.repeated


def _decoded(data: str, path: Path) -> str:
    path.write_bytes(b64decode(data))
    return str(path)
