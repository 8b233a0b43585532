"""``vla-humanoid stats``; what it writes is tested with its page."""

from pathlib import Path

import pytest

from vla_humanoid.cli import main


def test_what_is_no_dataset_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "demos.hdf5"
    path.write_bytes(b"not a dataset")
    assert main(["stats", str(path), "--output", str(tmp_path / "report")]) == 2
    assert "is not an HDF5 file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]
