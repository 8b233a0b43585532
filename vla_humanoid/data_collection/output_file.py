"""Checks of where a dataset is to go, made before any work is done."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Literal, TypeAlias

from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.dataset_file import DatasetFile, open_dataset
from vla_humanoid.data_collection.dataset_index import has_links
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.output_folder import check_folder
from vla_humanoid.data_collection.run_config import GenerationConfig, check_same

Existing: TypeAlias = Literal["refuse", "overwrite", "resume"]
"""What to do about output that is already there."""

EXPECTED_STEPS = 150
"""Of an episode, to estimate the size of a dataset."""
EDITS = "edits"
"""Attribute of an edited file: the record of what was done."""
_NAMED = {"command", "from", "version"}
_ANEW = "pass --overwrite to generate it anew, or choose another --output"
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
        ConfigurationError: if it was generated from another request, was edited since, or its
            episodes are gone.
        DatasetError: if it is not a dataset.
    """
    if not output.exists():
        return False
    with open_dataset(output) as dataset:
        _check_unedited(dataset)
        check_same(f"{output} was generated", dataset.json_object("config"), asdict(config))
        needs_parts = not dataset.complete or has_links(output)
        if needs_parts and not PartsFolder(output).exists():
            raise ConfigurationError(
                f"The folder {PartsFolder(output).path} with the episodes of {output} is gone; "
                "put it back, or pass --overwrite to start again."
            )
        if dataset.complete:
            _check_all_there(dataset, config)
        return dataset.complete


def _check_unedited(dataset: DatasetFile) -> None:
    if not dataset.has_attribute(EDITS):
        return
    told = "; ".join(_told(edit) for edit in dataset.json_list(EDITS))
    raise ConfigurationError(
        f"{dataset.path} is not what a run left: its {len(dataset.demo_names())} episodes were "
        f"edited ({told}). There is nothing to resume; {_ANEW}."
    )


def _check_all_there(dataset: DatasetFile, config: GenerationConfig) -> None:
    """Refuse a file that others have taken episodes from, or added some to."""
    expected = dataset.integer("attempts") if config.keep_failures else config.episodes
    found = len(dataset.demo_names())
    if found != expected:
        raise ConfigurationError(
            f"{dataset.path} holds {found} episodes, but the run that it records made {expected}: "
            f"it was changed since. There is nothing to resume; {_ANEW}."
        )


def _told(edit: object) -> str:
    """Return an entry of the record of edits in a few words."""
    if not isinstance(edit, dict):
        return str(edit)
    files = edit.get("from")
    source = f" of {', '.join(map(str, files))}" if isinstance(files, list) else ""
    choices = {key: value for key, value in edit.items() if key not in _NAMED}
    how = f" with {json.dumps(choices)}" if choices else ""
    return f"{edit.get('command')}{source}{how}"
