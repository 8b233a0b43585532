"""What is known of a scene before anything has been done in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Thing:
    """An object, a container or a fixture, which a goal may name.

    Args:
        kind: what it is, such as ``bottle`` or ``drawer``.
        position: in the frame of the pelvis [m].
        quat_wxyz: its orientation in that frame.
        seen: by camera, where its origin is in the image, as fractions from its left and its top;
            beyond [0, 1] outside of it, None behind the camera. Something else may hide it.
    """

    kind: str
    position: tuple[float, float, float]
    quat_wxyz: tuple[float, float, float, float]
    seen: Mapping[str, tuple[float, float] | None]


@dataclass(frozen=True)
class Mounted:
    """Where a camera is, in the frame of the pelvis, with whatever it deviates by.

    Args:
        position: of its centre [m].
        quat_wxyz: of its axes right, up and backwards.
        fovy: vertical field of view [deg].
    """

    position: tuple[float, float, float]
    quat_wxyz: tuple[float, float, float, float]
    fovy: float


@dataclass(frozen=True)
class Request:
    """A goal of the scene, in words.

    Args:
        parts: what it asks for, in order: names of things by the roles that they have.
        sentences: that ask for it.
    """

    parts: tuple[Mapping[str, str], ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """What a scene holds besides numbers and pictures.

    Args:
        things: by name.
        cameras: by name.
        requests: every goal of the scene; first the one that its episode is about.
    """

    things: Mapping[str, Thing]
    cameras: Mapping[str, Mounted]
    requests: tuple[Request, ...]


@dataclass(frozen=True)
class SceneRecord:
    """A scene.

    Args:
        seed: of the episode that begins so.
        images: by camera, uint8, shape (height, width, 3).
        state: proprioception, float32, shape (S,).
        texts: all the rest.
    """

    seed: int
    images: Mapping[str, NDArray[np.uint8]]
    state: NDArray[np.float32]
    texts: Texts
