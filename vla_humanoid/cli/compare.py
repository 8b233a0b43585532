"""``vla-humanoid compare``."""

from pathlib import Path

from tyro.conf import Positional

from vla_humanoid.cli.console import new_console


def compare(
    first: Positional[Path],
    second: Positional[Path],
    output: Path | None = None,
    overwrite: bool = False,
) -> int:
    """Compare two policies on the episodes that both were evaluated on.

    Args:
        first: output of `evaluate`.
        second: another one.
        output: folder to write the comparison to as well, as a page that needs no network.
        overwrite: replace an earlier comparison.
    """
    from vla_humanoid.evaluation import comparison
    from vla_humanoid.evaluation.comparison_page import write_comparison
    from vla_humanoid.evaluation.console_report import print_comparison
    from vla_humanoid.evaluation.report import PAGE

    console = new_console()
    if output is None:
        print_comparison(console, comparison.compare(first, second))
        return 0
    print_comparison(console, write_comparison(first, second, output, overwrite=overwrite))
    console.print(f"page        {output / PAGE}", soft_wrap=True)
    return 0
