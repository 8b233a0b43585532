"""Trains a model, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

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
from vla_humanoid.training.optimization import Updates


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
        self.model, self.config = model, config
        self.updates = Updates(model, config, config.ema)
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
        while self.updates.step < self.config.steps:
            start = perf_counter()
            seen, truth = next(batches)
            yield self._update(seen, truth, start, perf_counter() - start)

    def _update(self, seen: Seen, truth: Truth, start: float, waited: float) -> StepReport:
        config, step = self.config, self.updates.step
        # Heads draw from torch's own generator: by step, as all that is drawn.
        torch.manual_seed((config.seed * 1_000_003 + step) * 1009 + self._share.rank)
        parts = self._shared(self._augmented(seen), truth)
        total = parts.total(config.planning)
        told = mean_over_processes(
            torch.stack([total, parts.action, parts.keypose, parts.subgoal, parts.progress])
        )
        norm, rate = self.updates.make(total, told)
        whole, action, keypose, subgoal, progress = told.tolist()
        return StepReport(
            self.updates.step,
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
        draws = Draws(config.seed, self.updates.step, len(seen.state), share.rank, share.processes)
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
        return Seen(images, state, seen.felt, seen.sentences, named)
