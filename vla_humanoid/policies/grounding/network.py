"""A network that points at the things a sentence names, in one picture, and tells where they are.

Words ask, cells of the picture answer (CLIPort, Shridhar, 2021, has it as a map of where to pick):
a query for each mention is compared with a key for each cell. A loss on the cells is what makes it
learn to look: told metres alone, it does not (docs/results.md).
"""

import torch
from torch import nn
from torch.nn import functional

from vla_humanoid.policies.attention import Attention
from vla_humanoid.policies.grounding.config import ANGLES, CAMERA, GroundingConfig
from vla_humanoid.policies.grounding.grounded import Grounded
from vla_humanoid.policies.positions import grid_positions
from vla_humanoid.policies.text.transformer import TextTransformer
from vla_humanoid.policies.vision.resnet import Residual

KEY = 64
"""Width of what queries and cells are compared by, and of what a cell says of the thing in it."""
SHARPEST = 30.0
"""No logit of a cell is beyond: without a bound they grow until the loss is lost."""
CONTEXT = 96
"""Width of what the whole picture and the robot's posture say of where the camera is."""
_COARSE = (48, 24)


class GroundingNetwork(nn.Module):
    """From a picture, sentences and the robot's posture to what the sentences mean.

    The picture is looked at once, however many sentences there are.

    Args:
        config: of its parts.
    """

    def __init__(self, config: GroundingConfig) -> None:
        super().__init__()
        self.config = config
        first, middle, last = config.channels
        width, heads = config.width, config.attention_heads
        self.text = TextTransformer(
            len(config.vocabulary), width, config.text_layers, heads, config.max_tokens, 0.0
        )
        self.stem = nn.Conv2d(3, first, 5, stride=2, padding=2)
        self.stages = nn.Sequential(
            Residual(first, middle, 2),
            Residual(middle, middle, 1),
            Residual(middle, last, 2),
            Residual(last, last, 1),
        )
        self.around = nn.Sequential(
            nn.Conv2d(last, last, 5, padding=2, groups=last), nn.GELU(), nn.Conv2d(last, last, 1)
        )
        self.key = nn.Sequential(nn.Conv2d(last, 2 * KEY, 1), nn.GELU(), nn.Conv2d(2 * KEY, KEY, 1))
        self.value = nn.Conv2d(last, KEY, 1)
        self.queries = nn.Parameter(torch.randn(1 + config.mentions, width) * 0.02)
        self.hear = Attention(width, heads)
        self.heard = nn.LayerNorm(width)
        self.ask = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, KEY))
        self.overview = _overview(config)
        self.posture = nn.Sequential(
            nn.Linear(_overview_size(config) + len(config.state), 2 * CONTEXT),
            nn.GELU(),
            nn.Linear(2 * CONTEXT, CONTEXT),
            nn.GELU(),
        )
        self.camera = nn.Linear(CONTEXT, CAMERA)
        self.place = nn.Sequential(
            nn.Linear(KEY + 2 + CONTEXT, 256), nn.GELU(), nn.Linear(256, 3 + ANGLES)
        )
        self.kind = nn.Linear(KEY + width, len(config.kinds))
        self.task = nn.Linear(width, len(config.tasks))
        middles = _middles(config.rows, config.columns)
        self.register_buffer("middles", middles, persistent=False)
        self.register_buffer("centre", middles.mean(dim=0), persistent=False)
        # Cells know where in the picture they are: "on the left" is said of places.
        grid = grid_positions(config.rows, config.columns, last).T.unflatten(1, (config.rows, -1))
        self.register_buffer("grid", grid, persistent=False)

    middles: torch.Tensor
    centre: torch.Tensor
    grid: torch.Tensor

    def forward(
        self,
        pixel_values: torch.Tensor,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        robot_state: torch.Tensor,
    ) -> Grounded:
        """Return what the sentences mean.

        Args:
            pixel_values: shape (P, 3, height, width).
            input_ids: of B = P * G sentences, those of a picture one after the other, (B, L).
            attention_mask: shape (B, L), True for words.
            robot_state: standardized, shape (P, S).
        """
        seen = functional.relu(self.stem(pixel_values))
        seen = self.stages(seen) + self.grid
        seen = seen + functional.gelu(self.around(seen))
        posture = self.posture(torch.cat([self.overview(seen), robot_state], dim=-1)).float()
        task, asked = self._heard(input_ids, attention_mask)
        logits, found = self._pointed(seen, asked)
        cells = logits.softmax(dim=-1) @ self.middles
        away = (cells - self.centre) / STEP
        each = len(input_ids) // len(pixel_values)
        known = posture.repeat_interleave(each, dim=0)[:, None].expand(-1, asked.shape[1], -1)
        place = self.place(torch.cat([found, away, known], dim=-1)).float()
        return Grounded(
            logits,
            cells,
            place[..., :3],
            place[..., 3:],
            self.kind(torch.cat([found, asked], dim=-1)).float(),
            self.task(task).float(),
            self.camera(posture).float(),
        )

    def _heard(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return a token for the task (B, width), and one for each mention (B, N, width)."""
        words = self.text(input_ids, attention_mask)
        queries = self.queries.expand(len(words), -1, -1)
        heard = self.heard(queries + self.hear(queries, words, attention_mask)).float()
        return heard[:, 0], heard[:, 1:]

    def _pointed(
        self, seen: torch.Tensor, asked: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the logits of the cells (B, N, cells), and what is found there (B, N, KEY)."""
        keys = self.key(seen).flatten(2).float()
        values = self.value(seen).flatten(2).float()
        queries = self.ask(asked).float().unflatten(0, (len(seen), -1))
        sentences, mentions = queries.shape[1:3]
        scores = queries.flatten(1, 2) @ keys * KEY**-0.5 * 2.0
        logits = SHARPEST * torch.tanh(scores / SHARPEST)
        found = logits.softmax(dim=-1) @ values.transpose(1, 2)
        shape = (sentences, mentions)
        return (
            logits.unflatten(1, shape).flatten(0, 1),
            found.unflatten(1, shape).flatten(0, 1),
        )


STEP = 8.0
"""Cells by which places in the picture are scaled."""


def _overview(config: GroundingConfig) -> nn.Module:
    """Return what looks at the whole map: the robot's own body and the table's edges in it."""
    first, second = _COARSE
    return nn.Sequential(
        nn.Conv2d(config.channels[-1], first, 3, stride=2, padding=1),
        nn.GELU(),
        nn.Conv2d(first, second, 3, stride=2, padding=1),
        nn.GELU(),
        nn.Flatten(),
    )


def _overview_size(config: GroundingConfig) -> int:
    return _COARSE[-1] * -(-config.rows // 4) * -(-config.columns // 4)


def _middles(rows: int, columns: int) -> torch.Tensor:
    """Return the middle of every cell, from the left and from the top, (rows * columns, 2)."""
    down, along = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    return torch.stack([along, down], dim=-1).reshape(-1, 2) + 0.5
