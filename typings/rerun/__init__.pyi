"""The part of rerun-sdk that is used, which only an extra brings."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

class EncodedImage:
    def __init__(self, *, contents: bytes, media_type: str) -> None: ...

class LineStrips3D:
    def __init__(self, strips: Sequence[ArrayLike], *, radii: float = ...) -> None: ...

class Points3D:
    def __init__(
        self,
        positions: ArrayLike,
        *,
        colors: Sequence[Sequence[int]] = ...,
        labels: Sequence[str] = ...,
        radii: float = ...,
    ) -> None: ...

class Scalars:
    def __init__(self, scalars: ArrayLike) -> None: ...

class SeriesLines:
    def __init__(self, *, names: Sequence[str]) -> None: ...

class TextDocument:
    def __init__(self, text: str) -> None: ...

class ViewCoordinates:
    RIGHT_HAND_Z_UP: np.ndarray

class RecordingStream:
    def __init__(self, application_id: str, *, recording_id: str = ...) -> None: ...
    def save(self, path: str | Path) -> None: ...
    def spawn(self) -> None: ...
    def set_time(self, timeline: str, *, sequence: int = ..., duration: float = ...) -> None: ...
    def log(self, entity_path: str, entity: object, *, static: bool = ...) -> None: ...
    def flush(self) -> None: ...
    def disconnect(self) -> None: ...
