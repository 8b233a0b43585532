"""Checks of where a dataset is to go, made before any work is done."""

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Literal, TypeAlias

from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.dataset_index import has_links
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.output_folder import check_folder
from vla_humanoid.data_collection.run_config import GenerationConfig, check_same

Existing: TypeAlias = Literal["refuse", "overwrite", "resume"]
"""What to do about output that is already there."""

EXPECTED_STEPS = 150
"""Of an episode, to estimate the size of a dataset."""
_EXPECTED_COMPRESSION = 0.35
_EXPECTED_STEP_BYTES = 2000


def check_output(output: Path, existing: Existing) -> None:
    """Refuse an output that cannot be written, or is there and must not be touched.

    Raises:
        ConfigurationError: saying what to do instead.
    """
    if output.is_dir():  # An empty path is the folder one is in.
        raise ConfigurationError(
            f"The output {output} is a folder; name a file, such as {output / 'demos.hdf5'}."
        )
    check_folder(output)
    if output.exists() and not output.is_file():
        raise ConfigurationError(f"{output} is no ordinary file; choose another --output.")
    parts = PartsFolder(output)
    if existing == "refuse" and (output.exists() or parts.exists()):
        raise ConfigurationError(
            f"{output if output.exists() else parts.path} exists already; pass --resume to "
            "complete it, --overwrite to replace it, or choose another --output."
        )


def check_space(output: Path, config: GenerationConfig) -> None:
    """Refuse a run that the disk is unlikely to hold.

    Raises:
        ConfigurationError: with the space that is needed and the space there is.
    """
    image_bytes = len(config.cameras) * config.image_size**2 * 3 * _EXPECTED_COMPRESSION
    episode_bytes = EXPECTED_STEPS * (image_bytes + _EXPECTED_STEP_BYTES)
    # At the end the episodes are there twice, until the merged file is complete. What an earlier
    # run left is part of that, or is deleted before it.
    there = PartsFolder(output).size + (output.stat().st_size if output.exists() else 0)
    needed = max(2 * config.episodes * episode_bytes - there, 0.0)
    free = shutil.disk_usage(output.parent).free
    if needed > free:
        raise ConfigurationError(
            f"{config.episodes} episodes need about {needed / 1e9:.2f} GB more while they "
            f"are generated, but {output.parent} has {free / 1e9:.2f} GB free; free some, or ask "
            "for fewer episodes, fewer cameras or smaller images."
        )


def is_complete(output: Path, config: GenerationConfig) -> bool:
    """Whether the output already holds all that is asked for.

    Raises:
        ConfigurationError: if it was generated from another request, or its episodes are gone.
        DatasetError: if it is not a dataset.
    """
    if not output.exists():
        return False
    with open_dataset(output) as dataset:
        check_same(f"{output} was generated", dataset.json_object("config"), asdict(config))
        needs_parts = not dataset.complete or has_links(output)
        if needs_parts and not PartsFolder(output).exists():
            raise ConfigurationError(
                f"The folder {PartsFolder(output).path} with the episodes of {output} is gone; "
                "put it back, or pass --overwrite to start again."
            )
        return dataset.complete
