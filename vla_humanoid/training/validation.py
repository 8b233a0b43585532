"""What a model makes of samples that it was not trained on."""

from collections.abc import Sequence

import torch

from vla_humanoid.policies.model import Output
from vla_humanoid.policies.planning import slot_hits
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.action_error import ActionError
from vla_humanoid.training.batches import Seen
from vla_humanoid.training.losses import Truth, losses

SEED = 0
"""Of what a head draws."""


class Validation:
    """The same samples every time.

    Args:
        batches: of the samples; there must be one at least.
        error: measures actions.
        planning: weight of the planning head's losses.
    """

    def __init__(
        self, batches: Sequence[tuple[Seen, Truth]], error: ActionError, planning: float
    ) -> None:
        self._batches, self._error, self._planning = tuple(batches), error, planning

    @torch.no_grad()
    def __call__(self, model: PolicyModel) -> dict[str, float]:
        """Return losses, errors of actions and accuracies by name, the means of all samples.

        Actions that stand in for those after an episode's end do not count.

        Args:
            model: in the mode in which it acts.
        """
        found = [self._measured(model, seen, truth) for seen, truth in self._batches]
        sizes = torch.tensor([float(len(seen.state)) for seen, _ in self._batches])
        weights = sizes / sizes.sum()
        return {
            name: float((torch.stack([one[name] for one in found]) * weights).sum())
            for name in found[0]
        }

    def _measured(self, model: PolicyModel, seen: Seen, truth: Truth) -> dict[str, torch.Tensor]:
        torch.manual_seed(SEED)
        output = model(seen.images, seen.state, seen.sentences, seen.named)
        parts = losses(model, output, truth)
        actions = model.actions(output, torch.Generator().manual_seed(SEED))
        counted = (~truth.padding).float()
        errors = {
            name: (each * counted).sum() / counted.sum()
            for name, each in self._error(actions, truth.actions).items()
        }
        return {
            "loss": parts.total(self._planning),
            "action_loss": parts.action,
            **errors,
            **_plan(output, truth),
        }


def _plan(output: Output, truth: Truth) -> dict[str, torch.Tensor]:
    """Return how good the plan is."""
    hits = slot_hits(output.plan, truth.slots)
    right = output.plan.subgoal_logits.argmax(dim=-1) == truth.subgoal
    return {
        "subgoal_accuracy": right.float().mean(),
        "progress_error": (output.plan.progress - truth.progress).abs().mean(),
        **{
            f"{name}_accuracy": torch.tensor(told / max(known, 1))
            for name, (told, known) in hits.items()
        },
    }
