"""What is exported, of which files, and what is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_group

from vla_humanoid.data_collection.errors import CollectionError, ConfigurationError
from vla_humanoid.data_collection.export.run import export
from vla_humanoid.data_collection.export.source import Source


def test_episodes_come_split_by_split(small_dataset: Path) -> None:
    source = Source([small_dataset])
    assert source.description.cameras == ("head", "right_wrist")
    assert source.description.control_mode == "end_effector"
    with h5py.File(small_dataset) as file:
        masks = {name: [it.decode() for it in h5_mask(file, name)] for name in ("train", "valid")}
    assert [key.demo for key in source.keys] == masks["train"] + masks["valid"]
    assert source.split("train") == range(5)
    assert source.split("valid") == range(5, 6)
    assert source.split("failed") == range(0)


def h5_mask(file: h5py.File, name: str) -> list[bytes]:
    item = file[f"mask/{name}"]
    assert isinstance(item, h5py.Dataset)
    return item[:].tolist()


def test_failures_are_left_out_unless_they_are_asked_for(dataset_with_failures: Path) -> None:
    successes = Source([dataset_with_failures])
    everything = Source([dataset_with_failures], failures=True)
    assert len(successes.keys) == 12
    assert len(everything.keys) > 12
    assert everything.split("failed").start == 12
    assert all(episode.success for episode in successes.reread())


def test_several_files_are_one_export(small_dataset: Path, tmp_path: Path) -> None:
    other = tmp_path / "more.hdf5"
    shutil.copy(small_dataset, other)
    calls: list[tuple[int, int]] = []
    source = Source([small_dataset, other], on_episode=lambda *call: calls.append(call))
    paths = [episode.key.path for episode in source.episodes()]
    assert paths == [small_dataset] * 5 + [other] * 5 + [small_dataset, other]
    assert calls == [(done, 12) for done in range(13)]


def test_files_that_differ_are_not_mixed(small_dataset: Path, dataset_with_failures: Path) -> None:
    with pytest.raises(CollectionError, match=r"right_wrist \[px\]: none, where 24x24 is needed"):
        Source([small_dataset, dataset_with_failures])


def cut_images(file: h5py.File) -> None:
    images = file["data/demo_2/obs/head_image"]
    assert isinstance(images, h5py.Dataset)
    cut = images[:-1]
    del file["data/demo_2/obs/head_image"]
    file["data/demo_2/obs/head_image"] = cut


def shift_states(file: h5py.File) -> None:
    states = file["data/demo_1/obs/state"]
    assert isinstance(states, h5py.Dataset)
    states[3] = np.nan


def lengthen_rewards(file: h5py.File) -> None:
    del file["data/demo_1/rewards"]
    file["data/demo_1/rewards"] = np.zeros(99, np.float32)


def leave_unfinished(file: h5py.File) -> None:
    h5_group(file, "data").attrs["complete"] = False


def say_nothing(file: h5py.File) -> None:
    h5_group(file, "data/demo_0").attrs["said"] = json.dumps([])


@pytest.mark.parametrize("name", ["lerobot", "gr00t"])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (cut_images, "demo_2 cannot be read: .*head_image' has"),
        (shift_states, "demo_1 cannot be read: 'obs/state' holds values that are not finite"),
        (lengthen_rewards, r"demo_1 cannot be read: 'rewards' is float32 \(99,\), not numbers"),
        (leave_unfinished, "it is unfinished; complete it"),
        (say_nothing, "'sentence' points beyond its 0 sentences"),
    ],
)
def test_damage_is_named_and_nothing_is_left(
    small_dataset: Path,
    tmp_path: Path,
    name: str,
    damage: Callable[[h5py.File], None],
    message: str,
) -> None:
    path = tmp_path / "demos.hdf5"
    shutil.copy(small_dataset, path)
    with h5py.File(path, "r+") as file:
        damage(file)
    with pytest.raises(CollectionError, match=message):
        export([path], tmp_path / "exported", name)
    assert [it.name for it in tmp_path.iterdir()] == ["demos.hdf5"]


def test_a_format_that_is_unknown_or_lacks_its_extra(
    small_dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="Unknown format 'csv'; choose one of lerobot, "):
        export([small_dataset], tmp_path / "exported", "csv")
    monkeypatch.setattr("vla_humanoid.data_collection.export.formats.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"the extra \[export\]"):
        export([small_dataset], tmp_path / "exported", "lerobot")
    assert not list(tmp_path.iterdir())
