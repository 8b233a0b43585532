"""What was computed for a scene, kept until there is another: forms ask often."""

from collections.abc import Callable
from typing import Generic, TypeVar

from vla_humanoid.assets.scene import Scene

FoundT = TypeVar("FoundT")


class Latest(Generic[FoundT]):
    """A function of a scene that remembers its latest value.

    Args:
        compute: the function.
    """

    def __init__(self, compute: Callable[[Scene], FoundT]) -> None:
        self._compute = compute
        self._known: tuple[Scene, FoundT] | None = None

    def __call__(self, scene: Scene) -> FoundT:
        """Return the value for a scene."""
        if self._known is None or self._known[0] is not scene:
            self._known = scene, self._compute(scene)
        return self._known[1]
