"""Workers that die or stall are replaced, and nothing but time is lost."""

import sys
from pathlib import Path

import pytest
from fake_environment import make_deadly, make_dying, make_fake, make_hanging, make_stuck
from h5_content import content

from vla_humanoid.data_collection.errors import ConfigurationError, GenerationError
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.data_collection.stall import StallLimit


def test_dying_workers_are_replaced(
    tmp_path: Path, small_config: GenerationConfig, small_dataset: Path
) -> None:
    output = tmp_path / "demos.hdf5"
    summary = generate(small_config, output, workers=1, make=make_dying)
    assert summary.progress.replaced >= 2
    assert content(output) == content(small_dataset)


def test_an_attempt_that_kills_every_worker_is_told_and_nothing_is_lost(
    tmp_path: Path, small_config: GenerationConfig, small_dataset: Path
) -> None:
    output = tmp_path / "demos.hdf5"
    told = (
        r"killed by signal 9 \(is there enough memory\?\) during attempt 2 \(episode seed \d+\), "
        r"3 times in a row\. .*kept; .*--resume"
    )
    with pytest.raises(GenerationError, match=told):
        generate(small_config, output, workers=2, make=make_deadly)
    generate(small_config, output, workers=1, existing="resume", make=make_fake)
    assert content(output) == content(small_dataset)


def test_a_stalled_worker_is_replaced(
    tmp_path: Path, small_config: GenerationConfig, small_dataset: Path
) -> None:
    output = tmp_path / "demos.hdf5"
    limit = StallLimit(least=2.0, factor=3.0)
    summary = generate(small_config, output, workers=1, make=make_hanging, limit=limit)
    assert summary.progress.replaced >= 2
    assert content(output) == content(small_dataset)


def test_workers_that_never_get_ready_are_told(
    tmp_path: Path, small_config: GenerationConfig
) -> None:
    output = tmp_path / "demos.hdf5"
    limit = StallLimit(least=1.0, start=1.0, losses=2)
    told = r"stalled for \d+ s while it started, 2 times in a row"
    with pytest.raises(GenerationError, match=told):
        generate(small_config, output, workers=1, make=make_stuck, limit=limit)
    assert not output.exists()


def test_the_limit_follows_what_was_measured() -> None:
    limit = StallLimit(least=10.0, factor=5.0, start=100.0)
    assert [limit.seconds(longest) for longest in (None, 0.1, 4.0)] == [100.0, 10.0, 20.0]
    with pytest.raises(ConfigurationError, match="factor must be positive, not 0"):
        StallLimit(factor=0.0)


def test_ray_is_asked_for_by_name_where_it_is_missing(
    tmp_path: Path, small_config: GenerationConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'vla-humanoid\[cluster\]'"):
        generate(small_config, tmp_path / "demos.hdf5", make=make_fake, ray="auto")
    assert not list(tmp_path.iterdir())
    isaac = GenerationConfig("PickPlace", engine="isaaclab", cameras=())
    with pytest.raises(ConfigurationError, match="cannot run on a Ray"):
        generate(isaac, tmp_path / "demos.hdf5", ray="auto")
