"""What a model makes of samples that it was not trained on."""

from collections import defaultdict
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

        What stands in for actions after an episode's end, or for entries that it does not have,
        does not count; what cannot be told of any sample is left out.

        Args:
            model: in the mode in which it acts.
        """
        totals: defaultdict[str, float] = defaultdict(float)
        counts: defaultdict[str, float] = defaultdict(float)
        for seen, truth in self._batches:
            for name, each in self._measured(model, seen, truth).items():
                known = ~each.isnan()
                totals[name] += float(each[known].sum())
                counts[name] += float(known.sum())
        return {name: totals[name] / count for name, count in counts.items() if count}

    def _measured(self, model: PolicyModel, seen: Seen, truth: Truth) -> dict[str, torch.Tensor]:
        """Return numbers by name, of each sample or step; NaN where there is nothing to compare."""
        torch.manual_seed(SEED)
        output = model(seen.images, seen.state, seen.sentences, seen.named, seen.felt)
        parts = losses(model, output, truth)
        actions = model.actions(output, torch.Generator().manual_seed(SEED))
        counted = truth.present[:, None] & ~truth.padding[..., None]
        size = len(seen.state)
        return {
            "loss": parts.total(self._planning).expand(size),
            "action_loss": parts.action.expand(size),
            **self._error(actions, truth.actions.where(counted, torch.nan)),
            **_plan(output, truth),
        }


def _plan(output: Output, truth: Truth) -> dict[str, torch.Tensor]:
    """Return how good the plan is."""
    right = output.plan.subgoal_logits.argmax(dim=-1) == truth.subgoal
    return {
        "subgoal_accuracy": right.float(),
        "progress_error": (output.plan.progress - truth.progress).abs(),
        **{f"{name}_accuracy": each for name, each in slot_hits(output.plan, truth.slots).items()},
    }
