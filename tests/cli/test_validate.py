"""``vla-humanoid validate``; what it finds is tested with its checks."""

from pathlib import Path

import pytest

from vla_humanoid.cli import main


def test_what_is_no_dataset_is_a_wrong_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "demos.hdf5"
    assert main(["validate", str(path)]) == 2
    assert capsys.readouterr().err == f"error: There is no file {path}.\n"
    path.write_bytes(b"not a dataset")
    assert main(["validate", str(path)]) == 2
    assert "is not an HDF5 file" in capsys.readouterr().err
