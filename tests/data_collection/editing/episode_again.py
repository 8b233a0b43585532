"""What a recorded episode was about, for the tests."""

from pathlib import Path

from vla_humanoid.data_collection.editing.rebuilt_episode import RebuiltEpisode, rebuild
from vla_humanoid.data_collection.editing.source import open_source


def rebuilt(path: Path, name: str = "demo_0") -> RebuiltEpisode:
    """What a recorded episode was about."""
    with open_source(path) as source:
        return rebuild(source, source.dataset.demo(name))
