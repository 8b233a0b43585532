"""``vla-humanoid relabel``, ``rerender`` and ``log``."""

from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.data_collection.editing import relabelling, rerendering
from vla_humanoid.data_collection.editing.appearance import Looks
from vla_humanoid.data_collection.editing.rerendering import View
from vla_humanoid.data_collection.editing.wish import Relabelled, Wish


def test_relabel_passes_everything_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def remember(path: object, output: object, wish: object, *, overwrite: bool) -> Relabelled:
        asked.extend([path, output, wish, overwrite])
        return Relabelled(5, 4, 3, 2, 1, 1)

    monkeypatch.setattr(relabelling, "relabel", remember)
    line = (
        "relabel a.hdf5 --output b.hdf5 --paraphrases 9 --copies 2 --counterfactuals "
        "--language relation hand --split train --at-most 3 --seed 4 --overwrite"
    )
    assert cli.main(line.split()) == 0
    wish = Wish(9, 2, True, ("relation", "hand"), "train", 3, 4)
    assert asked == [Path("a.hdf5"), Path("b.hdf5"), wish, True]
    assert capsys.readouterr().out == (
        "5 episodes, 4 reworded; added 3 told a paraphrase, 2 counterfactual, 1 in other forms of "
        "language; 1 corrected in mid-episode keep their words: b.hdf5\n"
    )


def test_rerender_passes_everything_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def remember(path: object, output: object, view: object, *, overwrite: bool) -> int:
        asked.extend([path, output, view, overwrite])
        return 3

    monkeypatch.setattr(rerendering, "rerender", remember)
    line = (
        "rerender a.hdf5 --output b.hdf5 --cameras head external --image-size 96 "
        "--randomization lighting camera --seed 4 --exact"
    )
    assert cli.main(line.split()) == 0
    view = View(("head", "external"), 96, Looks(("lighting", "camera"), 4), True)
    assert asked == [Path("a.hdf5"), Path("b.hdf5"), view, False]
    assert capsys.readouterr().out == "3 episodes rendered again: b.hdf5\n"
    assert cli.main(["rerender", "a.hdf5", "--output", "b.hdf5"]) == 0
    assert asked[6] == View()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("relabel a.hdf5 --output b.hdf5", "Ask for something"),
        ("rerender a.hdf5 --output b.hdf5 --randomization pushes", "would change what happens"),
        ("rerender a.hdf5 --output b.hdf5", "There is no file a.hdf5"),
        ("log a.hdf5", "Say where to"),
        ("log a.hdf5 --output b.rrd", "There is no file a.hdf5"),
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
