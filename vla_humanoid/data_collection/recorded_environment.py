"""Which environment an episode was recorded in."""

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.errors import DatasetError

ENV_ARGS = "env_args"
"""Attribute of the dataset, and of a demo that was made in another environment than most."""


def recorded_environment(
    dataset: DatasetFile, demo: Demo | None = None
) -> tuple[str, dict[str, object]]:
    """Return the Gymnasium id of an environment, and its keyword arguments.

    Args:
        dataset: the file.
        demo: whose environment is asked for; it may differ where files were merged. None for that
            of the dataset.

    Raises:
        DatasetError: if it is not on record, or there never was one.
    """
    if (demo or dataset).has_attribute(layout.IMPORTED):
        raise (demo or dataset).error(
            "it was imported from a recording of others, so that there is neither a seed nor "
            "states to simulate from"
        )
    own = demo is not None and demo.has_attribute(ENV_ARGS)
    arguments = demo.json_object(ENV_ARGS) if demo is not None and own else dataset.env_args
    name, kwargs = arguments.get("env_name"), arguments.get("env_kwargs")
    if not isinstance(name, str) or not isinstance(kwargs, dict):
        raise DatasetError(f"{dataset.path}: env_args of /data has no env_name and env_kwargs.")
    return name, {
        str(key): tuple(value) if isinstance(value, list) else value
        for key, value in kwargs.items()
    }
