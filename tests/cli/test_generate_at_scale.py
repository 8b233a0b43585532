"""``vla-humanoid generate`` on many machines."""

import sys
from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.data_collection import generation
from vla_humanoid.data_collection.generation import Progress, Summary
from vla_humanoid.data_collection.run_config import GenerationConfig


@pytest.mark.parametrize(
    ("arguments", "ray", "merge"),
    [([], None, "copy"), (["--ray", "auto", "--merge", "links"], "auto", "links")],
)
def test_where_to_work_and_how_to_merge_are_passed_on(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    ray: str | None,
    merge: str,
) -> None:
    def generate(config: GenerationConfig, output: Path, **options: object) -> Summary:
        assert (options["ray"], options["merge"]) == (ray, merge)
        return Summary(output, 1000, Progress(2, 2, 2, {}, 2, 1.0, replaced=3), False)

    monkeypatch.setattr(generation, "generate", generate)
    assert cli.main(["generate", "PickPlace", "--output", "demos.hdf5", *arguments]) == 0
    assert "3 died or stalled, and were replaced" in capsys.readouterr().out


def test_without_ray_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    output = tmp_path / "demos.hdf5"
    assert cli.main(["generate", "PickPlace", "--output", str(output), "--ray", "auto"]) == 2
    assert "pip install 'vla-humanoid[cluster]'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
