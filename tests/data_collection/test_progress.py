import io
from pathlib import Path

from rich.console import Console

from vla_humanoid.data_collection.generation import Progress, Summary
from vla_humanoid.data_collection.progress import print_summary, report_progress, size_text

HALF = Progress(
    wanted=10, successes=5, attempts=6, failures={"dropped": 1}, new_successes=5, seconds=30
)
DONE = Progress(
    wanted=10, successes=10, attempts=12, failures={"dropped": 2}, new_successes=10, seconds=60
)


def test_plain_lines_without_a_terminal() -> None:
    console = Console(file=io.StringIO(), width=40)
    with report_progress(console) as report:
        for progress in (HALF, HALF, DONE):
            report(progress)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == [
        "5/10 episodes, 5/6 attempts succeeded, 10.0 episodes/min, 0:30 left",
        "10/10 episodes, 10/12 attempts succeeded, 10.0 episodes/min, 0:00 left",
    ]


def test_bar_on_a_terminal() -> None:
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    with report_progress(console) as report:
        report(HALF)
    assert isinstance(console.file, io.StringIO)
    assert "5/10" in console.file.getvalue()
    assert "0:30 left" in console.file.getvalue()


def test_time_left_counts_this_run_only() -> None:
    resumed = Progress(wanted=10, successes=8, attempts=8, failures={}, new_successes=2, seconds=10)
    assert resumed.rate == 12
    assert resumed.seconds_left == 10


def test_summary_of_a_complete_file() -> None:
    console = Console(file=io.StringIO(), width=40)
    nothing_new = Progress(10, 10, 12, {"dropped": 2}, 0, 0.0)
    print_summary(console, Summary(Path("demos.hdf5"), 2_000, nothing_new, True))
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    assert "demos.hdf5 is complete already." in printed
    assert "episodes/min" not in printed


def test_sizes() -> None:
    assert [size_text(n) for n in (1_500, 2_500_000, 3_210_000_000)] == [
        "1.5 kB",
        "2.5 MB",
        "3.21 GB",
    ]
