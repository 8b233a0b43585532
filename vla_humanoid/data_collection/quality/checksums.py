"""Checks that what is on the disk is what was recorded."""

from collections.abc import Iterator

from vla_humanoid.data_collection.checksum import computed_checksum, recorded_checksum
from vla_humanoid.data_collection.hdf5_access import HDF5_ERRORS
from vla_humanoid.data_collection.quality.check import EpisodeCheck, Examined, NotChecked
from vla_humanoid.data_collection.quality.finding import Finding


class ChecksumCheck(EpisodeCheck):
    """Every dataset against the SHA-256 that was recorded with it."""

    name = "checksums"
    needs_states = False

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Look at an episode.

        Raises:
            NotChecked: if none of it has a checksum.
        """
        demo = episode.demo
        checked = 0
        for path in demo.dataset_paths(""):
            dataset = demo.dataset(path)
            recorded = recorded_checksum(dataset)
            if recorded is None:
                continue
            checked += 1
            try:
                computed = computed_checksum(dataset)
            except HDF5_ERRORS as error:
                yield Finding(f"{path} is damaged: {error}")
                continue
            if computed != recorded:
                yield Finding(f"{path} is not what was recorded: its checksum differs")
        if not checked:
            raise NotChecked("no checksums were recorded")
