"""Writes the page of a dataset's statistics."""

from pathlib import Path

from vla_humanoid.data_collection.editing.source import open_source
from vla_humanoid.data_collection.export.staging import staged
from vla_humanoid.data_collection.quality.clips import CLIPS, clips
from vla_humanoid.data_collection.quality.dataset_statistics import DatasetStatistics, collect
from vla_humanoid.data_collection.quality.page import page

PAGE = "index.html"


def write_statistics(
    path: Path, output: Path, *, films: int = CLIPS, overwrite: bool = False
) -> DatasetStatistics:
    """Write a folder with a page on what is in a dataset file, and return that.

    Args:
        path: of the file.
        output: the folder.
        films: how many episodes are shown.
        overwrite: replace an earlier report.

    Raises:
        ConfigurationError: if the output cannot be written.
        DatasetError: if the file cannot be read.
    """
    with staged(output, PAGE, overwrite, (path,)) as folder, open_source(path) as source:
        found = collect(source)
        dataset = source.dataset
        shown = (
            (name, dataset.demo(name).text("instruction"), url)
            for name, url in clips(dataset, films)
        )
        folder.mkdir()
        (folder / PAGE).write_text(page(path.name, found, shown), encoding="utf-8")
    return found
