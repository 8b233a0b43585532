"""What a model is told that it did wrong."""

from dataclasses import dataclass

import torch
from torch.nn import functional

from vla_humanoid.policies.heads.head import mean_of_entries
from vla_humanoid.policies.model import Output
from vla_humanoid.policies.planning import slot_loss
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.distributed import mean_over_processes


@dataclass(frozen=True)
class Truth:
    """What was demonstrated.

    Args:
        actions: normalized, shape (B, H, action dim).
        padding: True for actions after the end of the episode, shape (B, H).
        present: True for entries of the actions that the episode has, shape (B, action dim); for
            the others there are stand-ins.
        keyposes: normalized, shape (B, keyposes, action dim).
        subgoal: index of the one being worked on, shape (B,).
        progress: in [0, 1], shape (B,).
        slots: index of the value of each slot of the goal, shape (B, slots); see `policies.slots`.
    """

    actions: torch.Tensor
    padding: torch.Tensor
    present: torch.Tensor
    keyposes: torch.Tensor
    subgoal: torch.Tensor
    progress: torch.Tensor
    slots: torch.Tensor


@dataclass(frozen=True)
class Losses:
    """Scalars.

    Args:
        action: of the chunk, padding not counted.
        keypose: mean distance of the foretold keyposes, standardized.
        subgoal: cross entropy.
        progress: mean distance.
        slots: cross entropy; 0 for a model that fills none.
    """

    action: torch.Tensor
    keypose: torch.Tensor
    subgoal: torch.Tensor
    progress: torch.Tensor
    slots: torch.Tensor

    def total(self, planning: float) -> torch.Tensor:
        """Return what is minimized, the planning head's parts weighted."""
        plan = self.keypose + 0.2 * self.subgoal + self.progress + 0.2 * self.slots
        return self.action + planning * plan


def losses(model: PolicyModel, output: Output, truth: Truth, shared: bool = False) -> Losses:
    """Return the losses of a batch.

    Args:
        model: that made the output.
        output: of the batch.
        truth: what was demonstrated.
        shared: whether every process has a part of the batch and is asked for it now.
    """
    standardize = model.processor.action
    present = None if truth.present.all() else truth.present
    actions, keyposes = standardize(truth.actions), standardize(truth.keyposes)
    if present is not None:
        actions = actions.where(present[:, None], 0.0)  # Heads may take them in as well.
    each = model.model.head.loss(output.features, actions, truth.padding, present=present)
    weights = (~truth.padding).to(each.dtype)
    plan, count = output.plan, weights.sum()
    return Losses(
        # Divided by what all processes count, so that together they have one batch's gradient.
        action=(each * weights).sum() / (mean_over_processes(count) if shared else count),
        keypose=mean_of_entries((plan.keyposes - keyposes).abs(), present).mean(),
        subgoal=functional.cross_entropy(plan.subgoal_logits, truth.subgoal),
        progress=(plan.progress - truth.progress).abs().mean(),
        slots=slot_loss(plan, truth.slots),
    )
