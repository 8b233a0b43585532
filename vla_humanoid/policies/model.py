"""A vision-language-action model: images, a sentence and the robot's state become actions."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.decoder import ActionDecoder
from vla_humanoid.policies.fusion.cross_attention import CrossAttentionFusion
from vla_humanoid.policies.heads.regression import RegressionHead
from vla_humanoid.policies.planning import Plan, TaskPlanningHead
from vla_humanoid.policies.positions import grid_positions
from vla_humanoid.policies.text.transformer import TextTransformer
from vla_humanoid.policies.vision.cnn_film import FilmCnn


@dataclass(frozen=True)
class Output:
    """What a model makes of a batch.

    Args:
        features: of the steps of a chunk, from which the head draws actions, (B, H, width).
        plan: of the planning head.
    """

    features: torch.Tensor
    plan: Plan


class VLAModel(nn.Module):
    """A model composed as its configuration says.

    Args:
        config: names the modules.
        action_dim: of the actions.
    """

    def __init__(self, config: ModelConfig, action_dim: int) -> None:
        super().__init__()
        self.config = config
        width, heads = config.width, config.attention_heads
        self.text = TextTransformer(
            len(config.vocabulary),
            width,
            config.text_layers,
            heads,
            config.max_tokens,
            config.dropout,
        )
        self.vision = nn.ModuleDict(
            {view.camera: FilmCnn(config.vision_channels, width) for view in config.cameras}
        )
        vision_width = config.vision_channels[-1]
        stride = 2 ** len(config.vision_channels)
        for index, view in enumerate(config.cameras):
            grid = grid_positions(-(-view.height // stride), -(-view.width // stride), vision_width)
            self.register_buffer(f"grid_{index}", grid, persistent=False)
        self.camera = nn.Parameter(torch.randn(len(config.cameras), vision_width) * 0.02)
        self.state = nn.Sequential(
            nn.Linear(len(config.state), 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.planning = TaskPlanningHead(width, config.subgoals, config.keyposes, action_dim)
        self.fusion = CrossAttentionFusion(
            width, config.fusion_layers, heads, config.latents, vision_width, config.dropout
        )
        self.decoder = ActionDecoder(
            config.horizon, width, config.decoder_layers, heads, config.dropout
        )
        self.head = RegressionHead(width, action_dim)

    def forward(
        self,
        pixel_values: Mapping[str, torch.Tensor],
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        robot_state: torch.Tensor,
    ) -> Output:
        """Return what the model makes of a batch.

        Args:
            pixel_values: by camera, shape (B, 3, height, width), each value about in [-2, 2].
            input_ids: words, shape (B, L), int64.
            attention_mask: shape (B, L), True for words.
            robot_state: standardized, shape (B, len(config.state)).
        """
        text = self.text(input_ids, attention_mask)
        weights = attention_mask[..., None].to(text.dtype)
        sentence = (text * weights).sum(dim=1) / weights.sum(dim=1)
        vision = torch.cat(
            [
                self._look(index, view.camera, pixel_values[view.camera], sentence)
                for index, view in enumerate(self.config.cameras)
            ],
            dim=1,
        )
        asked = self.planning.queries.expand(len(text), -1, -1)
        others = torch.cat([asked, self.state(robot_state)[:, None]], dim=1)
        tokens, mask = self.fusion(vision, text, attention_mask, others)
        plan = self.planning(tokens[:, : asked.shape[1]])
        return Output(self.decoder(tokens, mask), plan)

    def _look(
        self, index: int, camera: str, images: torch.Tensor, sentence: torch.Tensor
    ) -> torch.Tensor:
        features = self.vision[camera](images, sentence).flatten(2).transpose(1, 2)
        return features + self.get_buffer(f"grid_{index}") + self.camera[index]
