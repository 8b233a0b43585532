"""Shows how a generation run goes, and what it came to."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import progress as rich_progress
from rich.console import Console

from vla_humanoid.data_collection.generation import Progress, Summary
from vla_humanoid.data_collection.statistics import wilson_interval

_PLAIN_INTERVAL = 5.0
"""Seconds between lines where there is no terminal to redraw."""


@contextmanager
def report_progress(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Give a callback for `generate`: a bar on a terminal, now and then a line elsewhere."""
    if console.is_terminal:
        with _Bar(console) as bar:
            yield bar.update
    else:
        yield _Lines(console).update


def print_summary(console: Console, summary: Summary) -> None:
    """Say what a run came to."""
    progress = summary.progress
    if summary.already_complete:
        console.print(f"{summary.output} is complete already.", soft_wrap=True)
    console.print(f"successes   {_rate(progress)}")
    for reason, number in progress.failures.items():
        console.print(f"failures    {number} x {reason}", soft_wrap=True)
    if progress.new_successes:
        console.print(f"speed       {progress.rate:.1f} successful episodes/min")
    if progress.replaced:
        console.print(f"workers     {progress.replaced} died or stalled, and were replaced")
    console.print(f"file size   {size_text(summary.file_bytes)}")
    console.print(f"file        {summary.output}", soft_wrap=True)


def size_text(count: int) -> str:
    """Write a number of bytes for people."""
    if count < 1e6:
        return f"{count / 1e3:.1f} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.2f} GB"


def _rate(progress: Progress) -> str:
    low, high = wilson_interval(progress.successes, progress.attempts)
    rate = progress.successes / max(progress.attempts, 1)
    return (
        f"{progress.successes} of {progress.attempts} attempts, {rate:.1%} "
        f"(95 % Wilson interval {low:.1%} to {high:.1%})"
    )


def _state(progress: Progress) -> str:
    text = f"{progress.successes}/{progress.attempts} attempts succeeded"
    if progress.seconds_left is not None:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        text += f", {progress.rate:.1f} episodes/min, {minutes}:{seconds:02d} left"
    if progress.replaced:
        text += f", {progress.replaced} lost workers replaced"
    return text


class _Bar:
    def __init__(self, console: Console) -> None:
        self._bar = rich_progress.Progress(
            rich_progress.BarColumn(),
            rich_progress.MofNCompleteColumn(),
            rich_progress.TextColumn("{task.description}"),
            console=console,
        )
        self._task = self._bar.add_task("starting the workers", total=None)

    def __enter__(self) -> "_Bar":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def update(self, progress: Progress) -> None:
        self._bar.update(
            self._task,
            total=progress.wanted,
            completed=progress.successes,
            description=_state(progress),
        )


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = float("-inf")

    def update(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last >= _PLAIN_INTERVAL or progress.successes == progress.wanted:
            self._last = now
            line = f"{progress.successes}/{progress.wanted} episodes, {_state(progress)}"
            self._console.print(line, soft_wrap=True)
