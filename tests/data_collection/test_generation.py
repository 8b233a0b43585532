import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import h5py
import pytest
from fake_environment import (
    make_buggy,
    make_crowded,
    make_exiting,
    make_fake,
    make_hopeless,
    make_nothing,
    make_without_graphics,
)
from h5_content import content, h5_group
from rich.console import Console

from vla_humanoid.data_collection import output_file
from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.editing.criteria import Criteria
from vla_humanoid.data_collection.editing.filtering import filter_dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError, GenerationError
from vla_humanoid.data_collection.generation import Progress, generate
from vla_humanoid.data_collection.inspection import describe_dataset
from vla_humanoid.data_collection.output_file import check_space
from vla_humanoid.data_collection.progress import size_text
from vla_humanoid.data_collection.run_config import GenerationConfig


def test_workers_change_nothing(
    tmp_path: Path, small_dataset: Path, small_config: GenerationConfig
) -> None:
    output = tmp_path / "demos.hdf5"
    generate(small_config, output, workers=2, make=make_fake)
    assert content(output) == content(small_dataset)


def test_counts_and_progress(tmp_path: Path, small_config: GenerationConfig) -> None:
    seen: list[Progress] = []
    output = tmp_path / "demos.hdf5"
    summary = generate(small_config, output, workers=2, make=make_fake, on_progress=seen.append)
    assert summary.progress.successes == 6
    assert summary.progress.attempts == 6 + sum(summary.progress.failures.values())
    assert summary.progress.rate > 0
    assert summary.file_bytes == output.stat().st_size
    assert [p.attempts for p in seen] == list(range(summary.progress.attempts + 1))
    assert seen[0].seconds_left is None
    assert seen[-1].seconds_left == 0
    with open_dataset(output) as dataset:
        assert len(dataset.demo_names()) == 6
        assert all(demo.success for demo in dataset.demos())


def test_output_can_be_read_all_the_while(tmp_path: Path, small_config: GenerationConfig) -> None:
    output = tmp_path / "demos.hdf5"
    found: list[int] = []

    def look(progress: Progress) -> None:
        with open_dataset(output) as dataset:
            found.append(sum(demo.actions().size > 0 for demo in dataset.demos()))
            assert len(dataset.demo_names()) == progress.successes

    generate(small_config, output, workers=2, make=make_fake, on_progress=look)
    assert found[0] == 0
    assert found[-1] == 6


def test_existing_output_is_never_touched_unasked(
    tmp_path: Path, small_config: GenerationConfig
) -> None:
    output = tmp_path / "demos.hdf5"
    output.write_text("precious")
    with pytest.raises(ConfigurationError, match=r"exists already; .*--resume.*--overwrite"):
        generate(small_config, output, make=make_fake)
    assert output.read_text() == "precious"
    with pytest.raises(DatasetError, match="not an HDF5 file"):
        generate(small_config, output, existing="resume", make=make_fake)
    assert output.read_text() == "precious"
    generate(small_config, output, workers=1, existing="overwrite", make=make_fake)
    with open_dataset(output) as dataset:
        assert dataset.complete


def test_overwriting_waits_until_the_environment_starts(
    tmp_path: Path, small_config: GenerationConfig
) -> None:
    output = tmp_path / "demos.hdf5"
    output.write_text("precious")
    with pytest.raises(ConfigurationError, match=r"does not start: libEGL.*install libegl1"):
        generate(small_config, output, existing="overwrite", make=make_without_graphics)
    assert output.read_text() == "precious"
    assert not PartsFolder(output).exists()


def test_resuming_a_complete_file_does_nothing(
    small_dataset: Path, small_config: GenerationConfig
) -> None:
    before = small_dataset.read_bytes()
    summary = generate(small_config, small_dataset, existing="resume", make=make_fake)
    assert summary.already_complete
    assert summary.progress.attempts >= summary.progress.successes == 6
    assert small_dataset.read_bytes() == before


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("seed", lambda config: replace(config, seed=4)),
        ("episodes", lambda config: replace(config, episodes=7)),
        ("cameras", lambda config: replace(config, cameras=("head",))),
        ("randomization", lambda config: replace(config, randomization=("none",))),
    ],
)
def test_resuming_with_another_request_names_the_field(
    small_dataset: Path,
    small_config: GenerationConfig,
    field: str,
    change: Callable[[GenerationConfig], GenerationConfig],
) -> None:
    with pytest.raises(ConfigurationError, match=f"with {field} = "):
        generate(change(small_config), small_dataset, existing="resume", make=make_fake)


def test_resuming_an_edited_file_names_the_edits(
    small_dataset: Path, small_config: GenerationConfig, tmp_path: Path
) -> None:
    edited, twice = tmp_path / "edited.hdf5", tmp_path / "twice.hdf5"
    filter_dataset(small_dataset, edited, Criteria(mask="train"))
    filter_dataset(edited, twice, Criteria(success=True))
    before = twice.read_bytes()
    said = r"filter of demos.hdf5 with .*\"train\".*; filter of edited.hdf5 with .*--overwrite"
    with pytest.raises(ConfigurationError, match=said):
        generate(small_config, twice, existing="resume", make=make_fake)
    assert twice.read_bytes() == before


def test_resuming_a_file_that_lost_an_episode_counts_them(
    small_dataset: Path, small_config: GenerationConfig, tmp_path: Path
) -> None:
    output = tmp_path / "demos.hdf5"
    shutil.copy(small_dataset, output)
    with h5py.File(output, "r+") as file:
        del h5_group(file, "data")["demo_2"]
    with pytest.raises(ConfigurationError, match=r"holds 5 episodes, .* made 6.*--overwrite"):
        generate(small_config, output, existing="resume", make=make_fake)


def test_a_run_that_cannot_succeed_stops_and_says_why(
    tmp_path: Path, small_config: GenerationConfig
) -> None:
    output = tmp_path / "demos.hdf5"
    with pytest.raises(GenerationError, match=r"0 of 2\d attempts.*no grasp found \(2\d\)"):
        generate(small_config, output, workers=2, make=make_hopeless)


def test_an_episode_that_cannot_be_sampled_is_a_failure(
    tmp_path: Path, small_config: GenerationConfig
) -> None:
    config = replace(small_config, keep_failures=True)
    output = tmp_path / "demos.hdf5"
    summary = generate(config, output, workers=2, make=make_crowded)
    assert summary.progress.successes == 6
    assert summary.progress.failures["no layout found"] > 0


def test_a_bug_in_a_worker_is_told_and_nothing_is_lost(
    tmp_path: Path,
    small_config: GenerationConfig,
    small_dataset: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "demos.hdf5"
    told = (
        r"failed during attempt 2 \(episode seed \d+\): KeyError: 'left_elbow'\. .*\.log\. .*kept"
    )
    with pytest.raises(GenerationError, match=told):
        generate(small_config, output, workers=1, make=make_buggy)
    assert capfd.readouterr().err == ""
    log = (tmp_path / "demos.hdf5.log").read_text()
    assert log.startswith("Traceback")
    assert "in act" in log
    generate(small_config, output, workers=1, existing="resume", make=make_fake)
    assert content(output) == content(small_dataset)


def test_a_worker_that_fails_or_ends_at_the_start_is_told(
    tmp_path: Path, small_config: GenerationConfig
) -> None:
    output = tmp_path / "demos.hdf5"
    with pytest.raises(GenerationError, match="while it started: ZeroDivisionError: no robot"):
        generate(small_config, output, workers=1, make=make_nothing)
    with pytest.raises(
        GenerationError,
        match=r"A worker died while it started, 3 times in a row\. No episode was finished\.",
    ):
        generate(small_config, output, workers=1, make=make_exiting)
    assert not output.exists()


def test_what_is_there_already_needs_no_space_again(
    tmp_path: Path, small_config: GenerationConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "demos.hdf5"
    check_space(output, small_config)
    monkeypatch.setattr(output_file.shutil, "disk_usage", lambda path: SimpleNamespace(free=0))
    with pytest.raises(ConfigurationError, match="GB free"):
        check_space(output, small_config)
    parts = PartsFolder(output)
    parts.path.mkdir()
    for attempt in range(2):
        parts.shard(attempt).write_bytes(bytes(3_000_000))
    check_space(output, small_config)


def test_a_full_disk_is_told_before_any_work(
    tmp_path: Path, small_config: GenerationConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_usage(path: Path) -> SimpleNamespace:
        return SimpleNamespace(free=1_000_000)

    monkeypatch.setattr(output_file.shutil, "disk_usage", disk_usage)
    with pytest.raises(ConfigurationError, match=r"need about .* GB free"):
        generate(replace(small_config, episodes=1000), tmp_path / "demos.hdf5", make=make_fake)
    assert not list(tmp_path.iterdir())


def test_unusable_places_are_told_at_once(tmp_path: Path, small_config: GenerationConfig) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        generate(small_config, tmp_path / "missing" / "demos.hdf5", make=make_fake)
    with pytest.raises(ConfigurationError, match="is a folder"):
        generate(small_config, tmp_path, make=make_fake)
    with pytest.raises(ConfigurationError, match="at least 1, not 0"):
        generate(small_config, tmp_path / "demos.hdf5", workers=0, make=make_fake)


def test_unwritable_folder_is_told_at_once(
    tmp_path: Path, small_config: GenerationConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions do not bind root, who may run the tests.
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(ConfigurationError, match="not writable"):
        generate(small_config, tmp_path / "demos.hdf5", make=make_fake)


def test_lost_parts_are_told(tmp_path: Path, small_config: GenerationConfig) -> None:
    output = tmp_path / "demos.hdf5"
    with pytest.raises(GenerationError):
        generate(small_config, output, workers=1, make=make_buggy)
    PartsFolder(output).remove()
    with pytest.raises(ConfigurationError, match=r"is gone; put it back, or pass --overwrite"):
        generate(small_config, output, existing="resume", make=make_fake)
    with open_dataset(output) as dataset:
        told = r"'demo_0' .*demos\.hdf5\.parts is missing; .* must be moved together"
        with pytest.raises(DatasetError, match=told):
            dataset.demo("demo_0")


def test_an_unfinished_file_can_be_moved_with_its_parts_and_is_as_large_as_both(
    tmp_path: Path, small_config: GenerationConfig
) -> None:
    output = tmp_path / "demos.hdf5"
    with pytest.raises(GenerationError):
        generate(small_config, output, workers=1, make=make_buggy)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = output.rename(elsewhere / output.name)
    PartsFolder(output).path.rename(PartsFolder(moved).path)
    shards = [path.stat().st_size for path in PartsFolder(moved).path.glob("*.hdf5")]
    assert len(shards) == 2
    with open_dataset(moved) as dataset:
        assert dataset.size == moved.stat().st_size + sum(shards)
        printed = io.StringIO()
        Console(file=printed).print(describe_dataset(dataset))
        assert f"{size_text(dataset.size)}, unfinished" in printed.getvalue()
