"""The task planning head: what is being worked on, how far it is, and where the hands go next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn import functional

from vla_humanoid.policies.slots import IGNORED, GoalSlots, Slot, goal_of


@dataclass(frozen=True)
class Plan:
    """What the planning head makes of what it sees and is told.

    Args:
        subgoal_logits: of the index of the sub-goal that is being worked on, shape (B, subgoals).
        progress: of the episode, in [0, 1], shape (B,).
        keyposes: actions, standardized, at the next changes of grip and, once there are none, at
            the end, shape (B, keyposes, action dim).
        slot_logits: of the values of each slot of the goal, by the slot's name, shape (B, values).
    """

    subgoal_logits: torch.Tensor
    progress: torch.Tensor
    keyposes: torch.Tensor
    slot_logits: Mapping[str, torch.Tensor] = field(default_factory=dict)

    def goals(self, slots: Sequence[Slot]) -> list[GoalSlots]:
        """Return the most likely goal of each sample.

        Args:
            slots: of the model's configuration.
        """
        best = [self.slot_logits[slot.name].argmax(dim=-1).tolist() for slot in slots]
        return [goal_of(slots, indices) for indices in zip(*best, strict=True)]


class TaskPlanningHead(nn.Module):
    """Reads a plan from one token for each of its parts.

    Args:
        width: of the tokens.
        subgoals: that are told apart.
        keyposes: that are foretold.
        action_dim: of each.
        slots: of the goal, that are filled.
    """

    def __init__(
        self,
        width: int,
        subgoals: int,
        keyposes: int,
        action_dim: int,
        slots: Sequence[Slot] = (),
    ) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(1 + keyposes, width) * 0.02)
        self.subgoal = nn.Linear(width, subgoals)
        self.progress = nn.Linear(width, 1)
        self.keypose = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, action_dim)
        )
        self.slots = nn.ModuleDict({one.name: nn.Linear(width, len(one.values)) for one in slots})

    def forward(self, tokens: torch.Tensor) -> Plan:
        """Return the plan that is in the tokens of `queries`, shape (B, 1 + keyposes, width)."""
        task, keyposes = tokens[:, 0], tokens[:, 1:]
        return Plan(
            self.subgoal(task).float(),
            self.progress(task).float().squeeze(-1).sigmoid(),
            self.keypose(keyposes).float(),
            {name: slot(task).float() for name, slot in self.slots.items()},
        )


def slot_loss(plan: Plan, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean cross entropy of the slots; 0 if there are none, or no target is known.

    Args:
        plan: with logits of S slots.
        targets: index of each slot's value, in their order, or `IGNORED`, shape (B, S), int64.
    """
    each = [
        functional.cross_entropy(logits, targets[:, index], ignore_index=IGNORED, reduction="sum")
        for index, logits in enumerate(plan.slot_logits.values())
    ]
    known = (targets != IGNORED).sum().clamp(min=1)
    return sum(each, plan.progress.new_zeros(())) / known


def slot_hits(plan: Plan, targets: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return, by slot, 1 where its value was told right and 0 where not, shape (B,).

    It is NaN where the value is not known.

    Args:
        plan: with logits of S slots.
        targets: shape (B, S), as of `slot_loss`.
    """
    return {
        name: (logits.argmax(dim=-1) == truth).float().where(truth != IGNORED, torch.nan)
        for (name, logits), truth in zip(plan.slot_logits.items(), targets.T, strict=True)
    }
