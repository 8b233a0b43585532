"""A run that is killed at any time leaves what it had finished, and can be completed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_environment import make_fake, make_slow
from generate_until_killed import CONFIG
from h5_content import Content, content

from vla_humanoid.data_collection import dataset_index, generation
from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import (
    ConfigurationError,
    GenerationError,
    GenerationInterrupted,
)
from vla_humanoid.data_collection.generation import Progress, generate


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("uninterrupted") / "demos.hdf5"
    generate(CONFIG, path, workers=1, make=make_fake)
    return path


def start(output: Path) -> subprocess.Popen[bytes]:
    program = Path(__file__).with_name("generate_until_killed.py")
    return subprocess.Popen([sys.executable, str(program), str(output)], start_new_session=True)


def demos(output: Path) -> int:
    if not output.exists():
        return 0
    with open_dataset(output) as dataset:
        return sum(demo.actions().size > 0 for demo in dataset.demos())


def await_demos(output: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while demos(output) < count:
        assert time.monotonic() < deadline, "the run does not get on"
        time.sleep(0.01)


@pytest.mark.parametrize("whole_group", [True, False])
def test_kill_and_resume_gives_the_same_content(
    tmp_path: Path, uninterrupted: Path, whole_group: bool
) -> None:
    output = tmp_path / "demos.hdf5"
    before = 0
    for more in (1, 3):
        process = start(output)
        await_demos(output, before + more)
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()  # Its workers end by themselves.
        process.wait()
        before = demos(output)
        assert more <= before < CONFIG.episodes
        with open_dataset(output) as dataset:
            assert not dataset.complete
    summary = generate(CONFIG, output, workers=2, existing="resume", make=make_fake)
    assert summary.progress.successes == CONFIG.episodes
    assert 0 < summary.progress.new_successes < CONFIG.episodes
    assert content(output) == content(uninterrupted)
    assert not PartsFolder(output).exists()


def test_the_index_reads_like_the_finished_file(tmp_path: Path, uninterrupted: Path) -> None:
    output = tmp_path / "demos.hdf5"
    process = start(output)
    await_demos(output, 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    found, expected = demos_by_attempt(output), demos_by_attempt(uninterrupted)
    assert 3 <= len(found) < CONFIG.episodes
    assert found == {attempt: expected[attempt] for attempt in found}


def demos_by_attempt(output: Path) -> dict[int, Content]:
    with open_dataset(output) as dataset:
        attempts = {demo.name: demo.integer("attempt") for demo in dataset.demos()}
    everything = content(output)
    return {
        attempt: {
            path.removeprefix(f"/data/{name}"): value
            for path, value in everything.items()
            if path.startswith((f"/data/{name}/", f"/data/{name}@"))
        }
        for name, attempt in attempts.items()
    }


def test_an_orphaned_worker_ends(tmp_path: Path) -> None:
    output = tmp_path / "demos.hdf5"
    process = start(output)
    await_demos(output, 1)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while _group_lives(process.pid):
        assert time.monotonic() < deadline, "a worker is left behind"
        time.sleep(0.02)


def _group_lives(group: int) -> bool:
    """Whether a process of the group runs; one that has ended but was not reaped does not."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                return True
    return False


def test_interrupt_keeps_what_is_finished(tmp_path: Path, uninterrupted: Path) -> None:
    output = tmp_path / "demos.hdf5"

    def interrupt(progress: Progress) -> None:
        if progress.successes == 4:
            raise KeyboardInterrupt

    with pytest.raises(
        GenerationInterrupted, match=r"finished episodes are kept.*--resume"
    ) as said:
        generate(CONFIG, output, workers=2, make=make_slow, on_progress=interrupt)
    kept = demos(output)  # The other worker may just have finished one, too.
    assert kept in (4, 5)
    assert f"{kept} finished" in str(said.value)
    generate(CONFIG, output, workers=1, existing="resume", make=make_fake)
    assert content(output) == content(uninterrupted)


def test_interrupt_keeps_what_a_worker_has_not_told_of(tmp_path: Path) -> None:
    output = tmp_path / "demos.hdf5"
    parts = PartsFolder(output)

    told: list[int] = []

    def interrupt(progress: Progress) -> None:
        """Wait a while for an attempt that the run has not been told of yet."""
        deadline = time.monotonic() + 2.0
        while progress.attempts and time.monotonic() < deadline:
            if len(parts.results()) > progress.attempts:
                told.append(progress.successes)
                raise KeyboardInterrupt
            time.sleep(0.01)

    with pytest.raises(GenerationInterrupted) as said:
        generate(CONFIG, output, workers=2, make=make_slow, on_progress=interrupt)
    kept = demos(output)
    assert f"{kept} finished episodes" in str(said.value)
    assert kept == sum(one.success for one in parts.results().values()) >= told[0]


def test_interrupted_merge_can_be_repeated(
    tmp_path: Path, uninterrupted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "demos.hdf5"

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(dataset_index, "sync_file", full)
        with pytest.raises(GenerationError, match=r"No space left.*10 finished.*--resume"):
            generate(CONFIG, output, workers=1, make=make_fake)
    assert demos(output) == CONFIG.episodes
    assert not list(PartsFolder(output).path.glob("*.tmp"))
    summary = generate(CONFIG, output, existing="resume", make=make_fake)
    assert summary.progress.new_successes == 0
    assert content(output) == content(uninterrupted)


def test_a_disk_too_small_for_the_merge(
    tmp_path: Path, uninterrupted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "demos.hdf5"
    with monkeypatch.context() as patch:
        patch.setattr(dataset_index.shutil, "disk_usage", lambda path: SimpleNamespace(free=10))
        patch.setattr(generation, "check_space", lambda output, config: None)
        with pytest.raises(GenerationError, match=r"only 0\.0 MB are free.*10 finished"):
            generate(CONFIG, output, workers=1, make=make_fake)
    assert demos(output) == CONFIG.episodes
    generate(CONFIG, output, existing="resume", make=make_fake)
    assert content(output) == content(uninterrupted)


def test_killed_right_after_the_merge(tmp_path: Path, uninterrupted: Path) -> None:
    output = tmp_path / "demos.hdf5"
    output.write_bytes(uninterrupted.read_bytes())
    parts = PartsFolder(output)
    parts.path.mkdir()
    summary = generate(CONFIG, output, existing="resume", make=make_fake)
    assert summary.already_complete
    assert not parts.exists()


def test_leftovers_and_damaged_parts_are_replaced(tmp_path: Path, uninterrupted: Path) -> None:
    output = tmp_path / "demos.hdf5"
    process = start(output)
    await_demos(output, 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    parts = PartsFolder(output)
    shards = sorted(parts.path.glob("attempt_*.hdf5"))
    shards[0].write_bytes(shards[0].read_bytes()[:500])
    (parts.path / "attempt_000099.hdf5.1234.tmp").write_bytes(b"half")
    generate(CONFIG, output, existing="resume", make=make_fake)
    assert content(output) == content(uninterrupted)


def test_two_runs_cannot_share_an_output(tmp_path: Path) -> None:
    output = tmp_path / "demos.hdf5"
    parts = PartsFolder(output)
    parts.open()
    try:
        with pytest.raises(GenerationError, match="Another process"):
            generation.generate(CONFIG, output, existing="resume", make=make_fake)
    finally:
        parts.close()


def test_linked_episodes_stay_where_they_are_and_can_be_copied_later(
    tmp_path: Path, uninterrupted: Path
) -> None:
    output = tmp_path / "demos.hdf5"
    summary = generate(CONFIG, output, workers=1, make=make_fake, merge="links")
    parts = PartsFolder(output)
    assert summary.file_bytes == output.stat().st_size + parts.size > 10 * output.stat().st_size
    assert content(output) == content(uninterrupted)
    again = generate(CONFIG, output, existing="resume", make=make_fake, merge="links")
    assert again.already_complete
    assert parts.exists()
    generate(CONFIG, output, existing="resume", make=make_fake)
    assert output.read_bytes() == uninterrupted.read_bytes()
    assert not parts.exists()


def test_linked_episodes_that_are_gone_are_told(tmp_path: Path) -> None:
    output = tmp_path / "demos.hdf5"
    generate(CONFIG, output, workers=1, make=make_fake, merge="links")
    PartsFolder(output).remove()
    with pytest.raises(ConfigurationError, match="is gone; put it back"):
        generate(CONFIG, output, existing="resume", make=make_fake)


def test_the_index_of_many_attempts_is_written_now_and_then(
    tmp_path: Path, uninterrupted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    write: Callable[..., None] = generation.write_index

    def count(*arguments: object, **options: object) -> None:
        written.append(1)
        time.sleep(0.05)
        write(*arguments, **options)

    monkeypatch.setattr(generation, "write_index", count)
    monkeypatch.setattr(generation, "INDEX_AT_ONCE", 2)
    output = tmp_path / "demos.hdf5"
    generate(CONFIG, output, workers=1, make=make_fake)
    assert 4 <= len(written) < CONFIG.episodes
    assert content(output) == content(uninterrupted)
