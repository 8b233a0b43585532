"""Names of the engines that Isaac Lab drives, without loading any."""

from typing import Literal, TypeAlias, cast, get_args

Physics: TypeAlias = Literal["ovphysx", "newton", "physx"]
PHYSICS: tuple[str, ...] = get_args(Physics)
"""PhysX without Kit, Newton with MuJoCo Warp, and PhysX inside Kit."""


def checked_physics(name: str) -> Physics:
    """Return the name of an engine.

    Raises:
        ValueError: if it is unknown; the message lists the valid ones.
    """
    if name not in PHYSICS:
        raise ValueError(f"Unknown physics {name!r}; choose one of {', '.join(PHYSICS)}.")
    return cast("Physics", name)
