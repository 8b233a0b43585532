"""Demonstrations of every task in one command: a file for each, in a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.errors import (
    ConfigurationError,
    GenerationError,
    GenerationInterrupted,
)
from vla_humanoid.data_collection.generation import Summary
from vla_humanoid.data_collection.output_file import Existing
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.tasks import task_names

ALL_TASKS = "all"
"""What is asked for instead of a task's name."""

Request: TypeAlias = Callable[[str], tuple[GenerationConfig, Existing]]
"""Checks what was asked for, for the task of a name."""


@dataclass(frozen=True)
class Run:
    """A dataset to be generated.

    Args:
        config: what to generate.
        output: the file.
        existing: what to do about one that is there.
    """

    config: GenerationConfig
    output: Path
    existing: Existing


@dataclass(frozen=True)
class LeftOut:
    """A task of which no demonstrations can be generated as was asked for.

    Args:
        task: its name.
        reason: why not.
    """

    task: str
    reason: str


def runs_of_all_tasks(folder: Path, request: Request) -> tuple[list[Run], list[LeftOut]]:
    """Return a run for every task, and the tasks that what was asked for does not fit.

    Args:
        folder: where the files go; it need not exist.
        request: checks what was asked for.

    Raises:
        ConfigurationError: if the folder is a file, or no task fits.
    """
    if folder.suffix or folder.is_file():
        raise ConfigurationError(
            f"With {ALL_TASKS!r} there is a file for each task, in a folder: "
            f"pass one as --output, not {folder}."
        )
    runs: list[Run] = []
    left_out: list[LeftOut] = []
    for name in task_names():
        output = folder / f"{name}.hdf5"
        try:
            config, existing = request(name)
        except ConfigurationError as error:
            left_out.append(LeftOut(name, str(error)))
        else:
            # Resuming a run of all, some may not have been begun.
            begun = output.exists() or PartsFolder(output).exists()
            runs.append(Run(config, output, existing if begun else "refuse"))
    if not runs:
        raise ConfigurationError(left_out[0].reason)
    return runs, left_out


def carry_out(runs: list[Run], generate: Callable[[Run], Summary]) -> None:
    """Generate one dataset after another, also where one before it had to stop.

    Raises:
        GenerationError: at the end, if some had to stop; the message says which and why.
        GenerationInterrupted: at once, if the user stopped one.
    """
    stopped: list[str] = []
    for run in runs:
        try:
            generate(run)
        except GenerationInterrupted:
            raise
        except GenerationError as error:
            stopped.append(f"{run.config.task}: {error}")
    if stopped:
        raise GenerationError(
            f"{len(stopped)} of {len(runs)} datasets are not finished. " + " ".join(stopped)
        )
