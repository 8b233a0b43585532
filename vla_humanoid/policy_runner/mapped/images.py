"""Images in the shape that a policy wants."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vla_humanoid.policy_runner.mapped.config import Fit, SeenImage


def shaped(image: NDArray[np.uint8], height: int, width: int, fit: Fit) -> NDArray[np.uint8]:
    """Return an image in another shape, or as it is if it has that one.

    Padding is that of openpi's ``resize_with_pad``, to the pixel.

    Args:
        image: shape (h, w, 3).
        height: wanted [px].
        width: wanted [px].
        fit: pad adds black, above and below or left and right; crop takes the middle; stretch
            distorts.
    """
    old_height, old_width = image.shape[:2]
    if (old_height, old_width) == (height, width):
        return image
    ratios = old_width / width, old_height / height
    match fit:
        case "pad":
            ratio = max(ratios)
            size = int(old_width / ratio), int(old_height / ratio)
        case "crop":
            ratio = min(ratios)
            size = max(round(old_width / ratio), width), max(round(old_height / ratio), height)
        case "stretch":
            size = width, height
    resized = Image.fromarray(image).resize(size, Image.Resampling.BILINEAR)
    left, top = int((width - size[0]) / 2), int((height - size[1]) / 2)
    canvas = Image.new("RGB", (width, height))
    canvas.paste(resized, (left, top))
    return np.asarray(canvas)


def told_image(seen: SeenImage, image: NDArray[np.uint8] | None) -> NDArray[np.generic]:
    """Return an image as the policy wants it.

    Args:
        seen: how it wants it.
        image: our camera's, shape (h, w, 3); None where it is black.
    """
    if image is None:
        image = np.zeros((seen.height, seen.width, 3), dtype=np.uint8)
    image = np.rot90(image, seen.turn // 90) if seen.turn else image
    found: NDArray[np.generic] = shaped(image, seen.height, seen.width, seen.fit)
    if seen.dtype == "float32":
        found = np.asarray(found, dtype=np.float32) / np.float32(255.0)
    return np.ascontiguousarray(found.transpose(2, 0, 1)) if seen.layout == "chw" else found
