"""``vla-humanoid log``."""

from pathlib import Path

from tyro.conf import Positional

from vla_humanoid.cli.console import new_console


def log(
    file: Positional[Path],
    episode: int = 0,
    output: Path | None = None,
    rerun: bool = False,
    overwrite: bool = False,
) -> int:
    """Show a recorded episode in Rerun: all there is of it on one timeline.

    Images, instruction, sub-goal, actions, joints, ZMP, CoM, DCM, support margin and polygon,
    objects. It needs the extra [rerun].

    Args:
        file: HDF5 file.
        episode: its number, from 0.
        output: .rrd file to write.
        rerun: open a viewer.
        overwrite: replace an output that is there.
    """
    from vla_humanoid.data_collection.dataset_file import open_dataset
    from vla_humanoid.data_collection.editing.rerun_log import save_log, show_log
    from vla_humanoid.data_collection.errors import ConfigurationError
    from vla_humanoid.data_collection.layout import demo_name

    if output is None and not rerun:
        raise ConfigurationError("Say where to: --output FILE.rrd, --rerun for a viewer, or both.")
    with open_dataset(file) as dataset:
        if output is not None:
            save_log(dataset, demo_name(episode), output, overwrite=overwrite)
            new_console().print(f"log: {output}", soft_wrap=True)
        if rerun:
            show_log(dataset, demo_name(episode))
    return 0
