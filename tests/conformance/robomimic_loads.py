"""Loads a dataset file with robomimic 0.3 and compares every sequence with the file.

Run by hand or in CI, in an environment that has robomimic and torch:

    python tests/conformance/robomimic_loads.py demos.hdf5
"""

# The types are checked where robomimic is not installed.
# pyright: reportMissingImports=false

import argparse
import sys
from itertools import product
from pathlib import Path

import h5py
import numpy as np
import robomimic.utils.obs_utils as ObsUtils  # noqa: N812 - robomimic's own name for it
from robomimic.utils.dataset import SequenceDataset
from torch.utils.data import DataLoader

SEQUENCE = 4
DATASET_KEYS = ("actions", "rewards", "dones")


def stored(file: h5py.File, path: str) -> np.ndarray:
    """Return a whole dataset of the file."""
    item = file[path]
    if not isinstance(item, h5py.Dataset):
        raise TypeError(f"{path} is not a dataset")
    return item[()]


def names(file: h5py.File, path: str) -> list[str]:
    """Return the names inside a group of the file."""
    item = file[path]
    if not isinstance(item, h5py.Group):
        raise TypeError(f"{path} is not a group")
    return [str(name) for name in item]


def load(path: Path, mask: str | None, cache: str | None, keys: list[str]) -> SequenceDataset:
    """Open the file with robomimic."""
    return SequenceDataset(
        hdf5_path=str(path),
        obs_keys=tuple(keys),
        dataset_keys=DATASET_KEYS,
        seq_length=SEQUENCE,
        hdf5_cache_mode=cache,
        filter_by_attribute=mask,
        load_next_obs=False,
    )


def read(path: Path, demo: str, keys: list[str]) -> dict[str, np.ndarray]:
    """Return what the file holds of a demo; the file is closed again for robomimic to open."""
    with h5py.File(path, "r") as file:
        return {key: stored(file, f"data/{demo}/{key}") for key in keys}


def check_values(path: Path, dataset: SequenceDataset, keys: list[str]) -> int:
    """Compare what robomimic gives with what stands in the file; return how much was compared."""
    content = {
        demo: read(path, demo, [*DATASET_KEYS, *(f"obs/{key}" for key in keys)])
        for demo in dataset.demos
    }
    index = 0
    for expected in content.values():
        steps = len(expected["actions"])
        for start in range(steps):
            # Beyond the end, robomimic repeats the last row.
            rows = np.minimum(start + np.arange(SEQUENCE), steps - 1)
            item = dataset[index]
            found = {key: item[key] for key in DATASET_KEYS}
            found |= {f"obs/{key}": item["obs"][key] for key in keys}
            for key, values in expected.items():
                np.testing.assert_array_equal(found[key], values[rows], err_msg=key)
            index += 1
    if index != len(dataset):
        raise AssertionError(f"robomimic finds {len(dataset)} sequences, the file holds {index}")
    return index


def main() -> int:
    """Check the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    with h5py.File(path, "r") as file:
        keys = names(file, f"data/{names(file, 'data')[0]}/obs")
        masks = [mask for mask in names(file, "mask") if len(stored(file, f"mask/{mask}"))]
    images = [key for key in keys if key.endswith("_image")]
    vectors = [key for key in keys if key not in images]
    ObsUtils.initialize_obs_modality_mapping_from_dict({"rgb": images, "low_dim": vectors})
    for mask, cache in [*product([None, *masks], ["low_dim"]), (None, "all"), (None, None)]:
        dataset = load(path, mask, cache, keys)
        compared = check_values(path, dataset, keys)
        batch = next(iter(DataLoader(dataset, batch_size=min(8, len(dataset)))))
        shapes = {key: tuple(value.shape) for key, value in batch["obs"].items()}
        sys.stdout.write(
            f"demos {mask or 'all'}, cache {cache}: {compared} sequences equal; a batch: {shapes}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
