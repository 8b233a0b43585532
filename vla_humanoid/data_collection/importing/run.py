"""Imports a LeRobot dataset: looks at all of it first, then writes a dataset file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.export.staging import staged
from vla_humanoid.data_collection.importing.conversion import Converter
from vla_humanoid.data_collection.importing.file import write_file
from vla_humanoid.data_collection.importing.lerobot import LeRobotDataset
from vla_humanoid.data_collection.importing.mapping import read_mapping
from vla_humanoid.data_collection.importing.sampling import Sampler
from vla_humanoid.data_collection.importing.survey import Survey, survey


@dataclass(frozen=True)
class ImportPlan:
    """An import that has been looked at, but not carried out.

    Args:
        dataset: the source.
        converter: of its numbers.
        sampler: of its frames.
        survey: what its numbers have come to, entry by entry.
    """

    dataset: LeRobotDataset
    converter: Converter
    sampler: Sampler
    survey: Survey

    def carry_out(
        self,
        output: Path,
        *,
        overwrite: bool = False,
        on_episode: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Write the dataset file. It appears complete or not at all.

        Args:
            output: HDF5 file to make.
            overwrite: replace a file that is there.
            on_episode: called with the episodes done so far and those there are.

        Raises:
            ConfigurationError: if the mapping does not fit, or the output cannot be written.
            DatasetError: if the source cannot be read.
        """
        self.survey.check()
        source = self.dataset.info.folder / "meta" / "info.json"
        try:
            with staged(output, "", overwrite, [source]) as target:
                write_file(target, self.dataset, self.converter, self.sampler, on_episode)
        except OSError as error:
            raise ConfigurationError(f"{output} cannot be written: {error}.") from error


def plan_import(folder: Path, mapping: Path) -> ImportPlan:
    """Look at a LeRobot dataset and at what a mapping makes of it; nothing is written.

    Args:
        folder: the dataset, v2.1 or v3.0.
        mapping: the mapping file.

    Raises:
        ConfigurationError: if the mapping is wrong or asks for what the source does not have.
        DatasetError: if the source cannot be read.
    """
    said = read_mapping(mapping)
    dataset = LeRobotDataset(folder)
    converter = Converter(said, dataset.info.features)
    sampler = Sampler(dataset.info.fps, said.rate)
    return ImportPlan(dataset, converter, sampler, survey(dataset, converter, sampler))
