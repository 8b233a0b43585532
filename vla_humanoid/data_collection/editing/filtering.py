"""Keeps the episodes of a dataset file that meet some criteria."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.editing.criteria import Criteria
from vla_humanoid.data_collection.editing.edited_file import EditedFile
from vla_humanoid.data_collection.editing.source import open_source
from vla_humanoid.data_collection.editing.staging import check_target, staged_dataset
from vla_humanoid.data_collection.errors import ConfigurationError


@dataclass(frozen=True)
class Kept:
    """What a filter has come to.

    Args:
        kept: number of episodes in the output.
        left_out: number of the others, by the first option that they did not meet.
    """

    kept: int
    left_out: Mapping[str, int]


def filter_dataset(
    path: Path, output: Path, criteria: Criteria, *, overwrite: bool = False
) -> Kept:
    """Write a file with the episodes of another one that meet all criteria, in their order.

    Args:
        path: of the file to choose from.
        output: the file to write.
        criteria: what must be true of an episode.
        overwrite: replace a file that is there.

    Raises:
        ConfigurationError: if the request cannot be carried out, or no episode meets it; nothing
            is written then.
        DatasetError: if the file cannot be read.
    """
    check_target(output, (path,), overwrite)
    left_out: Counter[str] = Counter()
    with open_source(path) as source:
        if criteria.mask is not None and criteria.mask not in source.header.masks:
            masks = ", ".join(source.header.masks) or "none"
            raise ConfigurationError(f"{path} has no mask {criteria.mask!r}; it has {masks}.")
        with staged_dataset(output) as file:
            edit = {"command": "filter", "criteria": criteria.as_json()}
            edited = EditedFile(file, [source.header], edit)
            for demo in source.dataset.demos():
                masks = source.header.masks_of(demo.name)
                if (option := criteria.objection(demo, masks)) is not None:
                    left_out[option] += 1
                    continue
                edited.add(source, demo.name, masks)
            if not edited.demos:
                raise ConfigurationError(
                    f"No episode of {path} is left: {left_out_text(left_out) or 'it has none'}. "
                    "Nothing was written."
                )
            edited.finish()
            return Kept(edited.demos, dict(left_out))


def left_out_text(left_out: Mapping[str, int]) -> str:
    """Return in words why episodes were left out; empty if none were."""
    return ", ".join(f"{number} left out by {option}" for option, number in left_out.items())
