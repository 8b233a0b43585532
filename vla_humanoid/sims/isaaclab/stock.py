"""The bodies that every world has, and which of them an episode's scene is made of."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.sims.isaaclab.asset_files import TABLE, landmark_asset, object_asset


class NotInStock(ValueError):
    """A scene needs a body that the worlds were made without."""


@dataclass(frozen=True)
class Casting:
    """Which body of a world stands for what of a scene.

    Args:
        things: name of an object or a container in the scene to name of a body.
        landmarks: likewise.
    """

    things: Mapping[str, str]
    landmarks: Mapping[str, str]


@dataclass(frozen=True)
class Stock:
    """How many bodies of each asset of the catalogue every world has.

    Args:
        things: graspable shapes and containers.
        landmarks: landmarks.
        table: whether there is a table.
    """

    things: Mapping[str, int]
    landmarks: Mapping[str, int]
    table: bool

    @classmethod
    def of(cls, scenes: Iterable[Scene], copies: Mapping[str, int] | None = None) -> "Stock":
        """Return the smallest stock that holds each of some scenes.

        Args:
            scenes: what it must suffice for, one at a time.
            copies: at least so many of some assets.
        """
        things, landmarks, table = Counter[str](), Counter[str](), False
        for scene in scenes:
            things |= Counter(object_asset(t.shape) for t in (*scene.objects, *scene.containers))
            landmarks |= Counter(landmark_asset(mark.shape) for mark in scene.landmarks)
            table = table or scene.table is not None
        for asset, count in (copies or {}).items():
            kind = landmarks if asset.startswith(landmark_asset("")) else things
            kind[asset] = max(kind[asset], count)
        return cls(dict(sorted(things.items())), dict(sorted(landmarks.items())), table)

    @property
    def thing_bodies(self) -> Mapping[str, str]:
        """Body name to asset, of what robots handle."""
        return _bodies(self.things)

    @property
    def fixture_bodies(self) -> Mapping[str, str]:
        """Body name to asset, of what stands where the scene has it."""
        return _bodies(self.landmarks) | ({TABLE: TABLE} if self.table else {})

    def cast(self, scene: Scene) -> Casting:
        """Choose the bodies of a scene.

        Raises:
            NotInStock: if there are too few; the message says what to do.
        """
        if scene.fixtures or scene.boxes:
            raise NotInStock("The scene has fixtures or walls, which no world here can hold yet.")
        if scene.table is not None and not self.table:
            raise NotInStock("The scene has a table and these worlds have none.")
        things = {t.name: object_asset(t.shape) for t in (*scene.objects, *scene.containers)}
        marks = {mark.name: landmark_asset(mark.shape) for mark in scene.landmarks}
        return Casting(_cast(things, self.things), _cast(marks, self.landmarks))


def _bodies(counts: Mapping[str, int]) -> dict[str, str]:
    return {f"{asset}_{k}": asset for asset, count in counts.items() for k in range(count)}


def _cast(wanted: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, str]:
    used, bodies = Counter[str](), {}
    for name, asset in wanted.items():
        if used[asset] >= counts.get(asset, 0):
            raise NotInStock(
                f"The scene needs {used[asset] + 1} of {asset} and these worlds have "
                f"{counts.get(asset, 0)}; make the environment with more copies, or for the seeds "
                "that you want: stock_seeds=(...)."
            )
        bodies[name] = f"{asset}_{used[asset]}"
        used[asset] += 1
    return bodies
