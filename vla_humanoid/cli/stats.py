"""``vla-humanoid stats``."""

from pathlib import Path

from tyro.conf import Positional

from vla_humanoid.cli.console import new_console


def stats(file: Positional[Path], output: Path, clips: int = 4, overwrite: bool = False) -> int:
    """Write a page of plots on what is in a dataset file, with clips to play.

    Lengths, language, actions, where the wrists were, ZMP margins, sub-goals, randomization. The
    page is one HTML file that needs no network.

    Args:
        file: HDF5 file.
        output: folder to write index.html into.
        clips: how many episodes are shown as films.
        overwrite: replace an earlier report.
    """
    from vla_humanoid.data_collection.quality.statistics_report import PAGE, write_statistics

    found = write_statistics(file, output, films=clips, overwrite=overwrite)
    new_console().print(
        f"{found.episodes} episodes, {found.successes} successful, {found.steps} steps, "
        f"{len(found.sentences)} different sentences: {output / PAGE}",
        soft_wrap=True,
    )
    return 0
