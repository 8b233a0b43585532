"""``vla-humanoid compare``."""

from pathlib import Path

from tyro.conf import Positional

from vla_humanoid.cli.console import new_console


def compare(first: Positional[Path], second: Positional[Path]) -> int:
    """Compare two policies on the episodes that both were evaluated on.

    Args:
        first: output of `evaluate`.
        second: another one.
    """
    from vla_humanoid.evaluation import comparison
    from vla_humanoid.evaluation.console_report import print_comparison

    print_comparison(new_console(), comparison.compare(first, second))
    return 0
