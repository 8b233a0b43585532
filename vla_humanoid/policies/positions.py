"""Where a token is, as a vector: sines and cosines (Vaswani, 2017)."""

from functools import lru_cache

import torch


def sinusoids(positions: torch.Tensor, width: int) -> torch.Tensor:
    """Return sines and cosines of positions, shape (*positions.shape, width).

    Args:
        positions: in [0, 1].
        width: even; wavelengths go from 2 down to about the 64th part of it.
    """
    frequencies = torch.pi * torch.logspace(0.0, 6.0, width // 2, base=2.0)
    angles = positions[..., None] * frequencies.to(positions.device)
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


def grid_positions(height: int, width: int, dim: int) -> torch.Tensor:
    """Return the positions of a grid's cells, row by row, shape (height * width, dim).

    Args:
        height: cells.
        width: cells.
        dim: a multiple of 4.
    """
    rows = (torch.arange(height) + 0.5) / height
    columns = (torch.arange(width) + 0.5) / width
    down = sinusoids(rows, dim // 2)[:, None].expand(-1, width, -1)
    along = sinusoids(columns, dim // 2)[None].expand(height, -1, -1)
    return torch.cat([down, along], dim=-1).reshape(height * width, dim)


@lru_cache(maxsize=32)
def _kept(height: int, width: int, dim: int) -> torch.Tensor:
    with torch.inference_mode(False):  # What is kept may be used in training later.
        return grid_positions(height, width, dim)


def as_tokens(features: torch.Tensor) -> torch.Tensor:
    """Return the cells of a map as tokens that know where they are, row by row, (B, H * W, C).

    Args:
        features: shape (B, C, H, W), C a multiple of 4.
    """
    _, dim, height, width = features.shape
    grid = _kept(height, width, dim).to(features.device)
    return features.flatten(2).transpose(1, 2) + grid
