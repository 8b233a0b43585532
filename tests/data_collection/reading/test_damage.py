"""Files that are broken in places: the broken episodes are named."""

import shutil
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset, h5_group

from vla_humanoid.data_collection import Dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.reading.index import DamagedEpisodes
from vla_humanoid.data_collection.reading.inflate import Inflate, fastest_inflate, inflate_with_zlib


@pytest.fixture
def copy(small_dataset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(small_dataset, tmp_path / "copy.hdf5"))


def spoil(path: Path) -> None:
    """Break three episodes in three ways."""
    with h5py.File(path, "r+") as file:
        h5_dataset(file, "data/demo_1/actions")[3] = np.nan
        del file["data/demo_2/obs/state"]
        h5_group(file, "data/demo_4").attrs["num_samples"] = 3


def test_all_broken_episodes_are_named(copy: Path) -> None:
    spoil(copy)
    with pytest.raises(DatasetError) as caught:
        Dataset(copy, mask=None)
    text = str(caught.value)
    assert "demo_1 cannot be read: its actions are not finite at step 3" in text
    assert "demo_2 cannot be read: it has no dataset 'obs/state'" in text
    assert "demo_4 cannot be read" in text
    assert "demo_0" not in text
    assert "damaged='skip'" in text


def test_the_rest_is_read_if_asked_for(copy: Path) -> None:
    spoil(copy)
    with pytest.warns(DamagedEpisodes, match=r"demo_1 .*\n.*demo_2 .*\n.*demo_4 "):
        dataset = Dataset(copy, mask=None, damaged="skip")
    assert {sample.episode for sample in dataset} == {"demo_0", "demo_3", "demo_5"}
    assert len(dataset.damaged) == 3


def test_a_truncated_part_of_an_unfinished_run_is_named(copy: Path) -> None:
    folder = copy.with_name(f"{copy.name}.parts")
    folder.mkdir()
    with h5py.File(copy, "r+") as file:
        data = h5_group(file, "data")
        data.attrs["complete"] = False
        with h5py.File(folder / "attempt_0.hdf5", "w") as part:
            file.copy("data/demo_3", part, "demo")
        del data["demo_3"]
        data["demo_3"] = h5py.ExternalLink(f"{folder.name}/attempt_0.hdf5", "demo")
    part = folder / "attempt_0.hdf5"
    part.write_bytes(part.read_bytes()[:-1000])
    with pytest.raises(DatasetError, match="'demo_3' is damaged"):
        Dataset(copy, mask=None)
    with pytest.warns(DamagedEpisodes, match="demo_3"):
        dataset = Dataset(copy, mask=None, damaged="skip")
    assert len({sample.episode for sample in dataset}) == 5


@pytest.mark.parametrize("damaged", ["refuse", "skip"])
def test_a_file_of_which_nothing_is_left_is_refused(copy: Path, damaged: str) -> None:
    copy.write_bytes(copy.read_bytes()[:-1000])
    with pytest.raises(DatasetError, match=r"copy\.hdf5 is not an HDF5 file, or is cut short"):
        Dataset(copy, damaged="skip" if damaged == "skip" else "refuse")


def test_an_empty_mask_is_refused(copy: Path) -> None:
    with h5py.File(copy, "r+") as file:
        del file["mask/valid"]
        file["mask/valid"] = np.array([], "S1")
    with pytest.raises(ConfigurationError, match="has no episodes in mask 'valid'"):
        Dataset(copy, mask="valid")


@pytest.mark.parametrize("way", ["gzip", "lzf"])
def test_a_damaged_image_is_named(copy: Path, way: str) -> None:
    with h5py.File(copy, "r+") as file:
        if way == "lzf":
            images = np.asarray(h5_dataset(file, "data/demo_2/obs/head_image")[()])
            del file["data/demo_2/obs/head_image"]
            options = {"chunks": (1, *images.shape[1:]), "compression": "lzf"}
            file.create_dataset("data/demo_2/obs/head_image", data=images, **options)
        chunk = h5_dataset(file, "data/demo_2/obs/head_image").id.get_chunk_info(5)
    content = bytearray(copy.read_bytes())
    content[chunk.byte_offset : chunk.byte_offset + 20] = bytes([255] * 20)
    copy.write_bytes(content)
    dataset = Dataset(copy, mask=None, shuffle=False)
    place = next(
        index
        for index, key in enumerate(
            (one.name, step) for one in dataset.episodes() for step in range(one.steps)
        )
        if key == ("demo_2", 5)
    )
    dataset[place - 1]
    with pytest.raises(
        DatasetError,
        match=r"copy\.hdf5: /data/demo_2 .* frame 5 of camera 'head' \('obs/head_image'\) is dam",
    ):
        dataset[place]


def test_a_file_that_changes_while_it_is_read_is_refused(copy: Path) -> None:
    dataset = Dataset(copy)
    content = copy.read_bytes()
    copy.write_bytes(content + b" ")
    with pytest.raises(DatasetError, match="has changed since it was indexed"):
        dataset[0]
    copy.unlink()
    with pytest.raises(DatasetError, match="cannot be opened any more"):
        dataset[0]


def test_images_that_are_missing_are_refused(copy: Path) -> None:
    """HDF5 would return zeros for chunks that were never written."""
    with h5py.File(copy, "r+") as file:
        shape = h5_dataset(file, "data/demo_0/obs/head_image").shape
        del file["data/demo_0/obs/head_image"]
        images = file.create_dataset(
            "data/demo_0/obs/head_image", shape, "u1", chunks=(1, *shape[1:]), compression="gzip"
        )
        images[: shape[0] - 1] = 7
    with pytest.raises(
        DatasetError, match=rf"demo_0 .*has only {shape[0] - 1} of {shape[0]} chunks"
    ):
        Dataset(copy, mask=None)


@pytest.mark.parametrize("inflate", [inflate_with_zlib, fastest_inflate()])
def test_streams_are_checked(inflate: Inflate) -> None:
    content = bytes(range(256)) * 100
    stream = zlib.compress(content)
    assert bytes(inflate(stream, len(content))) == content
    flipped = bytearray(stream)
    flipped[-1] ^= 1
    for broken, size in (
        (stream, len(content) - 1),
        (stream, len(content) + 1),
        (stream[:-3], len(content)),
        (bytes(flipped), len(content)),
        (b"", len(content)),
        (b"nonsense", len(content)),
    ):
        with pytest.raises(ValueError, match=r"."):
            inflate(broken, size)
