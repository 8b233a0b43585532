"""Which entries of a sample are real, where a recording of others lacks some."""

import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_group

from vla_humanoid.data_collection import Dataset
from vla_humanoid.data_collection.editing.merge import merge
from vla_humanoid.data_collection.errors import DatasetError

ACTION = [True, False]


@pytest.fixture
def lacking(small_dataset: Path, tmp_path: Path) -> Path:
    """A file that says that it lacks an entry of the action."""
    path = Path(shutil.copy(small_dataset, tmp_path / "lacking.hdf5"))
    with h5py.File(path, "r+") as file:
        h5_group(file, "data").attrs["action_mask"] = json.dumps(ACTION)
    return path


def test_a_generated_episode_has_everything(small_dataset: Path) -> None:
    sample = Dataset(small_dataset)[0]
    assert sample.action_mask.shape == (2,)
    assert sample.state_mask.shape == sample.state.shape[1:]
    assert sample.action_mask.all()
    assert sample.state_mask.all()


def test_what_a_file_lacks_is_told_with_every_sample(lacking: Path) -> None:
    for sample in Dataset(lacking):
        assert sample.action_mask.tolist() == ACTION
        assert sample.state_mask.all()


def test_merged_with_others_every_episode_keeps_its_own(
    lacking: Path, small_dataset: Path, tmp_path: Path
) -> None:
    merged = tmp_path / "merged.hdf5"
    for files in ((lacking, small_dataset), (small_dataset, lacking)):
        merge(files, merged, overwrite=True)
        dataset = Dataset(merged, mask=None, shuffle=False)
        masks = {sample.episode: sample.action_mask.tolist() for sample in dataset}
        first, second = ([True] * 2, ACTION) if files[1] is lacking else (ACTION, [True] * 2)
        assert list(masks.values()) == [first] * 6 + [second] * 6


def test_several_files_keep_their_own(lacking: Path, small_dataset: Path) -> None:
    for sample in Dataset([lacking, small_dataset]):
        assert np.array_equal(sample.action_mask, np.array(ACTION) | (sample.file == 1))


@pytest.mark.parametrize("wrong", [[True], [1, 0], {}])
def test_what_is_no_mask_is_refused(lacking: Path, wrong: object) -> None:
    with h5py.File(lacking, "r+") as file:
        h5_group(file, "data").attrs["action_mask"] = json.dumps(wrong)
    with pytest.raises(DatasetError, match=r"'action_mask' is (no list of 2|not a JSON list)"):
        Dataset(lacking)
