"""Groups of objects that have a colour or a shape in common."""

from collections.abc import Sequence

from vla_humanoid.assets.scene import GraspableObject


def attributes(things: Sequence[GraspableObject]) -> tuple[str, ...]:
    """Return the colours, then the shapes, that things have."""
    return tuple(
        dict.fromkeys([thing.color for thing in things] + [thing.shape for thing in things])
    )


def members(things: Sequence[GraspableObject], attribute: str) -> tuple[GraspableObject, ...]:
    """Return the things of a colour or a shape; no word is both."""
    return tuple(thing for thing in things if attribute in (thing.color, thing.shape))
