"""Small changes of what is seen and felt that must not change what is done."""

import torch

from vla_humanoid.policies.views import CameraInput
from vla_humanoid.training.draws import Draws


def change_light(
    images: dict[str, torch.Tensor], most: float, draws: Draws
) -> dict[str, torch.Tensor]:
    """Return images whose brightness and contrast are changed, each by a draw of its own.

    Args:
        images: by view, uint8, shape (B, H, W, 3).
        most: largest change, as a fraction.
        draws: of the changes.
    """
    return {view: _relit(one, most, draws) for view, one in images.items()}


def _relit(images: torch.Tensor, most: float, draws: Draws) -> torch.Tensor:
    change = (2.0 * draws.uniform(2) - 1.0) * most
    gains = (1.0 + change[:, 0]).tolist()
    offsets = (255.0 * 0.5 * change[:, 1]).tolist()
    relit = torch.empty_like(images)
    # One by one: an image stays in the processor's cache, which a batch of them does not.
    for image, result, gain, offset in zip(images, relit, gains, offsets, strict=True):
        result.copy_(image.float().mul_(gain).add_(offset).clamp_(0.0, 255.0))
    return relit


def shift_images(
    images: dict[str, torch.Tensor], margins: dict[str, tuple[float, float]], draws: Draws
) -> dict[str, torch.Tensor]:
    """Return images moved by whole pixels, each by a draw of its own (as in Kostrikov, 2021).

    Where something comes in from beyond an edge, the edge repeats.

    Args:
        images: by view, uint8, shape (B, H, W, 3).
        margins: largest shift down and to the right, as fractions of height and width, by view.
        draws: of the shifts.
    """
    return {view: _shifted(one, margins[view], draws) for view, one in images.items()}


def _shifted(images: torch.Tensor, margin: tuple[float, float], draws: Draws) -> torch.Tensor:
    batch, height, width = images.shape[:3]
    size = torch.tensor([height, width])
    most = (torch.tensor(margin) * size).floor()
    shift = (draws.uniform(2) * (2 * most + 1)).long() - most.long()
    rows = (torch.arange(height) - shift[:, :1]).clamp(0, height - 1)
    columns = (torch.arange(width) - shift[:, 1:]).clamp(0, width - 1)
    return images[torch.arange(batch)[:, None, None], rows[:, :, None], columns[:, None, :]]


def margins(views: tuple[CameraInput, ...], crop: float) -> dict[str, tuple[float, float]]:
    """Return, by view, how far its image may be shifted so that the view stays in what it was.

    Args:
        views: that `cropped` has made smaller.
        crop: by how much.
    """
    scale = crop / (1.0 - 2.0 * crop)
    return {
        view.name: ((view.bottom - view.top) * scale, (view.right - view.left) * scale)
        for view in views
    }


def blur_states(
    state: torch.Tensor, deviation: torch.Tensor, most: float, draws: Draws
) -> torch.Tensor:
    """Return states with noise, of each sample as much as is drawn for it, shape (B, S).

    Args:
        state: shape (B, S).
        deviation: of each entry, shape (S,).
        most: noise, in deviations.
        draws: of the noise and of how much there is of it.
    """
    return state + most * draws.uniform(1) * draws.normal(state.shape[1]) * deviation


def hide_states(
    state: torch.Tensor, mean: torch.Tensor, share: float, draws: Draws
) -> torch.Tensor:
    """Return states of which a share is replaced by the mean, shape (B, S): nothing is felt.

    Args:
        state: shape (B, S).
        mean: what is 0 once standardized, shape (S,).
        share: of the samples.
        draws: of them.
    """
    return torch.where(draws.uniform(1) < share, mean, state)
