"""Frames of an episode as data URLs: a film to be played, and a strip to be seen at a glance."""

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from typing import TypeAlias

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray
from PIL import Image

Frame: TypeAlias = NDArray[np.uint8]
"""Shape (height, width, 3), both even."""

_QUALITY = {"crf": "26", "preset": "veryfast"}
_JPEG_QUALITY = 80


def film(frames: Sequence[Frame], rate: int) -> str:
    """Return a film as H.264 in a data URL.

    Args:
        frames: all of the same size; one at least.
        rate: frames per second.
    """
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        assert isinstance(container, OutputContainer)
        stream = container.add_stream("libx264", rate=rate, options=_QUALITY)
        stream.pix_fmt = "yuv420p"
        stream.height, stream.width = frames[0].shape[:2]
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return f"data:video/mp4;base64,{b64encode(file.getvalue()).decode()}"


def strip(frames: Sequence[Frame], count: int, height: int) -> str:
    """Return frames side by side as a JPEG in a data URL: the first, the last, and between.

    Args:
        frames: all of the same size; one at least.
        count: how many are shown at most.
        height: of the strip [px].
    """
    places = np.linspace(0, len(frames) - 1, min(count, len(frames))).round().astype(int)
    picture = Image.fromarray(np.hstack([frames[int(place)] for place in places]))
    picture.thumbnail((picture.width, height))
    file = BytesIO()
    picture.save(file, "JPEG", quality=_JPEG_QUALITY)
    return f"data:image/jpeg;base64,{b64encode(file.getvalue()).decode()}"
