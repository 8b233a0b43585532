from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.data_collection.export import formats

MAPPING = """
control_mode = "right_arm"
success = true
[cameras]
[action.entries]
"*" = "missing"
[state.entries]
"*" = "missing"
"""


def test_import_refuses_what_is_no_dataset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING)
    line = f"import {tmp_path} --mapping {mapping} --output {tmp_path / 'demos.hdf5'}"
    assert cli.main(line.split()) == 2
    assert "is no LeRobot dataset: it has no meta/info.json." in capsys.readouterr().err
    assert not (tmp_path / "demos.hdf5").exists()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mapping.yaml", MAPPING, "must end in .toml or .json"),
        ("mapping.toml", "control_mode =", "is not TOML"),
        ("mapping.json", "[]", "is not a JSON object"),
        ("mapping.toml", MAPPING.replace("right_arm", "both_arms"), "one of end_effector"),
        ("mapping.toml", "speed = 1\n" + MAPPING, "no use for 'speed'; valid are control_mode"),
        ("mapping.toml", MAPPING.replace("success = true", ""), "'success' must be true, false"),
        ("mapping.toml", MAPPING.replace("[cameras]", "[camera]"), "it needs a table 'cameras'"),
    ],
)
def test_import_refuses_what_is_no_mapping(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, message: str
) -> None:
    (tmp_path / name).write_text(text)
    assert cli.main(["import", str(tmp_path), "--mapping", str(tmp_path / name)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_import_names_its_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    assert cli.main(["import", "folder", "--mapping", "mapping.toml"]) == 2
    assert "pip install 'vla-humanoid[export]'" in capsys.readouterr().err
