"""Updates of a model's weights: the optimizer, its schedule, and the weights' moving average."""

import math
from typing import Protocol

import torch
from torch import nn

from vla_humanoid.data_collection.errors import GenerationError


class NotFiniteError(GenerationError):
    """The loss is not a number; the last good checkpoint is untouched."""


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

    @property
    def clip(self) -> float:
        """Largest norm of the gradient."""
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


class Updates:
    """All that changes in a run: weights, their average, the optimizer's moments and the step.

    Args:
        model: whose weights are updated.
        config: how.
        average: decay of the moving average.
    """

    def __init__(self, model: nn.Module, config: Optimization, average: float) -> None:
        self.model, self.step = model, 0
        self.optimizer = make_optimizer(model, config)
        self.average = MovingAverage(model, average)
        self._config = config

    def make(self, loss: torch.Tensor, told: torch.Tensor) -> tuple[float, float]:
        """Update the weights.

        Args:
            loss: of this process's part of the batch.
            told: the losses of all processes, that of the whole batch first.

        Returns:
            The norm of the gradient before it was clipped, and the learning rate.

        Raises:
            NotFiniteError: if a loss is not a number.
        """
        rate = learning_rate(self.step, self._config)
        if not told.isfinite().all():
            raise NotFiniteError(
                f"The loss of step {self.step} is {told[0].item()}. Lower the learning rate "
                f"({self._config.learning_rate:g})."
            )
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self._config.clip).item()
        self.optimizer.step()
        self.step += 1
        self.average.update(self.model, self.step)
        return norm, rate
