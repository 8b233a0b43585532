"""``vla-humanoid merge``, ``split`` and ``filter``."""

from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.data_collection.editing import filtering, merge, splitting
from vla_humanoid.data_collection.editing.criteria import Criteria
from vla_humanoid.data_collection.editing.filtering import Kept
from vla_humanoid.data_collection.editing.splitting import Split


def test_merge_passes_everything_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def remember(files: object, output: object, *, overwrite: bool) -> int:
        asked.extend([files, output, overwrite])
        return 7

    monkeypatch.setattr(merge, "merge", remember)
    assert cli.main(["merge", "a.hdf5", "b.hdf5", "--output", "c.hdf5", "--overwrite"]) == 0
    assert asked == [(Path("a.hdf5"), Path("b.hdf5")), Path("c.hdf5"), True]
    assert capsys.readouterr().out == "7 episodes of 2 files: c.hdf5\n"


def test_split_passes_everything_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def remember(path: object, outputs: object, **options: object) -> Split:
        asked.extend([path, outputs, options])
        return Split(8, 2, 1)

    monkeypatch.setattr(splitting, "split", remember)
    line = "split a.hdf5 --output t.hdf5 v.hdf5 --train 0.8 --seed 3"
    assert cli.main(line.split()) == 0
    options = {"train": 0.8, "seed": 3, "overwrite": False}
    assert asked == [Path("a.hdf5"), (Path("t.hdf5"), Path("v.hdf5")), options]
    assert "8 episodes for training, 2 for validation, 1 that failed" in capsys.readouterr().out


def test_filter_passes_everything_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def remember(path: object, output: object, criteria: object, *, overwrite: bool) -> Kept:
        asked.append(criteria)
        return Kept(3, {"--task": 2, "--steps": 1})

    monkeypatch.setattr(filtering, "filter_dataset", remember)
    line = (
        "filter a.hdf5 --output b.hdf5 --task PickPlace Sort --success yes --seeds 3 9 "
        "--steps 5 80 --sentence left|right --subgoal ^pick --min-support-margin 0.01 --mask train"
    )
    assert cli.main(line.split()) == 0
    tasks = ("PickPlace", "Sort")
    expected = Criteria(tasks, True, (3, 9), (5, 80), "left|right", "^pick", 0.01, "train")
    assert asked == [expected]
    printed = capsys.readouterr().out
    assert printed == "3 episodes kept, 2 left out by --task, 1 left out by --steps: b.hdf5\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("merge a.hdf5 b.hdf5 --output x.hdf5", "There is no file a.hdf5"),
        ("split a.hdf5 --output x.hdf5", "There is no file a.hdf5"),
        ("filter a.hdf5 --output x.hdf5 --steps 9 3", "--steps 9 3 is empty"),
    ],
)
def test_what_is_wrong_is_one_line_and_status_2(
    line: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(line.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error
    assert error.count("\n") == 1
