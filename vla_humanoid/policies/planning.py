"""The task planning head: what is being worked on, how far it is, and where the hands go next."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Plan:
    """What the planning head makes of what it sees and is told.

    Args:
        subgoal_logits: of the index of the sub-goal that is being worked on, shape (B, subgoals).
        progress: of the episode, in [0, 1], shape (B,).
        keyposes: actions, standardized, at the next changes of grip and, once there are none, at
            the end, shape (B, keyposes, action dim).
    """

    subgoal_logits: torch.Tensor
    progress: torch.Tensor
    keyposes: torch.Tensor


class TaskPlanningHead(nn.Module):
    """Reads a plan from one token for each of its parts.

    Args:
        width: of the tokens.
        subgoals: that are told apart.
        keyposes: that are foretold.
        action_dim: of each.
    """

    def __init__(self, width: int, subgoals: int, keyposes: int, action_dim: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(1 + keyposes, width) * 0.02)
        self.subgoal = nn.Linear(width, subgoals)
        self.progress = nn.Linear(width, 1)
        self.keypose = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, action_dim)
        )

    def forward(self, tokens: torch.Tensor) -> Plan:
        """Return the plan that is in the tokens of `queries`, shape (B, 1 + keyposes, width)."""
        task, keyposes = tokens[:, 0], tokens[:, 1:]
        return Plan(
            self.subgoal(task).float(),
            self.progress(task).float().squeeze(-1).sigmoid(),
            self.keypose(keyposes).float(),
        )
