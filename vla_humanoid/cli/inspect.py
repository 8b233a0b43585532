"""``vla-humanoid inspect``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console


def inspect(
    file: Positional[Path],
    video: Annotated[tuple[int, Path] | None, arg(metavar="K OUT.mp4")] = None,
    sheet: Annotated[Path | None, arg(metavar="OUT.png")] = None,
) -> int:
    """List what is inside a dataset file.

    Args:
        file: HDF5 file.
        video: write episode K (from 0) as a video.
        sheet: write a contact sheet: frames of the first episodes with their instructions.
    """
    from vla_humanoid.data_collection.dataset_file import open_dataset
    from vla_humanoid.data_collection.inspection import describe_dataset

    console = new_console()
    with open_dataset(file) as dataset:
        console.print(describe_dataset(dataset))
        if video is not None:
            from vla_humanoid.data_collection.pictures import write_video

            write_video(dataset, video[0], video[1])
            console.print(f"video: {video[1]}", soft_wrap=True)
        if sheet is not None:
            from vla_humanoid.data_collection.pictures import write_contact_sheet

            write_contact_sheet(dataset, sheet)
            console.print(f"contact sheet: {sheet}", soft_wrap=True)
    return 0
