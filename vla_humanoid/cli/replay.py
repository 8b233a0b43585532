"""``vla-humanoid replay``."""

from pathlib import Path

from tyro.conf import Positional

from vla_humanoid.cli.console import new_console


def replay(
    file: Positional[Path], episodes: tuple[int, ...] = (), engine: str | None = None
) -> int:
    """Carry recorded actions out again and compare what happens with the record.

    The initial state is rebuilt from the recorded seed and compared with the recorded one.
    Exits with 1 if a recorded success does not succeed again, which in another engine than the
    recorded one may well be.

    Args:
        file: HDF5 file.
        episodes: numbers of the episodes, from 0; all if none is given.
        engine: mujoco or physx; by default the one that the file was made with.
    """
    from vla_humanoid.data_collection.dataset_file import open_dataset
    from vla_humanoid.data_collection.replay_report import report_replay

    with open_dataset(file) as dataset:
        all_repeated = report_replay(dataset, episodes, new_console(), engine)
    return 0 if all_repeated else 1
