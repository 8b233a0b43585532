"""What action heads have in common."""

import torch
from torch import nn


class ActionHead(nn.Module):
    """Makes actions of the features of each step of a chunk."""

    def set_bounds(self, low: torch.Tensor, high: torch.Tensor) -> None:
        """Learn between which standardized values the entries of an action are, shape (A,) each."""

    def loss(
        self,
        features: torch.Tensor,
        actions: torch.Tensor,
        padding: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
        present: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the loss of each step, shape (B, H); that of padding means nothing.

        Args:
            features: shape (B, H, width).
            actions: demonstrated and standardized, shape (B, H, A).
            padding: True for actions after the end of the episode, shape (B, H); None if there are
                none such.
            generator: of what is drawn; None for torch's own.
            present: True for the entries of the actions that were demonstrated, shape (B, A); the
                others have no part in the loss. None if all were.
        """
        raise NotImplementedError

    def sample(self, features: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        """Return standardized actions, shape (B, H, A).

        Args:
            features: shape (B, H, width).
            generator: of what is drawn, on the CPU; None for what is most likely, where the head
                knows, or else torch's own.
        """
        raise NotImplementedError


def mean_of_entries(each: torch.Tensor, present: torch.Tensor | None) -> torch.Tensor:
    """Return the mean of the entries of actions that are present, shape (B, H).

    Args:
        each: a number for each entry, shape (B, H, A).
        present: shape (B, A); None if all are.
    """
    if present is None:
        return each.mean(dim=-1)
    weights = present[:, None].to(each.dtype)
    return (each * weights).sum(dim=-1) / weights.sum(dim=-1).clamp(min=1.0)


def normal_like(values: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
    """Return normally distributed float32 of a tensor's shape, drawn on the CPU."""
    return torch.randn(values.shape, generator=generator).to(values.device)
