"""A vision-language-action model: images, a sentence and the robot's state become actions."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.decoder import make_decoder
from vla_humanoid.policies.fusion.fusion import mean_of_words
from vla_humanoid.policies.fusion.registry import make_fusion
from vla_humanoid.policies.heads.registry import make_head
from vla_humanoid.policies.planning import Plan, TaskPlanningHead
from vla_humanoid.policies.text.registry import text_kind
from vla_humanoid.policies.vision.registry import make_vision
from vla_humanoid.policies.vision.token_learner import TokenLearner

SHARED = "all"
"""Name of the vision encoder of all cameras, where they share one."""


@dataclass(frozen=True)
class Output:
    """What a model makes of a batch.

    Args:
        features: of the steps of a chunk, from which the head draws actions, (B, H, width).
        plan: of the planning head.
        vision: tokens of the images, (B, M, vision width).
        text: tokens of the sentence, (B, L, width).
        fused: tokens that the decoder looks at, (B, N, width).
    """

    features: torch.Tensor
    plan: Plan
    vision: torch.Tensor
    text: torch.Tensor
    fused: torch.Tensor


class VLAModel(nn.Module):
    """A model composed as its configuration says.

    Args:
        config: names the modules.
        action_dim: of the actions.
    """

    def __init__(self, config: ModelConfig, action_dim: int) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.text = text_kind(config.text).encoder(config)
        names = [view.name for view in config.cameras]
        if names and config.vision_shared:
            names = [SHARED]
        encoders = {name: make_vision(config) for name in names}
        self.vision = nn.ModuleDict(encoders)
        vision_width = encoders[names[0]].width if names else width
        marks = torch.randn(len(config.cameras), vision_width) * 0.02
        self.camera = nn.Parameter(marks, requires_grad=bool(config.cameras))
        self.state = nn.Sequential(
            nn.Linear(len(config.state), 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.named = (
            None
            if config.grounding is None
            else nn.Sequential(
                nn.Linear(config.grounding.features, 2 * width),
                nn.GELU(),
                nn.Linear(2 * width, width),
            )
        )
        self.planning = TaskPlanningHead(
            width, config.subgoals, config.keyposes, action_dim, config.slots
        )
        self.fusion = make_fusion(config, vision_width)
        self.decoder = make_decoder(config)
        self.head = make_head(config, action_dim)
        self.learners = nn.ModuleDict(
            {name: TokenLearner(vision_width, config.learned_tokens) for name in names}
            if config.learned_tokens
            else {}
        )

    def forward(
        self,
        pixel_values: Mapping[str, torch.Tensor],
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        robot_state: torch.Tensor,
        named: torch.Tensor | None = None,
    ) -> Output:
        """Return what the model makes of a batch.

        Args:
            pixel_values: by name of the view, shape (B, 3, height, width), each value about in
                [-2, 2].
            input_ids: words, shape (B, L), int64.
            attention_mask: shape (B, L), True for words.
            robot_state: standardized, shape (B, len(config.state)).
            named: what the grounding network makes of picture and sentence, shape (B, F), see
                `Grounded.features`; None for a model that has none.
        """
        text = self.text(input_ids, attention_mask)
        sentence = mean_of_words(text, attention_mask)
        seen = [
            self._look(index, view.name, pixel_values[view.name], sentence)
            for index, view in enumerate(self.config.cameras)
        ]
        vision = torch.cat(seen, dim=1) if seen else text[:, :0]
        asked = self.planning.queries.expand(len(text), -1, -1)
        others = [asked, self.state(robot_state)[:, None]]
        if self.named is not None and named is not None:
            others.append(self.named(named)[:, None])
        fused, mask = self.fusion(vision, text, attention_mask, torch.cat(others, dim=1))
        plan = self.planning(fused[:, : asked.shape[1]])
        return Output(self.decoder(fused, mask), plan, vision, text, fused)

    def _look(
        self, index: int, view: str, images: torch.Tensor, sentence: torch.Tensor
    ) -> torch.Tensor:
        name = SHARED if self.config.vision_shared else view
        tokens = self.vision[name](images, sentence)
        if self.learners:
            tokens = self.learners[name](tokens)
        return tokens + self.camera[index]
