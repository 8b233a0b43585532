"""A live camera image in the panel."""

import numpy as np
import omni.ui as ui
from numpy.typing import NDArray


class CameraImage:
    """Shows what one camera sees.

    Args:
        size: height and width on the screen [px].
    """

    def __init__(self, size: int) -> None:
        self._provider = ui.ByteImageProvider()
        ui.ImageWithProvider(
            self._provider,
            width=size,
            height=size,
            fill_policy=ui.IwpFillPolicy.IWP_PRESERVE_ASPECT_FIT,
        )

    def show(self, image: NDArray[np.uint8]) -> None:
        """Show an image, shape (H, W, 3)."""
        height, width, _ = image.shape
        opaque = np.full((height, width, 1), 255, np.uint8)
        pixels = np.ascontiguousarray(np.concatenate([image, opaque], axis=2))
        self._provider.set_data_array(pixels, [width, height])
