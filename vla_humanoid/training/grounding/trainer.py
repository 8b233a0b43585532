"""Trains a grounding network, step by step."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, fields

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.training.augmentation import change_light
from vla_humanoid.training.distributed import ALONE, Share, mean_over_processes
from vla_humanoid.training.draws import Draws
from vla_humanoid.training.grounding.batches import Answer, Asked, Questions
from vla_humanoid.training.grounding.config import GroundingTraining
from vla_humanoid.training.grounding.losses import GroundingLosses, grounding_losses
from vla_humanoid.training.grounding.scenes import KnownScene
from vla_humanoid.training.optimization import Updates


@dataclass(frozen=True)
class GroundingStep:
    """What happened in a step, over all processes.

    Args:
        step: updates so far.
        total: loss.
        parts: of it, by name.
        gradient: norm of the gradient before it was clipped.
        rate: learning rate.
    """

    step: int
    total: float
    parts: dict[str, float]
    gradient: float
    rate: float


class _Objective(nn.Module):
    """A network and its losses in one module, so that processes can share its gradient."""

    def __init__(self, grounder: Grounder) -> None:
        super().__init__()
        self.grounder = grounder

    def forward(self, asked: Asked, answer: Answer) -> GroundingLosses:
        with torch.autocast("cpu", torch.bfloat16):
            found = self.grounder(asked.images, asked.state, asked.sentences)
        return grounding_losses(self.grounder, found, answer)


class GroundingTrainer:
    """Updates a network's weights.

    Args:
        model: to be trained.
        config: how.
        share: the part of every batch that this process is given.
    """

    def __init__(self, model: Grounder, config: GroundingTraining, share: Share = ALONE) -> None:
        self.model, self.config = model, config
        self.updates = Updates(model, config, AVERAGE)
        self._share = share
        objective = _Objective(model)
        self._shared = (
            DistributedDataParallel(objective) if distributed.is_initialized() else objective
        )

    def train(self, questions: Questions, scenes: list[KnownScene]) -> Iterator[GroundingStep]:
        """Yield after every step, until all are made.

        Args:
            questions: makes batches.
            scenes: to draw from.

        Raises:
            NotFiniteError: if the loss is not a number.
        """
        while self.updates.step < self.config.steps:
            yield self._update(*self._batch(questions, scenes))

    def _batch(self, questions: Questions, scenes: list[KnownScene]) -> tuple[Asked, Answer]:
        config, share = self.config, self._share
        draw = random.Random(f"{config.seed} {self.updates.step} {share.rank}")
        chosen = draw.choices(scenes, k=config.pictures // share.processes)
        asked, answer = questions.drawn(chosen, config.sentences, draw)
        draws = Draws(config.seed, self.updates.step, len(chosen), share.rank, share.processes)
        images = change_light({"view": asked.images}, config.brightness, draws)
        return Asked(images["view"], asked.state, asked.sentences), answer

    def _update(self, asked: Asked, answer: Answer) -> GroundingStep:
        parts = self._shared(asked, answer)
        total = parts.total()
        names = [field.name for field in fields(parts)]
        told = mean_over_processes(
            torch.stack([total, *(getattr(parts, name) for name in names)]).detach()
        )
        norm, rate = self.updates.make(total, told)
        whole, *each = told.tolist()
        parts_by_name = dict(zip(names, each, strict=True))
        return GroundingStep(self.updates.step, whole, parts_by_name, norm, rate)


AVERAGE = 0.998
"""Decay of the moving average of the weights, which is what is judged and saved."""
