"""What became of each of the expert's episodes, one line each in a file that survives a crash."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Attempt:
    """One episode of the expert.

    Args:
        engine: that it was simulated in.
        task: name of the task.
        seed: of the episode.
        success: whether the judge was content.
        failure: why not, or empty.
        steps: how long it took, in policy steps.
    """

    engine: str
    task: str
    seed: int
    success: bool
    failure: str
    steps: int


class ExpertLog:
    """A file of attempts, to be read, appended to and cleaned.

    Args:
        path: of the file, which need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Attempt]:
        """Return every attempt on file.

        Raises:
            ValueError: if the file is none of these.
        """
        if not self._path.exists():
            return []
        with self._path.open(newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != _columns():
                raise ValueError(f"{self._path} is no log of attempts: it has {rows.fieldnames}.")
            return [_attempt(row) for row in rows]

    def append(self, attempts: Iterable[Attempt]) -> Iterator[Attempt]:
        """Write attempts as they come, and pass them on."""
        is_new = not self._path.exists()
        with self._path.open("a", newline="") as file:
            writer = csv.DictWriter(file, _columns())
            if is_new:
                writer.writeheader()
            for attempt in attempts:
                writer.writerow(asdict(attempt) | {"success": int(attempt.success)})
                file.flush()
                yield attempt

    def rewrite(self, attempts: Iterable[Attempt]) -> None:
        """Replace what is on file, in the order of engine, task and seed."""
        ordered = sorted(attempts, key=lambda one: (one.engine, one.task, one.seed))
        draft = self._path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        for _ in ExpertLog(draft).append(ordered):
            pass
        if ordered:
            draft.replace(self._path)
        else:
            self._path.unlink(missing_ok=True)


def _columns() -> list[str]:
    return [field.name for field in fields(Attempt)]


def _attempt(row: dict[str, str]) -> Attempt:
    return Attempt(
        engine=row["engine"],
        task=row["task"],
        seed=int(row["seed"]),
        success=row["success"] == "1",
        failure=row["failure"],
        steps=int(row["steps"]),
    )
