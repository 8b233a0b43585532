"""Samples through torch's loader: the same with any number of workers."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vla_humanoid.data_collection import Dataset
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.reading.torch_adapter import torch_dataset


def test_without_torch_the_extra_is_named(
    small_dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    name = "vla_humanoid.data_collection.reading.torch_dataset"
    monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ConfigurationError, match=r"pip install 'vla-humanoid\[torch\]'"):
        torch_dataset(Dataset(small_dataset))


def test_a_dataset_survives_the_way_into_a_spawned_process(small_dataset: Path) -> None:
    dataset = Dataset(small_dataset, seed=5)
    first = dataset[3]
    again = pickle.loads(pickle.dumps(dataset))[3]
    assert (again.episode, again.step, again.sentence) == (
        first.episode,
        first.step,
        first.sentence,
    )
    np.testing.assert_array_equal(again.images["head"], first.images["head"])


def test_the_dataset_loads_no_torch_and_its_room_no_h5py() -> None:
    code = (
        "import sys, vla_humanoid.data_collection as room; assert 'h5py' not in sys.modules; "
        "room.Dataset; assert 'h5py' in sys.modules; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def flat(batch: object) -> list[object]:
    """Everything in a batch, to be compared: bytes of tensors, texts."""
    import torch

    if isinstance(batch, dict):
        return [entry for key in sorted(batch) for entry in (key, *flat(batch[key]))]
    if isinstance(batch, torch.Tensor):
        return [str(batch.dtype), tuple(batch.shape), batch.numpy().tobytes()]
    return [batch]


@pytest.mark.filterwarnings("ignore:This DataLoader will create:UserWarning")
@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
@pytest.mark.parametrize("weights", [None, (1.0, 3.0)])
def test_batches_do_not_depend_on_the_number_of_workers(
    small_dataset: Path, dataset_with_failures: Path, weights: tuple[float, float] | None
) -> None:
    pytest.importorskip("torch")
    from torch.utils.data import DataLoader

    files = [small_dataset, dataset_with_failures]

    def epochs(workers: int) -> list[list[list[object]]]:
        dataset = torch_dataset(
            Dataset(files, observation_steps=2, weights=weights, cameras=("head",), samples=60)
        )
        loader = DataLoader(
            dataset, batch_size=8, num_workers=workers, persistent_workers=workers > 0
        )
        dataset.dataset[0]  # The parent has the files open when it forks.
        found: list[list[list[object]]] = []
        for epoch in range(3):
            dataset.set_epoch(epoch)
            batches = list(loader)
            if weights is not None:
                drawn = sum(int((batch["file"] == 0).sum()) for batch in batches)
                assert drawn == 15
            found.append([flat(batch) for batch in batches])
        return found

    alone = epochs(0)
    assert alone[0] != alone[1] != alone[2]
    assert epochs(1) == alone
    assert epochs(2) == alone


def test_samples_asked_for_together_are_those_asked_for_one_by_one(
    small_dataset: Path, dataset_with_failures: Path
) -> None:
    dataset = Dataset(
        [small_dataset, dataset_with_failures],
        cameras=("head",),
        told=("head",),
        observation_steps=2,
        seed=4,
    )
    wanted = [5, 0, len(dataset) - 1, 5, -2]
    for index, sample in zip(wanted, dataset.__getitems__(wanted), strict=True):
        alone = dataset[index]
        for name, value in vars(sample).items():
            np.testing.assert_equal(value, getattr(alone, name), err_msg=name)
    with pytest.raises(IndexError):
        dataset.__getitems__([0, len(dataset)])


def test_batches_are_stacked_samples(small_dataset: Path) -> None:
    torch = pytest.importorskip("torch")
    from torch.utils.data import default_collate

    from vla_humanoid.data_collection.reading.torch_dataset import stacked

    samples = Dataset(small_dataset, told=("head",), observation_steps=2, action_steps=4)
    dataset = torch_dataset(samples)
    batch = stacked(samples.__getitems__([0, 1, 2]))
    assert flat(batch) == flat(default_collate([dataset[0], dataset[1], dataset[2]]))
    assert batch["images"]["head"].shape == (3, 2, 24, 24, 3)
    assert batch["images"]["head"].dtype == torch.uint8
    assert batch["actions"].shape == (3, 4, 2)
    assert batch["action_is_pad"].dtype == torch.bool
    assert batch["sentence"] == [dataset[index]["sentence"] for index in range(3)]
    assert batch["progress"].shape == (3,)
