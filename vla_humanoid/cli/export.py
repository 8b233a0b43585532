"""``vla-humanoid export``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console


def export(
    files: Positional[tuple[Path, ...]],
    format: str,
    output: Path,
    failures: bool = False,
    file_mb: Annotated[float | None, arg(metavar="MB")] = None,
    lossless: bool = False,
    overwrite: bool = False,
) -> int:
    """Write dataset files in the format of another trainer.

    Args:
        files: HDF5 files that `generate` made, alike in cameras and control mode.
        format: lerobot (v3.0), gr00t (LeRobot v2.1 and modality.json), rlds, robomimic, isaaclab;
            the first two need the extra [export].
        output: folder, or for some formats file, to write; it is there whole or not at all.
        failures: also the episodes that failed, after the others.
        file_mb: begin another file after this many megabytes, where the format has such files.
        lossless: store images without loss, in format rlds.
        overwrite: replace an earlier export in this format.
    """
    from vla_humanoid.data_collection.export import run
    from vla_humanoid.data_collection.export.options import ExportOptions
    from vla_humanoid.data_collection.export.progress import report_export
    from vla_humanoid.data_collection.progress import size_text

    console = new_console()
    with report_export(console) as on_episode:
        summary = run.export(
            files,
            output,
            format,
            options=ExportOptions(failures, file_mb, lossless),
            overwrite=overwrite,
            on_episode=on_episode,
        )
    what = f"{summary.episodes} episodes, {summary.steps} steps, {size_text(summary.size)}"
    console.print(f"{output}: {what}", soft_wrap=True)
    return 0
