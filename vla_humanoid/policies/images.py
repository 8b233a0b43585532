"""From a camera's image to what a model sees: cut, made smaller, standardized."""

from collections.abc import Mapping

import torch
from torch.nn import functional

from vla_humanoid.policies.errors import InputError
from vla_humanoid.policies.views import CameraInput

MEAN, DEVIATION = 0.5, 0.25
"""Of the values of a pixel in [0, 1], about."""


def prepare(images: torch.Tensor, view: CameraInput) -> torch.Tensor:
    """Return what the model sees, shape (B, 3, view.height, view.width), channels last.

    Args:
        images: uint8, shape (B, H, W, 3).
        view: which part, and at which size.
    """
    height, width = images.shape[1:3]
    cut = images[
        :,
        round(view.top * height) : round(view.bottom * height),
        round(view.left * width) : round(view.right * width),
    ]
    pixels = cut.permute(0, 3, 1, 2).float()
    if pixels.shape[2:] != (view.height, view.width):
        pixels = functional.interpolate(pixels, (view.height, view.width), mode="area")
    pixels = (pixels / 255.0 - MEAN) / DEVIATION
    return pixels.contiguous(memory_format=torch.channels_last)


def required(images: Mapping[str, torch.Tensor], view: CameraInput, count: int) -> torch.Tensor:
    """Return the images of a view.

    Args:
        images: by name of the view.
        view: that is wanted.
        count: of images.

    Raises:
        InputError: if there are none, or not as many, or they are of another kind.
    """
    if view.name not in images:
        there = ", ".join(images) or "none"
        raise InputError(f"The image of {view.name} is missing. There are: {there}.")
    image = images[view.name]
    if image.dtype != torch.uint8 or image.dim() != 4 or image.shape[::3] != (count, 3):
        raise InputError(
            f"Images of {view.name} are {image.dtype} of shape {tuple(image.shape)}, "
            f"not torch.uint8 of shape ({count}, height, width, 3)."
        )
    return image
