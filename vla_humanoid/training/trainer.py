"""Trains a model, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from vla_humanoid.data_collection.errors import GenerationError
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.augmentation import (
    blur_states,
    change_light,
    hide_states,
    margins,
    shift_images,
)
from vla_humanoid.training.batches import Seen
from vla_humanoid.training.config import TrainingConfig
from vla_humanoid.training.distributed import ALONE, Share, mean_over_processes
from vla_humanoid.training.draws import Draws
from vla_humanoid.training.losses import Truth
from vla_humanoid.training.objective import Objective
from vla_humanoid.training.optimization import MovingAverage, learning_rate, make_optimizer


class NotFiniteError(GenerationError):
    """The loss is not a number; the last good checkpoint is untouched."""


@dataclass(frozen=True)
class StepReport:
    """What happened in a step, over all processes.

    Args:
        step: updates so far.
        total: loss.
        action: its part for the actions.
        keypose: its part for the keyposes.
        subgoal: its part for the sub-goal.
        progress: its part for the progress.
        gradient: norm of the gradient before it was clipped.
        rate: learning rate.
        waited: for data [s].
        seconds: that the step took, waiting included [s].
    """

    step: int
    total: float
    action: float
    keypose: float
    subgoal: float
    progress: float
    gradient: float
    rate: float
    waited: float
    seconds: float


class Trainer:
    """Updates a model's weights.

    Args:
        model: to be trained.
        config: how.
        share: the part of every batch that this process is given.
    """

    def __init__(self, model: PolicyModel, config: TrainingConfig, share: Share = ALONE) -> None:
        self.model, self.config, self.step = model, config, 0
        self.optimizer = make_optimizer(model, config)
        self.average = MovingAverage(model, config.ema)
        self.objective = Objective(model, config.precision)
        self._share = share
        self._shared = (
            DistributedDataParallel(self.objective)
            if distributed.is_initialized()
            else self.objective
        )
        self._margins = margins(model.config.cameras, config.crop)

    def train(self, batches: Iterator[tuple[Seen, Truth]]) -> Iterator[StepReport]:
        """Yield after every step, until all are made.

        Raises:
            NotFiniteError: if the loss is not a number.
        """
        while self.step < self.config.steps:
            start = perf_counter()
            seen, truth = next(batches)
            yield self._update(seen, truth, start, perf_counter() - start)

    def _update(self, seen: Seen, truth: Truth, start: float, waited: float) -> StepReport:
        config, rate = self.config, learning_rate(self.step, self.config)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        # Heads draw from torch's own generator: by step, as all that is drawn.
        torch.manual_seed((config.seed * 1_000_003 + self.step) * 1009 + self._share.rank)
        parts = self._shared(self._augmented(seen), truth)
        total = parts.total(config.planning)
        told = mean_over_processes(
            torch.stack([total, parts.action, parts.keypose, parts.subgoal, parts.progress])
        )
        if not told.isfinite().all():
            raise NotFiniteError(
                f"The loss of step {self.step} is {told[0].item()}. Lower the learning rate "
                f"({config.learning_rate:g}), or train with precision float32."
            )
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), config.clip).item()
        self.optimizer.step()
        self.step += 1
        self.average.update(self.model, self.step)
        whole, action, keypose, subgoal, progress = told.tolist()
        return StepReport(
            self.step,
            whole,
            action,
            keypose,
            subgoal,
            progress,
            norm,
            rate,
            waited,
            perf_counter() - start,
        )

    def _augmented(self, seen: Seen) -> Seen:
        config, share = self.config, self._share
        draws = Draws(config.seed, self.step, len(seen.state), share.rank, share.processes)
        images = change_light(seen.images, config.brightness, draws)
        if config.crop:
            images = shift_images(images, self._margins, draws)
        state = seen.state
        felt = self.model.processor.state
        if config.state_noise:
            state = blur_states(state, felt.deviation, config.state_noise, draws)
        if config.state_dropout:
            state = hide_states(state, felt.mean, config.state_dropout, draws)
        named = seen.named
        if named is not None and config.named_noise:
            named = named + config.named_noise * draws.normal(named.shape[1])
        return Seen(images, state, seen.sentences, named)
