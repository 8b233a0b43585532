"""Flow matching: noise moves along a learned velocity to an action chunk (Lipman, 2023).

As in pi0 (Black, 2024): a network is shown actions mixed with noise, and tells which way the
actions are; a chunk is made by following it from pure noise, in a few steps of Euler's method.
"""

import torch
from torch import nn

from vla_humanoid.policies.attention import Block
from vla_humanoid.policies.heads.head import ActionHead, mean_of_entries, normal_like
from vla_humanoid.policies.positions import sinusoids


class FlowHead(ActionHead):
    """Draws whole chunks; each of several ways to act stays one of them.

    Args:
        width: of the features.
        action_dim: of the actions.
        layers: of attention between the steps of a chunk.
        heads: of each.
        steps: from noise to actions.
    """

    def __init__(self, width: int, action_dim: int, layers: int, heads: int, steps: int) -> None:
        super().__init__()
        self.width, self.action_dim, self.steps = width, action_dim, steps
        self.action = nn.Linear(action_dim, width)
        self.time = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, action_dim)

    def loss(
        self,
        features: torch.Tensor,
        actions: torch.Tensor,
        padding: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
        present: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the mean square error of the velocity at a time that is drawn, shape (B, H)."""
        noise = normal_like(actions, generator)
        time = torch.rand(len(actions), generator=generator).to(actions.device)
        mixed = torch.lerp(noise, actions, time[:, None, None])
        mask = None if padding is None else ~padding
        velocity = self._velocity(features, mixed, time, mask)
        return mean_of_entries((velocity - (actions - noise)).square(), present)

    def sample(self, features: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        """Return standardized actions, shape (B, H, A), from noise that is drawn."""
        shape = features[..., :1].expand(-1, -1, self.action_dim)
        actions = normal_like(shape, generator)
        for step in range(self.steps):
            time = actions.new_full((len(actions),), step / self.steps)
            actions = actions + self._velocity(features, actions, time, None) / self.steps
        return actions

    def _velocity(
        self,
        features: torch.Tensor,
        mixed: torch.Tensor,
        time: torch.Tensor,
        mask: torch.Tensor | None,
    ) -> torch.Tensor:
        """Return where to, (B, H, A), from chunks (B, H, A) at times (B,): 0 is noise, 1 actions.

        The steps of a chunk attend to one another where the mask (B, H) is True.
        """
        tokens = features + self.action(mixed) + self.time(sinusoids(time, self.width))[:, None]
        for block in self.blocks:
            tokens = block(tokens, mask)
        return self.out(self.norm(tokens)).float()
