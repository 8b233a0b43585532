"""Small real files with something changed: read, or refused by the one error that is meant so."""

import multiprocessing
import shutil
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset, h5_group
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whole_file import read_everything

from vla_humanoid.data_collection.errors import DatasetError

MUTATION = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HEADER = ("complete", "env_args", "attempts")
"""Attributes of /data that a list of its episodes needs."""
EPISODE = ("num_samples", "success", "failure", "instruction", "paraphrases", "randomization")
ARRAYS = ("actions", "rewards", "obs/state", "obs/head_image", "balance/zmp")
STATES = ("states", "final_state")


@pytest.fixture
def copy(small_dataset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(small_dataset, tmp_path / "copy.hdf5"))


def read_or_refuse(path: Path) -> None:
    """Nothing but `DatasetError` may come of a file."""
    with suppress(DatasetError):
        read_everything(path)


IN_A_CHILD = settings(MUTATION, derandomize=True, max_examples=20)


def read_in_a_child(path: Path) -> None:
    """As `read_or_refuse`; but damage to its own tables may hang or crash the HDF5 library."""
    child = multiprocessing.get_context("fork").Process(target=read_or_refuse, args=(path,))
    child.start()
    child.join(10.0)
    child.kill()
    child.join()
    assert child.exitcode is not None
    assert child.exitcode <= 0


@IN_A_CHILD
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@given(st.data())
def test_flipped_bytes(copy: Path, small_dataset: Path, data: st.DataObject) -> None:
    content = bytearray(small_dataset.read_bytes())
    places = st.integers(0, len(content) - 1)
    # Headers and tables of contents are in front and between; most of the rest is images.
    places |= st.integers(0, 4096)
    for place, value in data.draw(
        st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8)
    ):
        content[place] = value
    copy.write_bytes(content)
    read_in_a_child(copy)


@IN_A_CHILD
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@given(st.data())
def test_a_block_of_bytes_moved(copy: Path, small_dataset: Path, data: st.DataObject) -> None:
    content = bytearray(small_dataset.read_bytes())
    size = data.draw(st.integers(1, 2048))
    here, there = (data.draw(st.integers(0, len(content) - size)) for _ in range(2))
    content[here : here + size] = content[there : there + size]
    copy.write_bytes(content)
    read_in_a_child(copy)


@MUTATION
@given(st.sampled_from(HEADER + EPISODE))
def test_deleted_attribute(copy: Path, small_dataset: Path, name: str) -> None:
    shutil.copy(small_dataset, copy)
    with h5py.File(copy, "r+") as file:
        del h5_group(file, "data" if name in HEADER else "data/demo_0").attrs[name]
    with pytest.raises(DatasetError, match=rf"copy\.hdf5: /data.* no attribute '{name}'"):
        read_everything(copy)


@MUTATION
@given(st.sampled_from(ARRAYS + STATES))
def test_deleted_array(copy: Path, small_dataset: Path, name: str) -> None:
    shutil.copy(small_dataset, copy)
    with h5py.File(copy, "r+") as file:
        del file[f"data/demo_0/{name}"]
    if name == "obs/head_image":
        read_everything(copy)  # An episode may do without a camera.
        return
    with pytest.raises(DatasetError, match=rf"copy\.hdf5: /data/demo_0 .*'{name}'"):
        read_everything(copy)


ATTRIBUTES = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text().filter(lambda text: "\0" not in text),
    st.binary(min_size=1).filter(lambda value: not value.endswith(b"\0")),
    st.lists(st.integers(0, 9), min_size=1),
    st.just(h5py.Empty("S1")),
)


@MUTATION
@given(name=st.sampled_from(HEADER + EPISODE), value=ATTRIBUTES)
def test_changed_attribute(copy: Path, small_dataset: Path, name: str, value: object) -> None:
    shutil.copy(small_dataset, copy)
    with h5py.File(copy, "r+") as file:
        try:
            h5_group(file, "data" if name in HEADER else "data/demo_0").attrs[name] = value
        except (ValueError, UnicodeEncodeError):
            return  # Not to be had in a file.
    read_or_refuse(copy)


@MUTATION
@given(
    name=st.sampled_from(ARRAYS),
    shape=st.lists(st.integers(0, 12), max_size=5).map(tuple),
    dtype=st.sampled_from(["f2", "f8", "u1", "i8", "bool", "S3", "c8", h5py.string_dtype()]),
)
def test_changed_shape_and_type(
    copy: Path, small_dataset: Path, name: str, shape: tuple[int, ...], dtype: str
) -> None:
    shutil.copy(small_dataset, copy)
    with h5py.File(copy, "r+") as file:
        del file[f"data/demo_0/{name}"]
        h5_group(file, "data/demo_0").create_dataset(name, shape, dtype)
    read_or_refuse(copy)


@MUTATION
@given(
    st.sampled_from(["rewards", "actions"]), st.floats(allow_nan=True, width=32), st.integers(0, 5)
)
def test_changed_value(copy: Path, small_dataset: Path, name: str, value: float, row: int) -> None:
    shutil.copy(small_dataset, copy)
    with h5py.File(copy, "r+") as file:
        h5_dataset(file, f"data/demo_0/{name}")[row] = np.float32(value)
    read_or_refuse(copy)
