"""Random samples per second from robomimic's `SequenceDataset`, for `benchmarks/data.py`.

Run in an environment that has robomimic 0.3 and torch; it imports nothing of ours. For each number
of samples on its standard input it prints a rate.
"""

# The types are checked where robomimic is not installed.
# pyright: reportMissingImports=false

import argparse
import sys
import time

import h5py
import numpy as np
import robomimic.utils.obs_utils as ObsUtils  # noqa: N812 - robomimic's own name for it
import torch
from robomimic.utils.dataset import SequenceDataset


def main() -> None:
    """Answer until there are no more questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--sequence", type=int, default=16)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with h5py.File(arguments.file) as file:
        observation = file["data/demo_0/obs"]
        if not isinstance(observation, h5py.Group):
            raise TypeError("data/demo_0/obs is not a group")
        images = [key for key in map(str, observation) if key.endswith("_image")]
    ObsUtils.initialize_obs_modality_mapping_from_dict({"rgb": images, "low_dim": ["state"]})
    dataset = SequenceDataset(
        hdf5_path=arguments.file,
        obs_keys=(*images, "state"),
        dataset_keys=("actions",),
        seq_length=arguments.sequence,
        hdf5_cache_mode=None,
        load_next_obs=False,
    )
    rng = np.random.default_rng(0)
    for line in sys.stdin:
        chosen = rng.integers(len(dataset), size=int(line)).tolist()
        start = time.process_time()
        for index in chosen:
            dataset[index]
        print(len(chosen) / (time.process_time() - start), flush=True)


if __name__ == "__main__":
    main()
