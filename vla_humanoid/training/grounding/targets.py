"""What a grounding network is to say of a scene, made of what the scene's file knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.control.rotations import quat_to_matrix, yaw_of
from vla_humanoid.data_collection.scenes.scene import Mounted, Request, Texts, Thing
from vla_humanoid.policies.grounding.config import ANGLES, NOTHING
from vla_humanoid.policies.views import CameraInput


@dataclass(frozen=True)
class Mention:
    """A thing that a sentence names.

    Args:
        kind: of it; `NOTHING` if the sentence makes no such mention.
        position: in the frame of the pelvis [m], shape (3,).
        angles: as in `Grounded`, shape (6,).
        place: where it is in the view, as fractions from the left and from the top; None if it is
            not in it.
    """

    kind: str
    position: NDArray[np.float64]
    angles: NDArray[np.float64]
    place: tuple[float, float] | None


ABSENT = Mention(NOTHING, np.zeros(3), np.zeros(ANGLES), None)


@dataclass(frozen=True)
class Meaning:
    """What may be said, and what is meant by it.

    Args:
        sentences: any of which says it.
        mentions: the things that are named, in order, as many as are told apart.
    """

    sentences: tuple[str, ...]
    mentions: tuple[Mention, ...]


def meanings(texts: Texts, view: CameraInput, mentions: int) -> tuple[Meaning, ...]:
    """Return what can be meant in a scene; of a goal with several parts, its first part.

    Goals that name what has no place, such as a direction, are left out.

    Args:
        texts: of the scene.
        view: that is pointed into.
        mentions: that are told apart.
    """
    return tuple(
        _meaning(request, texts.things, view, mentions)
        for request in texts.requests
        if _is_placed(request, texts.things, mentions)
    )


def camera_numbers(camera: Mounted) -> NDArray[np.float64]:
    """Return where a camera is: position, axes as rows of a matrix, focal length, shape (13,)."""
    axes = quat_to_matrix(np.array(camera.quat_wxyz))
    focal = 0.5 / np.tan(np.radians(camera.fovy) / 2.0)
    return np.concatenate([camera.position, axes.ravel(), [focal]])


def _is_placed(request: Request, things: Mapping[str, Thing], mentions: int) -> bool:
    named = list(request.parts[0].values()) if request.parts else []
    return 0 < len(named) <= mentions and all(name in things for name in named)


def _meaning(
    request: Request, things: Mapping[str, Thing], view: CameraInput, mentions: int
) -> Meaning:
    named = [_mention(things[name], view) for name in request.parts[0].values()]
    absent = [ABSENT] * (mentions - len(named))
    return Meaning(request.sentences, (*named, *absent))


def _mention(thing: Thing, view: CameraInput) -> Mention:
    yaw = yaw_of(quat_to_matrix(np.array(thing.quat_wxyz)))
    angles = [turn(times * yaw) for times in (1, 2, 4) for turn in (np.cos, np.sin)]
    place = _in_view(thing.seen.get(view.camera), view)
    return Mention(thing.kind, np.array(thing.position), np.array(angles), place)


def _in_view(place: Sequence[float] | None, view: CameraInput) -> tuple[float, float] | None:
    if place is None:
        return None
    x = (place[0] - view.left) / (view.right - view.left)
    y = (place[1] - view.top) / (view.bottom - view.top)
    return (x, y) if 0.0 <= x <= 1.0 and 0.0 <= y <= 1.0 else None
