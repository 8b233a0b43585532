"""robomimic 0.3 loads what we export to it, and finds every value of the file."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest
import robomimic.utils.obs_utils as ObsUtils  # noqa: N812 - robomimic's own name for it
from robomimic.utils.dataset import SequenceDataset
from torch.utils.data import DataLoader

from vla_humanoid.data_collection.dataset_file import Demo, open_dataset
from vla_humanoid.data_collection.export.run import export
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig

Nested = dict  # Of arrays and of such; robomimic's own annotations say no more.
SEQUENCE = 10
IMAGES = ("head_image", "right_wrist_image")
OBSERVATIONS = (*IMAGES, "state")
NUMBERS = ("actions", "rewards", "dones")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checked copy of a file of real episodes."""
    folder = tmp_path_factory.mktemp("robomimic")
    config = GenerationConfig(
        "PickPlace", episodes=3, seed=3, cameras=("head", "right_wrist"), image_size=32
    )
    generate(config, folder / "demos.hdf5", workers=1)
    export([folder / "demos.hdf5"], folder / "exported.hdf5", "robomimic")
    return folder / "exported.hdf5"


def load(path: Path, mask: str | None, cache: str | None) -> SequenceDataset:
    ObsUtils.initialize_obs_modality_mapping_from_dict({"rgb": list(IMAGES), "low_dim": ["state"]})
    return SequenceDataset(
        hdf5_path=str(path),
        obs_keys=OBSERVATIONS,
        dataset_keys=NUMBERS,
        seq_length=SEQUENCE,
        hdf5_cache_mode=cache,
        filter_by_attribute=mask,
        load_next_obs=False,
    )


def stored(demo: Demo) -> dict[str, np.ndarray]:
    paths = (*NUMBERS, *(f"obs/{name}" for name in OBSERVATIONS))
    return {path: demo.array(path) for path in paths}


@pytest.mark.parametrize(
    ("mask", "cache"), [("train", "low_dim"), ("valid", "low_dim"), (None, "all"), (None, None)]
)
def test_every_sequence_is_what_the_file_holds(
    exported: Path, mask: str | None, cache: str | None
) -> None:
    loaded = load(exported, mask, cache)
    with open_dataset(exported) as file:
        expected = file.demo_names() if mask is None else file.masks()[mask]
        contents = [stored(file.demo(name)) for name in loaded.demos]
    assert set(loaded.demos) == set(expected)
    index = 0
    for content in contents:
        steps = len(content["actions"])
        for start in range(steps):
            # Beyond the end, robomimic repeats the last row.
            rows = np.minimum(start + np.arange(SEQUENCE), steps - 1)
            item = cast(Nested, loaded[index])
            for path, values in content.items():
                group, _, name = path.rpartition("/")
                found = item[group][name] if group else item[name]
                np.testing.assert_array_equal(found, values[rows], err_msg=path)
            index += 1
    assert index == len(loaded)


def test_batches_can_be_drawn(exported: Path) -> None:
    batches = DataLoader(load(exported, "train", "low_dim"), batch_size=4)
    batch = cast(Nested, next(iter(batches)))
    assert tuple(batch["obs"]["head_image"].shape) == (4, SEQUENCE, 32, 32, 3)
    assert tuple(batch["actions"].shape) == (4, SEQUENCE, 18)
