"""``vla-humanoid merge``."""

from pathlib import Path

from tyro.conf import Positional

from vla_humanoid.cli.console import new_console


def merge(files: Positional[tuple[Path, ...]], output: Path, overwrite: bool = False) -> int:
    """Put dataset files together into one.

    Runs may differ in task, seed, randomization, language and engine; actions, state, rate and
    observations must be the same, or the difference is told field by field.

    Args:
        files: two or more HDF5 files; their episodes follow each other in this order.
        output: HDF5 file to write.
        overwrite: replace an output that is there.
    """
    from vla_humanoid.data_collection.editing.merge import merge as merge_files

    count = merge_files(files, output, overwrite=overwrite)
    new_console().print(f"{count} episodes of {len(files)} files: {output}", soft_wrap=True)
    return 0
