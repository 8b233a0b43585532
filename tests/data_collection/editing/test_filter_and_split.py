"""Which episodes a filter keeps, and how a split divides them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest
from h5_content import h5_dataset, h5_group

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import Demo, open_dataset
from vla_humanoid.data_collection.editing.criteria import Criteria
from vla_humanoid.data_collection.editing.filtering import filter_dataset
from vla_humanoid.data_collection.editing.merge import merge
from vla_humanoid.data_collection.editing.relabelling import relabel
from vla_humanoid.data_collection.editing.splitting import Split, split
from vla_humanoid.data_collection.editing.wish import Wish
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError


def seeds(path: Path) -> list[int]:
    with open_dataset(path) as dataset:
        return [demo.seed for demo in dataset.demos()]


def kept_by(path: Path, output: Path, criteria: Criteria) -> list[int]:
    filter_dataset(path, output, criteria, overwrite=True)
    return seeds(output)


def expected(path: Path, wanted: Callable[[Demo], bool]) -> list[int]:
    with open_dataset(path) as dataset:
        return [demo.seed for demo in dataset.demos() if wanted(demo)]


def test_each_criterion_keeps_what_meets_it(dataset_with_failures: Path, tmp_path: Path) -> None:
    path, output = dataset_with_failures, tmp_path / "kept.hdf5"
    all_seeds = sorted(seeds(path))
    low, high = all_seeds[3], all_seeds[-3]
    for criteria, wanted in [
        (Criteria(success=False), lambda demo: not demo.success),
        (Criteria(success=True), lambda demo: demo.success),
        (Criteria(seeds=(low, high)), lambda demo: low <= demo.seed <= high),
        (Criteria(steps=(9, 12)), lambda demo: 9 <= demo.steps <= 12),
        (Criteria(sentence="to the LEFT$"), lambda demo: demo.text("instruction").endswith("left")),
        (Criteria(tasks=("PickPlace", "Sort")), lambda demo: True),
        (
            Criteria(success=True, sentence="right"),
            lambda demo: demo.success and "right" in demo.text("instruction"),
        ),
    ]:
        assert kept_by(path, output, criteria) == expected(path, wanted)


def test_subgoals_margins_and_masks(small_dataset: Path, tmp_path: Path) -> None:
    path, output = tmp_path / "copy.hdf5", tmp_path / "kept.hdf5"
    shutil.copy(small_dataset, path)
    with h5py.File(path, "r+") as file:
        h5_group(file, "data/demo_1").attrs["success"] = False
        h5_dataset(file, "data/demo_1/subgoal")[:] = 0
        h5_group(file, "data/demo_2").attrs["success"] = False
        h5_dataset(file, "data/demo_3/balance/support_margin")[4] = -0.01
    everything = seeds(path)
    kept = kept_by(path, output, Criteria(subgoal="reach the cube"))
    assert kept == [seed for k, seed in enumerate(everything) if k != 1]
    kept = kept_by(path, output, Criteria(subgoal="^push it"))
    assert kept == [seed for k, seed in enumerate(everything) if k not in (1, 2)]
    kept = kept_by(path, output, Criteria(min_support_margin=0.0))
    assert kept == [seed for k, seed in enumerate(everything) if k != 3]
    with open_dataset(path) as dataset:
        valid = {dataset.demo(name).seed for name in dataset.masks()["valid"]}
    assert set(kept_by(path, output, Criteria(mask="valid"))) == valid
    with open_dataset(output) as dataset:
        assert dataset.masks() == {"train": (), "valid": dataset.demo_names()}
        assert dataset.integer("total") == sum(demo.steps for demo in dataset.demos())


def test_what_left_episodes_out_is_counted(dataset_with_failures: Path, tmp_path: Path) -> None:
    criteria = Criteria(success=True, steps=(10, 99))
    kept = filter_dataset(dataset_with_failures, tmp_path / "kept.hdf5", criteria)
    failures = len(expected(dataset_with_failures, lambda demo: not demo.success))
    short = len(expected(dataset_with_failures, lambda demo: demo.success and demo.steps < 10))
    assert kept.left_out == {"--success": failures, "--steps": short}
    assert kept.kept == len(seeds(dataset_with_failures)) - failures - short


def test_a_filter_that_cannot_be_met_writes_nothing(small_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "kept.hdf5"
    with pytest.raises(ConfigurationError, match="6 left out by --task"):
        filter_dataset(small_dataset, output, Criteria(tasks=("Juggle",)))
    with pytest.raises(ConfigurationError, match="no mask 'test'; it has train, valid"):
        filter_dataset(small_dataset, output, Criteria(mask="test"))
    with pytest.raises(ConfigurationError, match="is no regular expression"):
        Criteria(sentence="(")
    with pytest.raises(ConfigurationError, match="is empty"):
        Criteria(steps=(5, 4))
    assert not list(tmp_path.iterdir())


@pytest.fixture
def doubled(dataset_with_failures: Path, tmp_path: Path) -> Path:
    """Every scene twice, as after relabelling."""
    copy, output = tmp_path / "copy.hdf5", tmp_path / "doubled.hdf5"
    shutil.copy(dataset_with_failures, copy)
    merge([dataset_with_failures, copy], output)
    return output


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("share", "valid"), [(0.9, 1), (0.5, 6), (0.75, 3), (0.01, 11)])
def test_a_split_keeps_scenes_together_and_failures_apart(
    doubled: Path, tmp_path: Path, seed: int, share: float, valid: int
) -> None:
    output = tmp_path / "split.hdf5"
    drawn = split(doubled, [output], train=share, seed=seed)
    assert drawn == Split(24 - 2 * valid, 2 * valid, drawn.failed)
    with open_dataset(output) as dataset:
        masks = dataset.masks()
        scenes = {name: {dataset.demo(k).seed for k in demos} for name, demos in masks.items()}
        assert not scenes["train"] & scenes["valid"]
        assert all(not dataset.demo(name).success for name in masks["failed"])
        assert sorted(sum(masks.values(), ())) == sorted(dataset.demo_names())


def test_a_split_follows_from_its_seed(doubled: Path, tmp_path: Path) -> None:
    drawn: dict[str, list[tuple[str, ...]]] = {}
    for name, seed in (("a", 1), ("b", 1), ("c", 2), ("d", 3)):
        split(doubled, [tmp_path / name], train=0.5, seed=seed)
        with open_dataset(tmp_path / name) as dataset:
            drawn.setdefault(str(seed), []).append(dataset.masks()["valid"])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert len({valid for found in drawn.values() for valid in found}) > 1


def test_a_split_into_two_files(dataset_with_failures: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / "train.hdf5", tmp_path / "valid.hdf5"]
    drawn = split(dataset_with_failures, outputs, train=0.75)
    train, valid = (seeds(path) for path in outputs)
    assert (len(train), len(valid)) == (drawn.train, drawn.valid) == (9, 3)
    succeeded = expected(dataset_with_failures, lambda demo: demo.success)
    assert sorted(train + valid) == sorted(succeeded)
    for path, mask in zip(outputs, ("train", "valid"), strict=True):
        with open_dataset(path) as dataset:
            masks = {name: demos for name, demos in dataset.masks().items() if demos}
            assert masks == {mask: dataset.demo_names()}


def test_bad_splits_are_refused(small_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "split.hdf5"
    for share in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(ConfigurationError, match="between 0 and 1"):
            split(small_dataset, [output], train=share)
    with pytest.raises(ConfigurationError, match="must not be negative"):
        split(small_dataset, [output], seed=-1)
    with pytest.raises(ConfigurationError, match="two different"):
        split(small_dataset, [output, output])
    alone = tmp_path / "alone.hdf5"
    with open_dataset(small_dataset) as dataset:
        seed = dataset.demo("demo_0").seed
    filter_dataset(small_dataset, alone, Criteria(seeds=(seed, seed)))
    with pytest.raises(ConfigurationError, match="takes two scenes"):
        split(alone, [tmp_path / "a.hdf5", tmp_path / "b.hdf5"])
    assert list(tmp_path.iterdir()) == [alone]
    assert split(alone, [output]) == Split(1, 0, 0)


def test_what_was_imported_is_split_by_episodes_and_not_relabelled(
    small_dataset: Path, tmp_path: Path
) -> None:
    path, output = tmp_path / "imported.hdf5", tmp_path / "split.hdf5"
    shutil.copy(small_dataset, path)
    with h5py.File(path, "r+") as file:
        for name in h5_group(file, "data"):
            attributes = h5_group(file, f"data/{name}").attrs
            attributes[layout.IMPORTED] = "{}"
            del attributes["seed"]
    assert split(path, [output], train=0.5) == Split(3, 3, 0)
    with pytest.raises(DatasetError, match="it was imported, so there is no seed"):
        relabel(path, tmp_path / "told.hdf5", Wish(copies=1))
