"""Two evaluations side by side."""

from pathlib import Path

import pytest
from html_page import Page
from made_episodes import folder

from vla_humanoid import cli
from vla_humanoid.evaluation.comparison import compare
from vla_humanoid.evaluation.episode_result import JournalError
from vla_humanoid.evaluation.report import PAGE


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


def test_compare_writes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = folder(tmp_path / "a", {"Sort": "++++++++--", "Stack": "+"}, "expert")
    second = folder(tmp_path / "b", {"Sort": "+------+-+", "Stack": "+"}, "<b>bold</b>")
    words = ["compare", str(first), str(second), "--output", str(tmp_path / "both")]
    assert cli.main(words) == 0
    assert "+45.5%" in capsys.readouterr().out
    text = (tmp_path / "both" / PAGE).read_text()
    page = Page(text)
    assert not page.open
    assert page.addresses == []
    assert "b" not in page.elements or "<b>bold" not in text
    assert "expert against &lt;b&gt;bold&lt;/b&gt;" in text
    assert "Only expert succeeded</h2><details><summary>6 episodes" in text
    assert "bold&lt;/b&gt; succeeded</h2><details><summary>1 episodes" in text
    assert cli.main(words) == 2  # Something is there.
    assert cli.main([*words, "--overwrite"]) == 0
    assert cli.main([*words[:-1], str(first), "--overwrite"]) == 2  # It would replace its source.
