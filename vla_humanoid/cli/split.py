"""``vla-humanoid split``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console


def split(
    file: Positional[Path],
    output: Annotated[tuple[Path, ...], arg(metavar="FILE|TRAIN VALID")],
    train: float = 0.9,
    seed: int = 0,
    overwrite: bool = False,
) -> int:
    """Draw which episodes of a dataset are for training and which for validation.

    Episodes of one scene stay together, and each task is split for itself. Failed episodes are for
    neither.

    Args:
        file: HDF5 file.
        output: one HDF5 file to write, with the masks train and valid; or two, for training and
            for validation.
        train: share for training, between 0 and 1.
        seed: of the draw.
        overwrite: replace outputs that are there.
    """
    from vla_humanoid.data_collection.editing.splitting import split as split_file

    drawn = split_file(file, output, train=train, seed=seed, overwrite=overwrite)
    new_console().print(
        f"{drawn.train} episodes for training, {drawn.valid} for validation, {drawn.failed} that "
        f"failed: {', '.join(map(str, output))}",
        soft_wrap=True,
    )
    return 0
