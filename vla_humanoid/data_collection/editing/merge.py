"""Puts several dataset files together into one."""

from collections.abc import Sequence
from pathlib import Path

from vla_humanoid.data_collection.editing.edited_file import EditedFile
from vla_humanoid.data_collection.editing.source import open_source, read_header
from vla_humanoid.data_collection.editing.staging import check_target, staged_dataset
from vla_humanoid.data_collection.errors import ConfigurationError


def merge(files: Sequence[Path], output: Path, *, overwrite: bool = False) -> int:
    """Write one file that holds the episodes of several, in their order, and return their number.

    Episodes may come from runs with other tasks, seeds, randomization, languages or engines: a
    demo that is from another run than the first says so in attributes of its own (``env_args`` and
    the like). What a trainer relies on must be the same everywhere: the meaning of actions, state
    and alignment, the rate, and names, shapes and types of observations.

    Args:
        files: two or more, each once.
        output: the file to write.
        overwrite: replace a file that is there.

    Raises:
        ConfigurationError: if the request cannot be carried out as written.
        DatasetError: if a file cannot be read, or they do not go together: field by field.
    """
    if len(files) < 2:
        raise ConfigurationError("Name two or more files to merge.")
    if len({path.resolve() for path in files}) < len(files):
        raise ConfigurationError("A file is named twice; its episodes would count double.")
    check_target(output, files, overwrite)
    headers = [read_header(path) for path in files]
    with staged_dataset(output) as file:
        edited = EditedFile(file, headers, {"command": "merge"})
        for path in files:
            with open_source(path) as source:
                for name in source.dataset.demo_names():
                    edited.add(source, name, source.header.masks_of(name))
        edited.finish()
        return edited.demos
