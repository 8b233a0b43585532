"""The page says what is in the file, needs nothing else, and runs nothing that a file says."""

import io
import re
from base64 import b64decode
from pathlib import Path

import av
import h5py
import numpy as np
import pytest
from h5_content import h5_group
from html_page import Page
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.cli import main
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.editing.source import open_source
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.pages.svg import bars
from vla_humanoid.data_collection.quality import svg
from vla_humanoid.data_collection.quality.dataset_statistics import collect
from vla_humanoid.data_collection.quality.histogram import HeatMap, Histogram
from vla_humanoid.data_collection.quality.statistics_report import PAGE, write_statistics
from vla_humanoid.tasks.core.randomization import AXES


def test_counts_are_those_of_the_file(real_dataset: Path) -> None:
    with open_source(real_dataset) as source:
        found = collect(source)
        demos = list(source.dataset.demos())
        steps = sum(demo.steps for demo in demos)
        margins = np.concatenate([demo.array("balance/support_margin") for demo in demos])
        outside = np.count_nonzero(margins.astype(float) < 0)
        first = np.concatenate([demo.actions()[:, 0] for demo in demos])
        sentences = {demo.text("instruction") for demo in demos}
    assert (found.episodes, found.successes, found.steps) == (2, 2, steps)
    assert {int(plot.counts.sum()) for plot in found.actions} == {steps}
    expected = np.histogram(first, bins=40, range=(-1, 1))[0]
    np.testing.assert_array_equal(found.actions[0].counts, expected)
    assert int(found.margins.counts.sum()) == len(margins)
    assert found.outside == outside
    assert {int(plot.counts.sum()) for plot in found.wrists.values()} == {steps}
    assert set(found.sentences) == sentences
    assert found.told_by_template == 2
    assert found.templates
    assert [axis.axis for axis in found.axes] == list(AXES)
    assert all(axis.episodes_on == 2 for axis in found.axes)
    assert all(axis.distinct for axis in found.axes if axis.axis != "pushes")
    reached = sum(sum(durations) for _, durations in found.subgoals.values())
    assert reached <= steps / 20


def test_the_page_is_whole_and_refers_to_nothing_outside(
    real_dataset: Path, tmp_path: Path
) -> None:
    write_statistics(real_dataset, tmp_path / "report", films=1)
    assert [path.name for path in tmp_path.rglob("*")] == ["report", PAGE]
    page = Page((tmp_path / "report" / PAGE).read_text(encoding="utf-8"))
    assert page.open == []
    assert "script" not in page.elements
    assert page.elements.count("video") == 1
    (film,) = page.addresses
    start = "data:video/mp4;base64,"
    assert film.startswith(start)
    with av.open(io.BytesIO(b64decode(film.removeprefix(start))), "r") as container:
        frames = sum(1 for _ in container.decode(video=0))
    with open_dataset(real_dataset) as dataset:
        assert frames == dataset.demo("demo_0").steps


def test_sentences_are_words_and_nothing_else(real_copy: Path, tmp_path: Path) -> None:
    hostile = '</title><script>alert("1")</script><img src=x onerror=alert(1)>'
    with h5py.File(real_copy, "r+") as file:
        h5_group(file, "data/demo_0").attrs["instruction"] = hostile
        h5_group(file, "data/demo_0").attrs["task"] = "<b>"
        h5_group(file, "data").attrs["failures"] = '{"<script>": 1}'
    write_statistics(real_copy, tmp_path / "report")
    text = (tmp_path / "report" / PAGE).read_text(encoding="utf-8")
    page = Page(text)
    assert not {"script", "img"} & set(page.elements)
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text


def test_the_command_never_overwrites_unasked(
    real_dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = ["stats", str(real_dataset), "--output", str(tmp_path / "report"), "--clips", "0"]
    assert main(request) == 0
    assert re.match(r"2 episodes, 2 successful, \d+ steps, ", capsys.readouterr().out)
    first = (tmp_path / "report" / PAGE).read_bytes()
    assert main(request) == 2
    assert "pass --overwrite" in capsys.readouterr().err
    assert main([*request, "--overwrite"]) == 0
    assert (tmp_path / "report" / PAGE).read_bytes() == first


def test_what_is_no_report_is_not_replaced(real_dataset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.tex").write_text("...")
    with pytest.raises(ConfigurationError, match="not replaced"):
        write_statistics(real_dataset, folder, overwrite=True)
    assert (folder / "chapter.tex").exists()


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=50))
def test_every_finite_number_is_counted_once(values: list[float]) -> None:
    histogram = Histogram(-1.0, 2.0, 7)
    histogram.add(np.array(values))
    assert histogram.counts.sum() == np.count_nonzero(np.isfinite(values))


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=30))
def test_heat_maps_are_drawn_of_any_points(points: list[tuple[float, float]]) -> None:
    plot = HeatMap((-1, 1), (0, 2), 5)
    plot.add(np.array(points))
    assert plot.counts.sum() == len(points)
    drawing = svg.heat_map(plot, "x", "y")
    assert drawing.count("fill-opacity") == np.count_nonzero(plot.counts)
    Page(drawing)


@given(st.lists(st.tuples(st.text(), st.floats(0, 1e9)), max_size=5))
def test_bars_keep_to_their_labels(counts: list[tuple[str, float]]) -> None:
    page = Page(bars(counts))
    assert page.elements.count("rect") == len(counts)
