"""Puts finished attempts together into a dataset file.

While a run goes on that is an index with links to the attempts' own files, at its end one file that
holds everything. Both look the same to a reader.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import h5py
import numpy as np

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.attempts import (
    SHARD_GROUP,
    AttemptResult,
    PartsFolder,
    sync_file,
    write_atomically,
)
from vla_humanoid.data_collection.run_config import GenerationConfig, RunDescription
from vla_humanoid.data_collection.tally import Tally

VALIDATION_BLOCK = 10
"""One of every this many successes is for validation; of fewer, but at least two, one as well."""


def write_index(
    output: Path,
    parts: PartsFolder,
    config: GenerationConfig,
    description: RunDescription,
    results: Sequence[AttemptResult],
    complete: bool = False,
) -> None:
    """Replace the output by an index of every finished attempt.

    Args:
        output: the dataset file.
        parts: where the attempts are.
        config: of the run.
        description: of what it is carried out with.
        results: the finished attempts.
        complete: whether they are all that was asked for.

    Raises:
        OSError: if it cannot be written; the output is as it was then.
    """
    with h5py.File("index", "w", driver="core", backing_store=False) as file:
        data = _write_header(file, config, description, results, complete)
        for number, result in enumerate(_recorded(results)):
            target = f"{parts.path.name}/{parts.shard(result.attempt).name}"
            data[layout.demo_name(number)] = h5py.ExternalLink(target, SHARD_GROUP)
        file.flush()
        image = file.id.get_file_image()
    temporary = parts.path / output.name
    write_atomically(temporary, image)
    temporary.replace(output)


def write_merged(
    output: Path,
    parts: PartsFolder,
    config: GenerationConfig,
    description: RunDescription,
    results: Sequence[AttemptResult],
) -> None:
    """Replace the output by one file that holds every recorded attempt itself.

    Raises:
        OSError: if it cannot be written; the output is as it was then.
    """
    _check_space(parts, results)
    temporary = parts.temporary(output.name)
    try:
        with h5py.File(temporary, "w") as file:
            data = _write_header(file, config, description, results, complete=True)
            for number, result in enumerate(_recorded(results)):
                with h5py.File(parts.shard(result.attempt), "r") as shard:
                    # HDF5 copies the compressed chunks as they are.
                    shard.copy(SHARD_GROUP, data, layout.demo_name(number))
        sync_file(temporary)
        temporary.replace(output)
    except RuntimeError as error:  # What HDF5 raises when it cannot close a file.
        raise OSError(f"HDF5 failed to write {temporary}: {error}") from error
    finally:
        temporary.unlink(missing_ok=True)
    sync_file(output.parent)


def has_links(path: Path) -> bool:
    """Whether the demos of a dataset file lie in files of their own."""
    with h5py.File(path, "r") as file:
        data = file.require_group(layout.DATA)
        return any(isinstance(data.get(name, getlink=True), h5py.ExternalLink) for name in data)


def _check_space(parts: PartsFolder, results: Sequence[AttemptResult]) -> None:
    needed = sum(parts.shard(result.attempt).stat().st_size for result in _recorded(results))
    free = shutil.disk_usage(parts.path).free
    if needed > free:
        raise OSError(
            f"putting the episodes into one file takes {needed / 1e6:.1f} MB, but only "
            f"{free / 1e6:.1f} MB are free"
        )


def _recorded(results: Sequence[AttemptResult]) -> list[AttemptResult]:
    kept = [result for result in results if result.recorded]
    return sorted(kept, key=lambda result: result.attempt)


def _write_header(
    file: h5py.File,
    config: GenerationConfig,
    description: RunDescription,
    results: Sequence[AttemptResult],
    complete: bool,
) -> h5py.Group:
    file.attrs["format_version"] = layout.FORMAT_VERSION
    data = file.create_group(layout.DATA)
    recorded = _recorded(results)
    attributes: dict[str, str | int | bool] = {
        "total": sum(result.steps for result in recorded),
        "env_args": json.dumps(config.env_args),
        "config": json.dumps(asdict(config)),
        **asdict(description),
        "alignment": layout.ALIGNMENT,
        "attempts": len(results),
        "failures": json.dumps(Tally(results).failures),
        "complete": complete,
    }
    for name, value in attributes.items():
        data.attrs[name] = value
    masks = file.create_group(layout.MASK)
    for name, demos in _masks(recorded, config.seed).items():
        masks[name] = np.array(demos, dtype="S" if demos else "S1")
    return data


def _masks(recorded: Sequence[AttemptResult], run_seed: int) -> Mapping[str, list[str]]:
    masks: dict[str, list[str]] = {"train": [], "valid": []}
    total = sum(result.success for result in recorded)
    # A file with a single block has the whole of it to choose from, however short it is.
    size = min(total, VALIDATION_BLOCK)
    successes = chosen = 0
    for number, result in enumerate(recorded):
        if not result.success:
            masks.setdefault("failed", []).append(layout.demo_name(number))
            continue
        block, place = divmod(successes, VALIDATION_BLOCK)
        if place == 0:
            chosen = int(np.random.default_rng([run_seed, block]).integers(size))
        valid = place == chosen and total > 1
        masks["valid" if valid else "train"].append(layout.demo_name(number))
        successes += 1
    return masks
