from pathlib import Path

import pytest

from vla_humanoid.data_collection.errors import (
    ConfigurationError,
    GenerationError,
    GenerationInterrupted,
)
from vla_humanoid.data_collection.generation import Progress, Summary
from vla_humanoid.data_collection.many_tasks import Run, carry_out, runs_of_all_tasks
from vla_humanoid.data_collection.output_file import Existing
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.tasks import task_names


def plain(task: str, existing: Existing = "refuse") -> tuple[GenerationConfig, Existing]:
    return GenerationConfig(task, episodes=2, seed=0, cameras=(), image_size=32), existing


def test_every_task_has_a_file_of_its_own(tmp_path: Path) -> None:
    runs, left_out = runs_of_all_tasks(tmp_path / "all", plain)
    assert [run.config.task for run in runs] == list(task_names())
    assert {run.output for run in runs} == {tmp_path / "all" / f"{n}.hdf5" for n in task_names()}
    assert not left_out


def test_what_does_not_fit_a_task_leaves_it_out_and_says_why(tmp_path: Path) -> None:
    def without_walks(task: str) -> tuple[GenerationConfig, Existing]:
        if task.startswith("Walk"):
            raise ConfigurationError("it walks")
        return plain(task)

    runs, left_out = runs_of_all_tasks(tmp_path, without_walks)
    assert {one.reason for one in left_out} == {"it walks"}
    assert {run.config.task for run in runs} | {one.task for one in left_out} == set(task_names())


def test_what_fits_no_task_is_refused(tmp_path: Path) -> None:
    def never(task: str) -> tuple[GenerationConfig, Existing]:
        raise ConfigurationError("there is no such engine")

    with pytest.raises(ConfigurationError, match="no such engine"):
        runs_of_all_tasks(tmp_path, never)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="in a folder"):
        runs_of_all_tasks(tmp_path / "demos.hdf5", plain)


def test_resuming_begins_what_was_not_begun(tmp_path: Path) -> None:
    first, second, *_ = task_names()
    (tmp_path / f"{first}.hdf5").touch()
    runs, _ = runs_of_all_tasks(tmp_path, lambda task: plain(task, "resume"))
    existing = {run.config.task: run.existing for run in runs}
    assert existing[first] == "resume"
    assert existing[second] == "refuse"


def test_one_that_stops_does_not_stop_the_others(tmp_path: Path) -> None:
    runs, _ = runs_of_all_tasks(tmp_path, plain)
    begun: list[str] = []

    def generate(run: Run) -> Summary:
        begun.append(run.config.task)
        if run is runs[1]:
            raise GenerationError("the expert failed too often")
        return Summary(run.output, 1000, Progress(2, 2, 2, {}, 2, 1.0), already_complete=False)

    with pytest.raises(GenerationError, match=f"1 of {len(runs)}.*{runs[1].config.task}: the exp"):
        carry_out(runs, generate)
    assert begun == list(task_names())


def test_the_user_stops_them_all(tmp_path: Path) -> None:
    runs, _ = runs_of_all_tasks(tmp_path, plain)
    begun: list[str] = []

    def generate(run: Run) -> Summary:
        begun.append(run.config.task)
        raise GenerationInterrupted("stopped")

    with pytest.raises(GenerationInterrupted):
        carry_out(runs, generate)
    assert len(begun) == 1
