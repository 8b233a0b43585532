"""Low-rank adaptation (Hu, 2022): frozen matrices, to each of which a small product is added."""

import math
from collections.abc import Mapping

import torch
from torch import nn
from torch.nn.utils import parametrize

RANK = 8


class LowRank(nn.Module):
    """Adds the product of two thin matrices, which is 0 in the beginning.

    Args:
        weight: the matrix that it is added to.
        rank: of the product.
    """

    def __init__(self, weight: torch.Tensor, rank: int) -> None:
        super().__init__()
        rows, columns = weight.shape
        self.down = nn.Parameter(torch.empty(rank, columns))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5.0))
        self.up = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """Return the matrix with the product added, of the same shape."""
        return weight + self.up @ self.down


def add_lora(model: nn.Module, rank: int = RANK) -> None:
    """Freeze a model but for a product that is added to the matrix of each linear layer.

    Args:
        model: changed in place; it computes what it did until it is trained.
        rank: of the products, or less where a matrix is smaller.
    """
    model.requires_grad_(requires_grad=False)
    for layer in [module for module in model.modules() if isinstance(module, nn.Linear)]:
        low_rank = LowRank(layer.weight, min(rank, *layer.weight.shape))
        parametrize.register_parametrization(layer, "weight", low_rank)


def merged(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the weights of the plain model that does what one with products does.

    Args:
        weights: by name, as in the state of a model to which `add_lora` may have been applied.
    """
    plain: dict[str, torch.Tensor] = {}
    for name, weight in weights.items():
        layer, found, part = name.partition(".parametrizations.weight.")
        if not found:
            plain[name] = weight
        elif part == "original":
            up, down = (weights[f"{layer}{found}0.{one}"] for one in ("up", "down"))
            plain[f"{layer}.weight"] = weight + up @ down
    return plain
