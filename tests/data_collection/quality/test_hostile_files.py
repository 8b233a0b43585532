"""Files made to lead a reader astray: refused, and nothing outside of them is looked at."""

import json
import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from zlib import compress

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset, h5_group
from whole_file import read_everything

from vla_humanoid.data_collection import hdf5_chunks
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import DatasetError

Spoil = Callable[[h5py.File, Path], None]


@pytest.fixture
def copy(small_dataset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(small_dataset, tmp_path / "copy.hdf5"))


@pytest.fixture
def secret(small_dataset: Path, tmp_path: Path) -> Path:
    """A file that a hostile one wants read; it would read well."""
    return Path(shutil.copy(small_dataset, tmp_path / "secret.hdf5"))


def replace_demo(link: h5py.ExternalLink | h5py.SoftLink, file: h5py.File) -> None:
    del file["data/demo_1"]
    file["data/demo_1"] = link


def link_demo_elsewhere(file: h5py.File, secret: Path) -> None:
    replace_demo(h5py.ExternalLink(str(secret), "data/demo_0"), file)


def link_demo_elsewhere_unfinished(file: h5py.File, secret: Path) -> None:
    link_demo_elsewhere(file, secret)
    file["data"].attrs["complete"] = False


def link_demo_through_the_parts(file: h5py.File, secret: Path) -> None:
    file["data"].attrs["complete"] = False
    replace_demo(h5py.ExternalLink("copy.hdf5.parts/../secret.hdf5", "data/demo_0"), file)


def link_demo_to_a_symlink(file: h5py.File, secret: Path) -> None:
    folder = secret.with_name("copy.hdf5.parts")
    folder.mkdir()
    (folder / "attempt_000000.hdf5").symlink_to(secret)
    file["data"].attrs["complete"] = False
    link = h5py.ExternalLink("copy.hdf5.parts/attempt_000000.hdf5", "data/demo_0")
    replace_demo(link, file)


def link_demo_softly(file: h5py.File, secret: Path) -> None:
    replace_demo(h5py.SoftLink("/data/demo_0"), file)


def link_data_elsewhere(file: h5py.File, secret: Path) -> None:
    del file["data"]
    file["data"] = h5py.ExternalLink(str(secret), "data")


def link_mask_elsewhere(file: h5py.File, secret: Path) -> None:
    del file["mask/train"]
    file["mask/train"] = h5py.ExternalLink(str(secret), "mask/train")


def link_actions_elsewhere(file: h5py.File, secret: Path) -> None:
    del file["data/demo_0/actions"]
    file["data/demo_0/actions"] = h5py.ExternalLink(str(secret), "data/demo_0/actions")


def link_state_elsewhere(file: h5py.File, secret: Path) -> None:
    file["data/demo_0/states/secret"] = h5py.ExternalLink(str(secret), "data")


def link_images_softly(file: h5py.File, secret: Path) -> None:
    del file["data/demo_0/obs/head_image"]
    file["data/demo_0/obs/head_image"] = h5py.SoftLink("/data/demo_1/obs/head_image")


def make_actions_virtual(file: h5py.File, secret: Path) -> None:
    shape = h5_dataset(file, "data/demo_0/actions").shape
    source = h5py.VirtualSource(str(secret), "data/demo_0/actions", shape=shape, dtype="f4")
    layout = h5py.VirtualLayout(shape=shape, dtype="f4")
    layout[:] = source
    del file["data/demo_0/actions"]
    h5_group(file, "data/demo_0").create_virtual_dataset("actions", layout)


def keep_actions_outside(file: h5py.File, secret: Path) -> None:
    shape = h5_dataset(file, "data/demo_0/actions").shape
    del file["data/demo_0/actions"]
    external = [(str(secret), 0, h5py.h5f.UNLIMITED)]
    h5_group(file, "data/demo_0").create_dataset("actions", shape, "f4", external=external)


def claim_terabytes(file: h5py.File, secret: Path) -> None:
    del file["data/demo_0/obs/head_image"]
    frames = 10**9, 24, 24, 3
    group = h5_group(file, "data/demo_0/obs")
    group.create_dataset("head_image", frames, "u1", chunks=(1, 24, 24, 3), compression="gzip")


def claim_wide_actions(file: h5py.File, secret: Path) -> None:
    shape = len(h5_dataset(file, "data/demo_0/actions")), 10**12
    del file["data/demo_0/actions"]
    h5_group(file, "data/demo_0").create_dataset("actions", shape, "f4", chunks=(1, 1024))


def bloat_a_chunk(file: h5py.File, secret: Path) -> None:
    steps = len(h5_dataset(file, "data/demo_0/actions"))
    del file["data/demo_0/obs/head_image"]
    frames = np.zeros((steps, 24, 24, 3), np.uint8)
    h5_group(file, "data/demo_0/obs").create_dataset(
        "head_image",
        data=frames,
        maxshape=(None, None, None, 3),
        chunks=(1, 8192, 8192, 3),
        compression="gzip",
        compression_opts=1,
    )


def swell_a_chunk(file: h5py.File, secret: Path) -> None:
    frames = h5_dataset(file, "data/demo_0/obs/head_image")
    frames.id.write_direct_chunk((2, 0, 0, 0), compress(bytes(10_000_000)))


def point_to_objects(file: h5py.File, secret: Path) -> None:
    steps = len(h5_dataset(file, "data/demo_0/actions"))
    del file["data/demo_0/actions"]
    references = h5_group(file, "data/demo_0").create_dataset("actions", (steps,), h5py.ref_dtype)
    references[0] = file["data/demo_1"].ref


def nest_deeply(file: h5py.File, secret: Path) -> None:
    file.create_group("data/demo_0/states/" + "/".join("abcdefghijklmn"))


def nest_without_end(file: h5py.File, secret: Path) -> None:
    file["data/demo_0/states/again"] = file["data/demo_0/states"]


def nest_json_deeply(file: h5py.File, secret: Path) -> None:
    file["data/demo_0"].attrs["randomization"] = "[" * 50_000


def speak_latin_1(file: h5py.File, secret: Path) -> None:
    sentence = np.array("Lege die Tasse in die Kiste für Bücher.".encode("latin-1"), dtype=object)
    file["data/demo_0"].attrs.create("instruction", sentence, dtype=h5py.string_dtype())


def speak_half_a_character(file: h5py.File, secret: Path) -> None:
    file["data/demo_0"].attrs["paraphrases"] = json.dumps(["pick \ud800"])


def speak_to_the_terminal(file: h5py.File, secret: Path) -> None:
    file["data/demo_0"].attrs["instruction"] = "pick up \x1b[2J the cube"


def speak_many_times(file: h5py.File, secret: Path) -> None:
    file["data/demo_0"].attrs["instruction"] = ["pick up the cube", "or not"]


def forget_a_step_of_the_states(file: h5py.File, secret: Path) -> None:
    path = "data/demo_0/states/articulation/robot/root_pose"
    rows = h5_dataset(file, path)[:-1]
    del file[path]
    file[path] = rows


def forget_a_frame(file: h5py.File, secret: Path) -> None:
    path = "data/demo_0/obs/head_image"
    frames = h5_dataset(file, path)[:-1]
    del file[path]
    file[path] = frames


def take_no_step(file: h5py.File, secret: Path) -> None:
    file["data/demo_0"].attrs["num_samples"] = 0


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (link_demo_elsewhere, r"/data .*'demo_1' is a link into another file, '.*secret\.hdf5'"),
        (link_demo_elsewhere_unfinished, "'demo_1' is a link into another file"),
        (link_demo_through_the_parts, "'demo_1' is a link into another file"),
        (link_demo_to_a_symlink, r"attempt_000000\.hdf5, which leads elsewhere"),
        (link_demo_softly, "'demo_1' is a link to '/data/demo_0'"),
        (link_data_elsewhere, "no group /data: 'data' in it is a link into another file"),
        (link_mask_elsewhere, "/mask .*'train' in it is a link into another file"),
        (link_actions_elsewhere, "/data/demo_0 .*'actions' in it is a link into another file"),
        (link_state_elsewhere, "'secret' in it is a link into another file"),
        (link_images_softly, "'head_image' in it is a link to '/data/demo_1/obs/head_image'"),
        (make_actions_virtual, "/data/demo_0 .*'actions' is virtual"),
        (keep_actions_outside, "/data/demo_0 .*'actions' keeps its values in another file"),
        (claim_terabytes, r"'obs/head_image' claims 1728000000000 bytes.*only 0 are stored"),
        (claim_wide_actions, "'actions' claims .* only 0 are stored"),
        (bloat_a_chunk, "'obs/head_image' has chunks of 201326592 bytes"),
        (swell_a_chunk, r"'obs/head_image' has a chunk, \d+ bytes as stored, that holds more than"),
        (point_to_objects, "'actions' holds object, not numbers"),
        (nest_deeply, "lies too deep"),
        (nest_without_end, "lies too deep|more than"),
        (nest_json_deeply, "'randomization' is not JSON"),
        (speak_latin_1, "'instruction' is not UTF-8"),
        (speak_half_a_character, "'paraphrases' is not UTF-8"),
        (speak_to_the_terminal, "'instruction' holds control characters"),
        (speak_many_times, "'instruction' is not one value"),
        (forget_a_step_of_the_states, r"root_pose has \d+ rows, not \d+"),
        (forget_a_frame, r"'obs/head_image' has \d+ images, not \d+"),
        (take_no_step, "'num_samples' is 0; it has no actions"),
    ],
)
def test_refused_with_the_place_and_the_reason(
    copy: Path, secret: Path, spoil: Spoil, message: str
) -> None:
    with h5py.File(copy, "r+") as file:
        spoil(file, secret)
    secret.unlink()
    os.mkfifo(secret)  # Whoever opens it waits for ever.
    with pytest.raises(DatasetError, match=rf"copy\.hdf5.*{message}"):
        read_everything(copy)


def test_what_is_refused_takes_no_memory(copy: Path, secret: Path) -> None:
    with h5py.File(copy, "r+") as file:
        bloat_a_chunk(file, secret)
    read = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_dataset(copy) as dataset, pytest.raises(DatasetError, match="chunks of"):
        dataset.demo("demo_0").image("head", 0)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - read < 20_000  # kB


def test_a_large_chunk_is_tried_before_it_is_read(
    copy: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stored size is not suspicious, only what it might come to."""
    monkeypatch.setattr(hdf5_chunks, "LARGEST_SWELLING", 100_000)
    read_everything(copy)
    with h5py.File(copy, "r+") as file:
        frames = h5_dataset(file, "data/demo_0/obs/head_image")
        frames.id.write_direct_chunk((2, 0, 0, 0), compress(bytes(1_000_000)))
    with pytest.raises(DatasetError, match="holds more than its 1728 bytes"):
        read_everything(copy)
