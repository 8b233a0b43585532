from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.data_collection.export import run
from vla_humanoid.data_collection.export.options import ExportOptions


def test_export_passes_everything_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[object, ...]] = []

    def fake(
        files: object,
        output: Path,
        format_name: str,
        *,
        options: ExportOptions,
        overwrite: bool,
        on_episode: object,
    ) -> run.ExportSummary:
        calls.append((files, output, format_name, options, overwrite))
        return run.ExportSummary(output, 7, 900, 12_300_000)

    monkeypatch.setattr(run, "export", fake)
    line = "export a.hdf5 b.hdf5 --format lerobot --output out --failures --file-mb 5 --overwrite"
    assert cli.main(line.split()) == 0
    files = (Path("a.hdf5"), Path("b.hdf5"))
    options = ExportOptions(failures=True, file_mb=5.0)
    assert calls == [(files, Path("out"), "lerobot", options, True)]
    assert capsys.readouterr().out == "out: 7 episodes, 900 steps, 12.3 MB\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "csv"], "Unknown format 'csv'; choose one of lerobot, gr00t, "),
        (["--format", "lerobot"], "There is no file missing.hdf5."),
        (["--format", "lerobot", "--file-mb", "0"], "file_mb must be positive, not 0"),
    ],
)
def test_bad_requests_are_one_line_and_status_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", "missing.hdf5", *arguments, "--output", "out"]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("error: ")
    assert printed.count("\n") == 1
    assert message in printed
    assert not list(tmp_path.iterdir())
