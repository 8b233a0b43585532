"""The optimizer, its schedule and the moving average of the weights."""

import math
from typing import Protocol

import torch
from torch import nn


class Optimization(Protocol):
    """How weights are updated."""

    @property
    def steps(self) -> int:
        """Updates, all in all."""
        ...

    @property
    def learning_rate(self) -> float:
        """At its highest, after the warm-up."""
        ...

    @property
    def warmup(self) -> int:
        """Steps in which it rises."""
        ...

    @property
    def weight_decay(self) -> float:
        """Of matrices."""
        ...


def make_optimizer(model: nn.Module, config: Optimization) -> torch.optim.AdamW:
    """Return AdamW (Loshchilov, 2019) in which only matrices decay."""
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    groups = [
        {"params": [one for one in trained if one.dim() > 1], "weight_decay": config.weight_decay},
        {"params": [one for one in trained if one.dim() <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98))


def learning_rate(step: int, config: Optimization) -> float:
    """Return the learning rate of a step: a linear warm-up, then a cosine to a hundredth."""
    if step < config.warmup:
        return config.learning_rate * (step + 1) / config.warmup
    done = (step - config.warmup) / max(1, config.steps - config.warmup)
    return config.learning_rate * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * min(1.0, done))))


class MovingAverage:
    """The exponential moving average of a model's weights.

    Args:
        model: whose weights it follows.
        decay: of the average; smaller in the beginning, so that the first weights are forgotten.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.weights = {name: one.detach().clone() for name, one in model.state_dict().items()}
        self._decay = decay

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        """Take in the weights after a step."""
        decay = min(self._decay, (1.0 + step) / (10.0 + step))
        for name, one in model.state_dict().items():
            if one.is_floating_point():
                self.weights[name].lerp_(one, 1.0 - decay)
            else:  # Such as a count of batches.
                self.weights[name].copy_(one)
