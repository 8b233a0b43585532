"""Merged files hold every episode as it was, and say where it came from."""

import json
import time
from pathlib import Path

import h5py
import pytest
from fake_environment import FakeConfig, FakeEnv, make_fake
from h5_content import content, h5_dataset, h5_group, h5_text

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.editing.merge import merge
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.replay import replay
from vla_humanoid.data_collection.run_config import GenerationConfig


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("one") / "one.hdf5"
    config = GenerationConfig("PickPlace", 2, 5, cameras=("head",), image_size=24)
    generate(config, path, workers=1, make=make_fake)
    return path


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """From another run: another seed, other axes, failures kept."""
    path = tmp_path_factory.mktemp("other") / "other.hdf5"
    config = GenerationConfig(
        *("PickPlace", 4, 9, ("head",), 24, ("lighting", "pushes")), keep_failures=True
    )
    generate(config, path, workers=1, make=make_fake)
    return path


def episode(path: Path, name: str) -> dict[str, object]:
    """What a demo holds, but for what says where it came from."""
    added = ("origin", "env_args", "config", "env_config", "versions", "package_version")
    found = content(path)
    prefix = f"/data/{name}"
    return {
        key.removeprefix(prefix): value
        for key, value in found.items()
        if key.startswith((f"{prefix}/", f"{prefix}@")) and key.partition("@")[2] not in added
    }


def test_every_episode_is_as_it_was(one: Path, other: Path, tmp_path: Path) -> None:
    output = tmp_path / "both.hdf5"
    count = merge([one, other], output)
    with open_dataset(output) as both, open_dataset(one) as first, open_dataset(other) as second:
        origins = [(one, name) for name in first.demo_names()]
        origins += [(other, name) for name in second.demo_names()]
        assert both.demo_names() == tuple(f"demo_{k}" for k in range(len(origins)))
        assert both.integer("total") == first.integer("total") + second.integer("total")
        assert both.integer("attempts") == first.integer("attempts") + second.integer("attempts")
        assert both.complete
    assert count == len(origins)
    for number, (path, name) in enumerate(origins):
        assert episode(output, f"demo_{number}") == episode(path, name)
        with h5py.File(output) as file:
            origin = json.loads(h5_text(file, f"data/demo_{number}", "origin"))
        assert origin == [[path.name, name]]


def test_chunks_are_copied_as_they_are(one: Path, other: Path, tmp_path: Path) -> None:
    output = tmp_path / "both.hdf5"
    merge([one, other], output)
    with h5py.File(output) as file, h5py.File(one) as source:
        copied, original = (
            h5_dataset(each, "data/demo_1/obs/head_image").id for each in (file, source)
        )
        for step in range(original.shape[0]):
            at = (step, 0, 0, 0)
            assert copied.read_direct_chunk(at) == original.read_direct_chunk(at)


def test_masks_are_carried_over(one: Path, other: Path, tmp_path: Path) -> None:
    output = tmp_path / "both.hdf5"
    merge([one, other], output)
    with open_dataset(output) as both, open_dataset(one) as first, open_dataset(other) as second:
        shift = len(first.demo_names())
        expected = {name: list(demos) for name, demos in first.masks().items()}
        for name, demos in second.masks().items():
            moved = [f"demo_{int(demo.removeprefix('demo_')) + shift}" for demo in demos]
            expected.setdefault(name, []).extend(moved)
        assert {name: list(demos) for name, demos in both.masks().items()} == expected
        assert expected["failed"]


def test_the_run_of_each_episode_stays_on_record(one: Path, other: Path, tmp_path: Path) -> None:
    output = tmp_path / "both.hdf5"
    merge([one, other], output)
    with open_dataset(output) as both:
        demos = list(both.demos())
        own = [demo.has_attribute("env_args") for demo in demos]
        assert own == [False, False] + [True] * (len(demos) - 2)
        assert both.env_args["env_kwargs"] != demos[-1].json_object("env_args")["env_kwargs"]
        randomizations: list[object] = []

        def make(name: str, kwargs: object) -> FakeEnv:
            assert isinstance(kwargs, dict)
            randomizations.append(kwargs["randomization"])
            return FakeEnv(FakeConfig(cameras=()))

        results = list(replay(both, make=make))
        assert randomizations[1] == ("lighting", "pushes")
        assert len(randomizations) == 2
        assert all(result.repeated and result.largest.value == 0.0 for result in results)


def test_the_same_files_give_the_same_bytes(one: Path, other: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / name for name in ("a.hdf5", "b.hdf5")]
    merge([one, other], outputs[0])
    time.sleep(1.1)
    merge([one, other], outputs[1])
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_two_parts_of_a_run_count_its_attempts_once(one: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.hdf5"
    copy.write_bytes(one.read_bytes())
    output = tmp_path / "both.hdf5"
    merge([one, copy], output)
    with open_dataset(output) as both, open_dataset(one) as first:
        assert both.integer("attempts") == first.integer("attempts")


def spoil_unit(file: h5py.File) -> None:
    text = h5_text(file, "data", "action").replace('"N"', '"kN"')
    h5_group(file, "data").attrs["action"] = text


def spoil_rate(file: h5py.File) -> None:
    text = h5_text(file, "data", "env_args").replace('"decimation": 25', '"decimation": 10')
    h5_group(file, "data").attrs["env_args"] = text


def spoil_camera(file: h5py.File) -> None:
    for name in h5_group(file, "data"):
        h5_group(file, f"data/{name}/obs").move("head_image", "nose_image")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (spoil_unit, r'action\[0 push\]\.unit: "N" there, "kN" here'),
        (spoil_rate, r"seconds per step: 0.05 there, 0.02 here"),
        (spoil_camera, r'obs/head_image: "uint8 \(24, 24, 3\)" there, missing here'),
    ],
)
def test_what_a_trainer_could_not_tell_apart_is_refused_by_name(
    one: Path, other: Path, tmp_path: Path, spoil: object, message: str
) -> None:
    spoiled = tmp_path / "spoiled.hdf5"
    spoiled.write_bytes(other.read_bytes())
    with h5py.File(spoiled, "r+") as file:
        assert callable(spoil)
        spoil(file)
    with pytest.raises(DatasetError, match=message):
        merge([one, spoiled], tmp_path / "both.hdf5")
    assert list(tmp_path.iterdir()) == [spoiled]


def test_bad_requests_are_refused_and_nothing_is_touched(one: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.hdf5"
    copy.write_bytes(one.read_bytes())
    there = tmp_path / "there.hdf5"
    there.write_text("mine")
    for files, output, message in [
        ([one], tmp_path / "x.hdf5", "two or more"),
        ([one, one], tmp_path / "x.hdf5", "named twice"),
        ([one, copy], copy, "files are not changed"),
        ([one, copy], there, "pass --overwrite"),
        ([one, copy], tmp_path, "is a folder"),
        ([one, copy], tmp_path / "no" / "x.hdf5", "does not exist"),
    ]:
        with pytest.raises(ConfigurationError, match=message):
            merge(files, output)
    with pytest.raises(DatasetError, match="There is no file"):
        merge([one, tmp_path / "missing.hdf5"], tmp_path / "x.hdf5")
    assert there.read_text() == "mine"
    assert sorted(tmp_path.iterdir()) == [copy, there]
    merge([one, copy], there, overwrite=True)
    assert there.read_bytes()[:4] == b"\x89HDF"


def test_a_link_to_another_file_is_not_followed(one: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.hdf5"
    hostile.write_bytes(one.read_bytes())
    with h5py.File(hostile, "r+") as file:
        h5_group(file, "data/demo_0")["secret"] = h5py.ExternalLink("/etc/passwd", "/")
    with pytest.raises(DatasetError, match="link into another file"):
        merge([hostile, one], tmp_path / "both.hdf5")
    assert list(tmp_path.iterdir()) == [hostile]
