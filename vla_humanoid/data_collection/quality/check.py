"""What a check of a dataset is given, and what it has to offer."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.editing.rebuilt_episode import RebuiltEpisode, rebuild
from vla_humanoid.data_collection.editing.retelling import RELABELLED
from vla_humanoid.data_collection.editing.source import Source
from vla_humanoid.data_collection.quality.finding import Finding
from vla_humanoid.data_collection.recorded_worlds import recorded_worlds
from vla_humanoid.schema import WorldState


class NotChecked(Exception):
    """A check does not apply to an episode; the message says why."""


@dataclass(frozen=True)
class Examined:
    """An episode that is looked at; what takes long to find out is found out once.

    Args:
        source: the file.
        demo: the episode.
    """

    source: Source
    demo: Demo

    @property
    def dataset(self) -> DatasetFile:
        """The file that it is in."""
        return self.source.dataset

    @cached_property
    def rebuilt(self) -> RebuiltEpisode:
        """What it was about, sampled again.

        Raises:
            DatasetError: if that is not possible.
        """
        return rebuild(self.source, self.demo)

    @cached_property
    def worlds(self) -> tuple[WorldState, ...]:
        """The world at every action, and the one at the end.

        Raises:
            DatasetError: if they cannot be read.
        """
        return tuple(recorded_worlds(self.demo))

    @property
    def is_relabelled(self) -> bool:
        """Whether it is told otherwise than when it was recorded."""
        return self.demo.has_attribute(RELABELLED)


class Check(Protocol):
    """Looks at episodes, one after another."""

    name: str
    """Of one or two words."""
    is_costly: bool
    """Whether it is made of a sample only."""
    needs_states: bool
    """Whether it applies only to what was simulated here, not to what was imported."""

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Look at an episode.

        Raises:
            DatasetError: if it cannot be read.
            NotChecked: if the check does not apply.
        """
        ...

    def conclude(self) -> Iterator[Finding]:
        """Say what has come of all of them together."""
        ...


class EpisodeCheck:
    """A check that looks at each episode on its own."""

    is_costly = False
    needs_states = True

    def conclude(self) -> Iterator[Finding]:
        """Say nothing of all of them together."""
        return iter(())
