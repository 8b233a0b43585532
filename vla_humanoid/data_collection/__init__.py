"""Demonstrations: expert, recorder, datasets."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vla_humanoid.data_collection.reading.dataset import Dataset

__all__ = ["Dataset"]


def __getattr__(name: str) -> object:
    """Import what is exported only when it is used: importing the room stays light."""
    if name == "Dataset":
        from vla_humanoid.data_collection.reading.dataset import Dataset

        return Dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
