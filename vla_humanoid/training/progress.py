"""Shows how a training run goes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vla_humanoid.training.trainer import StepReport

_PLAIN_INTERVAL = 10.0
"""Seconds between lines where there is no terminal to redraw."""
_MEMORY = 0.98
"""Of the running means that are shown."""


class Display:
    """Prints what it is told of.

    Args:
        console: where to.
        batch_size: samples of a step.
        steps: of the run.
        redraw: what shows a step on a bar; None to print lines.
    """

    def __init__(
        self,
        console: Console,
        batch_size: int,
        steps: int,
        redraw: Callable[[int, str], None] | None,
    ) -> None:
        self._console, self._batch_size, self._steps = console, batch_size, steps
        self._redraw = redraw
        self._means: dict[str, float] = {}
        self._weight = 0.0
        self._last = monotonic()

    def step(self, report: StepReport) -> None:
        """Show a step."""
        self._weight = _MEMORY * self._weight + 1.0 - _MEMORY
        for name in ("action", "keypose", "seconds", "waited"):
            old = self._means.get(name, 0.0)
            self._means[name] = _MEMORY * old + (1.0 - _MEMORY) * getattr(report, name)
        mean = {name: value / self._weight for name, value in self._means.items()}
        text = (
            f"loss {mean['action']:.4f}, keyposes {mean['keypose']:.4f}, "
            f"{self._batch_size / mean['seconds']:.0f} samples/s, "
            f"{mean['waited'] / mean['seconds']:.0%} of it waiting for data"
        )
        if self._redraw is not None:
            self._redraw(report.step, text)
        elif monotonic() - self._last > _PLAIN_INTERVAL:
            self._last = monotonic()
            self.say(f"{report.step}/{self._steps} {text}")

    def figures(self, kind: str, step: int, values: Mapping[str, float]) -> None:
        """Print what a validation or an evaluation found."""
        listed = ", ".join(f"{name} {value:.4g}" for name, value in values.items())
        self.say(f"{kind} at step {step}: {listed}")

    def say(self, line: str) -> None:
        """Print a line."""
        self._console.print(line, soft_wrap=True)


@contextmanager
def display(console: Console, batch_size: int, steps: int) -> Iterator[Display]:
    """Give what shows a run: a bar on a terminal, now and then a line elsewhere.

    Args:
        console: where to.
        batch_size: samples of a step.
        steps: of the run.
    """
    if not console.is_terminal:
        yield Display(console, batch_size, steps, None)
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=console) as progress:
        bar = progress.add_task("reading", total=steps)

        def redraw(step: int, text: str) -> None:
            progress.update(bar, completed=step, description=text)

        yield Display(console, batch_size, steps, redraw)
