"""Other looks for recorded scenes: what may change, and what was changed already."""

from collections.abc import Collection
from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.randomization import AXES, EpisodeRandom

LOOKS = ("lighting", "colors", "textures", "camera")
"""Axes of randomization that change what is seen and nothing else."""
RERENDERED = "rerendered"
"""Attribute of a demo: the JSON text of a list of {axes, seed}, the looks drawn since, in order."""


@dataclass(frozen=True)
class Looks:
    """Looks to be drawn.

    Args:
        axes: some of `LOOKS`.
        seed: of the draw, >= 0; each episode has a draw of its own.

    Raises:
        ConfigurationError: if an axis is none of them, or the seed is negative.
    """

    axes: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if physical := sorted(set(self.axes) & set(AXES) - set(LOOKS)):
            raise ConfigurationError(
                f"The axis {', '.join(physical)} would change what happens, not only what is seen; "
                f"choose some of {', '.join(LOOKS)}, or generate the episodes again."
            )
        if unknown := sorted(set(self.axes) - set(LOOKS)):
            raise ConfigurationError(
                f"Unknown axis {', '.join(unknown)}; choose some of {', '.join(LOOKS)}."
            )
        if self.seed < 0:
            raise ConfigurationError(f"--seed must not be negative, but is {self.seed}.")

    def applied(self, scene: Scene, episode_seed: int) -> Scene:
        """Return a scene with looks drawn for it; axes that are not named stay as they are.

        Args:
            scene: of an episode.
            episode_seed: which tells it from the others.
        """
        if not self.axes:
            return scene
        random = EpisodeRandom(episode_seed, frozenset(self.axes), (1 + self.seed,))
        return randomize_appearance(scene, random)


AS_RECORDED = Looks()
"""Nothing is drawn."""


def earlier_looks(demo: Demo) -> tuple[Looks, ...]:
    """Return the looks that were drawn for an episode after it had been recorded.

    Raises:
        DatasetError: if what is on record is none.
    """
    if not demo.has_attribute(RERENDERED):
        return ()
    found: list[Looks] = []
    for entry in demo.json_list(RERENDERED):
        axes = entry.get("axes") if isinstance(entry, dict) else None
        seed = entry.get("seed") if isinstance(entry, dict) else None
        if not isinstance(axes, list) or not isinstance(seed, int):
            raise demo.error(f"its attribute {RERENDERED!r} has an entry without axes and seed")
        found.append(Looks(tuple(map(str, axes)), seed))
    return tuple(found)


def recorded_looks(demo: Demo, scene: Scene) -> Scene:
    """Return the scene of an episode as it is seen in its images.

    Args:
        demo: the episode.
        scene: as it was sampled.

    Raises:
        DatasetError: if that is not on record.
    """
    for looks in earlier_looks(demo):
        scene = looks.applied(scene, demo.seed)
    return scene


def looks_json(looks: Collection[Looks]) -> list[dict[str, object]]:
    """Return looks as they go on record."""
    return [{"axes": list(each.axes), "seed": each.seed} for each in looks]
