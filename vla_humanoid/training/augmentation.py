"""Small changes of what is seen that must not change what is done."""

import torch


def augment_images(
    images: dict[str, torch.Tensor], brightness: float, generator: torch.Generator
) -> dict[str, torch.Tensor]:
    """Return images whose brightness and contrast are changed, each by a draw of its own.

    Args:
        images: by camera, uint8, shape (B, H, W, 3).
        brightness: largest change, as a fraction.
        generator: of the draws.
    """
    return {camera: _changed(one, brightness, generator) for camera, one in images.items()}


def _changed(images: torch.Tensor, most: float, generator: torch.Generator) -> torch.Tensor:
    draws = (2.0 * torch.rand(len(images), 2, generator=generator) - 1.0) * most
    gain = (1.0 + draws[:, 0]).view(-1, 1, 1, 1)
    offset = (255.0 * 0.5 * draws[:, 1]).view(-1, 1, 1, 1)
    return (images * gain + offset).clamp_(0.0, 255.0).to(torch.uint8)


def hide_states(state: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
    """Return standardized states of which a share is replaced by the mean, shape (B, S)."""
    hidden = torch.rand(len(state), 1, generator=generator) < share
    return state.masked_fill(hidden, 0.0)
