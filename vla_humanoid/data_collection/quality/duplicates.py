"""Finds episodes that are in a file twice."""

from collections import defaultdict
from collections.abc import Hashable, Iterator

from vla_humanoid.data_collection.checksum import checksum
from vla_humanoid.data_collection.quality.check import Examined
from vla_humanoid.data_collection.quality.finding import Finding


class DuplicateCheck:
    """Neither the actions nor the seed of an episode may come again under the same words."""

    name = "duplicates"
    is_costly = False
    needs_states = False

    def __init__(self) -> None:
        self._found: dict[tuple[str, Hashable], list[str]] = defaultdict(list)

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Remember what an episode has of its own."""
        demo = episode.demo
        told = demo.text("task"), demo.text("instruction")
        self._found["the same actions", (told, checksum(demo.actions()))].append(demo.name)
        if not demo.is_imported:
            own = told, demo.seed, demo.goal_index
            self._found["the same seed and goal", own].append(demo.name)
        return iter(())

    def conclude(self) -> Iterator[Finding]:
        """Name the episodes that have something in common."""
        reported: set[tuple[str, ...]] = set()
        for (what, _), names in self._found.items():
            if len(names) > 1 and tuple(names) not in reported:
                reported.add(tuple(names))
                yield Finding(
                    f"it has {what} and sentence as {', '.join(names[1:])}", demo=names[0]
                )
