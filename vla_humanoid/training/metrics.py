"""The figures of a run: lines of JSON, and events for TensorBoard."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tensorboardX import SummaryWriter

METRICS, EVENTS = "metrics.jsonl", "tensorboard"


class Metrics:
    """Writes figures into the folder of a run, each line as soon as it is known.

    Args:
        folder: of the run.
        step: from which the run goes on; what was written of later steps is taken back.
        writes: False for a process that leaves it to another one.
    """

    def __init__(self, folder: Path, step: int, writes: bool = True) -> None:
        path = folder / METRICS if writes else Path(os.devnull)
        if writes:
            _cut(path, step)
        self._file = path.open("a")
        self._events = _events(folder / EVENTS, step) if writes else None

    def write(self, kind: str, step: int, values: Mapping[str, float]) -> None:
        """Write figures.

        Args:
            kind: "train", "validation" or "evaluation".
            step: updates so far.
            values: by name.
        """
        self._file.write(json.dumps({"kind": kind, "step": step, **values}) + "\n")
        self._file.flush()
        if self._events is not None:
            for name, value in values.items():
                self._events.add_scalar(f"{kind}/{name}", value, step)

    def __enter__(self) -> "Metrics":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if self._events is not None:
            self._events.close()


def read_metrics(folder: Path, kind: str) -> list[dict[str, float]]:
    """Return the figures of a kind that a run has written, in the order of the steps."""
    lines = [json.loads(line) for line in (folder / METRICS).read_text().splitlines()]
    return [
        {name: value for name, value in line.items() if name != "kind"}
        for line in lines
        if line["kind"] == kind
    ]


def _cut(path: Path, step: int) -> None:
    """Keep the lines up to a step; the last one may have been cut short when a run was killed."""
    if not path.exists():
        return
    kept: list[str] = []
    for line in path.read_text().splitlines(keepends=True):
        if not line.endswith("\n") or json.loads(line)["step"] > step:
            break
        kept.append(line)
    draft = path.with_suffix(".new")
    draft.write_text("".join(kept))
    draft.replace(path)


def _events(folder: Path, step: int) -> "SummaryWriter | None":
    try:
        from tensorboardX import SummaryWriter
    except ModuleNotFoundError:
        return None
    return SummaryWriter(str(folder), purge_step=step + 1 if step else None)
