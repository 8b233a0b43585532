"""The way into torch, which is imported only here and only when it is asked for."""

from typing import TYPE_CHECKING

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.reading.dataset import Dataset

if TYPE_CHECKING:
    from vla_humanoid.data_collection.reading.torch_dataset import TorchDataset


def torch_dataset(dataset: Dataset) -> "TorchDataset":
    """Return samples as torch's `DataLoader` takes them, with any number of workers.

    Raises:
        ConfigurationError: if torch is not installed.
    """
    try:
        from vla_humanoid.data_collection.reading.torch_dataset import TorchDataset
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ConfigurationError(
            "torch is not installed; install the extra [torch]: pip install 'vla-humanoid[torch]'."
        ) from error
    return TorchDataset(dataset)
