"""Videos whose frames can be found by their time stamps."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from av.video.frame import PictureType
from numpy.typing import NDArray

CODEC = "h264"
PIXEL_FORMAT = "yuv420p"
_OPTIONS: Mapping[str, str] = {
    "crf": "18",
    "preset": "superfast",
    "g": "2",  # Every other frame stands on its own: trainers read frames in random order.
    "bf": "0",
}


class VideoWriter:
    """Writes H.264 in an MP4 file, frame k at k / rate seconds.

    The bytes depend on the frames and on the version of the encoder alone.

    Args:
        path: of the file, whose folder exists.
        rate: frames per second.
        height: of the frames, even [px].
        width: likewise.
    """

    def __init__(self, path: Path, rate: int, height: int, width: int) -> None:
        self.frames = 0
        self.size = 0
        self._container = av.open(str(path), "w", format="mp4")
        self._stream = self._container.add_stream("libx264", rate=rate, options=dict(_OPTIONS))
        self._stream.pix_fmt = PIXEL_FORMAT
        self._stream.height, self._stream.width = height, width
        self._time_base = Fraction(1, rate)
        self._stream.thread_count = 1  # Their number would be in the file.

    def add(self, image: NDArray[np.uint8], key: bool) -> None:
        """Append a frame.

        Args:
            image: shape (height, width, 3).
            key: whether it must be readable without those before it.
        """
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts = self.frames
        frame.time_base = self._time_base
        if key:
            frame.pict_type = PictureType.I
        self.frames += 1
        self._mux(frame)

    def close(self) -> None:
        """Finish the file."""
        self._mux(None)
        self._container.close()

    def _mux(self, frame: av.VideoFrame | None) -> None:
        try:
            for packet in self._stream.encode(frame):
                self.size += packet.size
                self._container.mux(packet)
        except FFmpegError as error:
            raise OSError(f"the video cannot be encoded: {error}") from error
