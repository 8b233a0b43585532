"""Trains a model, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.augmentation import augment_images
from vla_humanoid.training.batches import Seen
from vla_humanoid.training.config import TrainingConfig
from vla_humanoid.training.losses import Losses, Truth, losses
from vla_humanoid.training.optimization import MovingAverage, learning_rate, make_optimizer


class NotFiniteError(RuntimeError):
    """The loss is not a number; the last good checkpoint is untouched."""


@dataclass(frozen=True)
class StepReport:
    """What happened in a step.

    Args:
        step: updates so far.
        total: loss.
        action: its part for the actions.
        keypose: its part for the keyposes.
        gradient: norm of the gradient before it was clipped.
        rate: learning rate.
    """

    step: int
    total: float
    action: float
    keypose: float
    gradient: float
    rate: float


class Trainer:
    """Updates a model's weights.

    Args:
        model: to be trained.
        config: how.
        step: updates that were made before.
    """

    def __init__(self, model: PolicyModel, config: TrainingConfig, step: int = 0) -> None:
        self.model, self.config, self.step = model, config, step
        self.optimizer = make_optimizer(model, config)
        self.average = MovingAverage(model, config.ema)

    def train(self, batches: Iterator[tuple[Seen, Truth]]) -> Iterator[StepReport]:
        """Yield after every step, until all are made.

        Raises:
            NotFiniteError: if the loss is not a number.
        """
        while self.step < self.config.steps:
            yield self._update(*next(batches))

    def loss(self, seen: Seen, truth: Truth) -> Losses:
        """Return the losses of a batch."""
        bfloat16 = self.config.precision == "bfloat16"
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            output = self.model(seen.images, seen.state, seen.sentences)
        return losses(self.model, output, truth)

    def _update(self, seen: Seen, truth: Truth) -> StepReport:
        config = self.config
        rate = learning_rate(self.step, config)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        # By step, so that a run that is taken up draws what it would have drawn.
        generator = torch.Generator().manual_seed(config.seed * 1_000_003 + self.step)
        images = augment_images(seen.images, config.brightness, generator)
        parts = self.loss(Seen(images, seen.state, seen.sentences), truth)
        total = parts.total(config.planning)
        if not total.isfinite():
            raise NotFiniteError(
                f"The loss of step {self.step} is {total.item()}. Lower the learning rate "
                f"({config.learning_rate:g}), or train with precision float32."
            )
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), config.clip)
        self.optimizer.step()
        self.step += 1
        self.average.update(self.model, self.step)
        return StepReport(
            self.step,
            total.item(),
            parts.action.item(),
            parts.keypose.item(),
            norm.item(),
            rate,
        )
