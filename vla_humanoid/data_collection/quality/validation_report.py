"""Shows what a validation came to."""

from collections import Counter

from rich.console import Console
from rich.table import Table

from vla_humanoid.data_collection.quality.finding import CheckResult, Report

_MOST_LINES = 20
"""Findings of a check that are printed."""


def print_report(report: Report, console: Console) -> None:
    """Print a table of the checks, then what they found, then what it comes to."""
    table = Table("check", "episodes", "result", title=str(report.path))
    for result in report.results:
        table.add_row(result.name, str(result.examined), _summary(result))
    console.print(table)
    for result in report.results:
        for finding in result.findings[:_MOST_LINES]:
            where = f"{finding.demo}: " if finding.demo else ""
            console.print(
                f"{finding.severity}: {result.name}: {where}{finding.message}", soft_wrap=True
            )
        if (more := len(result.findings) - _MOST_LINES) > 0:
            console.print(f"... and {more} more of {result.name}; --json lists all")
        for reason, count in Counter(result.skipped.values()).items():
            console.print(f"not checked: {result.name} of {count}: {reason}", soft_wrap=True)
    console.print("sound" if report.passed() else "NOT sound: see above")


def _summary(result: CheckResult) -> str:
    counts = [
        f"{number} {noun}{'s' if number > 1 else ''}"
        for number, noun in ((result.errors, "error"), (result.warnings, "warning"))
        if number
    ]
    return f"{result.status}: {', '.join(counts)}" if counts else result.status
