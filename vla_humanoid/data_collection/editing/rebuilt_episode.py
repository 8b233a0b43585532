"""What a recorded episode was about: its task, scene and goal, sampled again from its seed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.editing.appearance import recorded_looks
from vla_humanoid.data_collection.editing.source import Source
from vla_humanoid.data_collection.recorded_environment import recorded_environment
from vla_humanoid.envs.episode import Episode, sample_episode
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.forms import PLAIN, resolve_languages
from vla_humanoid.tasks.core.placement import PlacementError
from vla_humanoid.tasks.core.randomization import AXES, resolve_axes
from vla_humanoid.tasks.core.task import Task


@dataclass(frozen=True)
class RebuiltEpisode:
    """A recorded episode, as it was sampled.

    Args:
        task: what it was a task of, told as it was.
        episode: what was sampled.
        sampled_scene: its scene as it was sampled, whatever looks it was given since.
        kwargs: of its environment.
        run: what is on record about the run that it is from.
        languages: that the task was told in.
        split: of its episodes.
    """

    task: Task[object]
    episode: Episode
    sampled_scene: Scene
    kwargs: dict[str, object]
    run: Mapping[str, object]
    languages: tuple[str, ...]
    split: str

    @property
    def scene(self) -> Scene:
        """Everything around the robot, as it was seen."""
        return self.episode.scene


def rebuild(source: Source, demo: Demo) -> RebuiltEpisode:
    """Sample again what a recorded episode was about.

    Raises:
        DatasetError: if that is not possible, or the scene is not the recorded one.
    """
    if demo.is_imported:
        raise demo.error("it was imported, so there is no seed to sample its episode from")
    kwargs = recorded_environment(source.dataset, demo)[1]
    try:
        languages = resolve_languages(_words(kwargs.get("language", PLAIN)))
        split = str(kwargs.get("split", "all"))
        task = loaded_task(demo.text("task"), languages, split)
        axes = resolve_axes(_words(kwargs.get("randomization", "default")))
        ordered = tuple(axis for axis in AXES if axis in axes)
        episode = sample_episode(task, demo.seed, ordered, demo.goal_index)
    except (ValueError, PlacementError) as error:
        raise demo.error(f"its episode cannot be sampled again: {error}") from error
    scene = recorded_looks(demo, episode.scene)
    recorded = demo.json_object("randomization").get("scene")
    if json.loads(json.dumps(asdict(scene))) != recorded:
        raise demo.error(
            "its seed gives another scene now, so it was made with another version; generate the "
            "episodes again, or use the version on record"
        )
    return RebuiltEpisode(
        task=task,
        episode=replace(episode, scene=scene),
        sampled_scene=episode.scene,
        kwargs=kwargs,
        run=source.run(demo),
        languages=languages,
        split=split,
    )


@lru_cache(maxsize=64)
def loaded_task(name: str, languages: tuple[str, ...], split: str) -> Task[object]:
    """Return a task, told in some languages, of one split; the same one for the same request.

    Raises:
        ValueError: if there is no such task, or it is not told so.
    """
    return load_task(name, languages, split)


def _words(value: object) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list):
        return tuple(str(word) for word in value)
    raise ValueError(f"{value!r} is no name, and no list of names")
