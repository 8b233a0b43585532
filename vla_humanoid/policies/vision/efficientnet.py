"""EfficientNet-Lite0 (Tan, 2019; the Lite variants are without squeeze-and-excitation)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from vla_humanoid.policies.positions import as_tokens

WIDTH = 1280
"""Of the last features."""
STEM = 32


@dataclass(frozen=True)
class _Stage:
    blocks: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)


class FixedNorm(nn.Module):
    """Batch normalization by statistics that stay as they were learned.

    Args:
        channels: that are normalized.
    """

    running_mean: torch.Tensor
    running_var: torch.Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return normalized features of the same shape (B, channels, H, W)."""
        return functional.batch_norm(
            features, self.running_mean, self.running_var, self.weight, self.bias, eps=1e-3
        )


class ConvNorm(nn.Module):
    """A convolution with TensorFlow's padding ("SAME"), and its norm.

    Args:
        low: channels that come in.
        high: channels that come out.
        kernel: edge of it.
        stride: of it.
        groups: of channels that do not mix.
    """

    def __init__(self, low: int, high: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(low, high, kernel, stride, groups=groups, bias=False)
        self.norm = FixedNorm(high)
        self.kernel, self.stride = kernel, stride

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return features (B, high, ceil(H / stride), ceil(W / stride))."""
        height, width = (self._padding(size) for size in features.shape[2:])
        padding = (width // 2, width - width // 2, height // 2, height - height // 2)
        return self.norm(self.conv(functional.pad(features, padding)))

    def _padding(self, size: int) -> int:
        return max(0, (-(-size // self.stride) - 1) * self.stride + self.kernel - size)


class Inverted(nn.Module):
    """An inverted residual: wide inside, narrow outside (Sandler, 2018).

    Args:
        low: channels that come in.
        stage: that it belongs to.
        stride: of it.
    """

    def __init__(self, low: int, stage: _Stage, stride: int) -> None:
        super().__init__()
        wide = low * stage.expansion
        self.expand = ConvNorm(low, wide, 1) if stage.expansion > 1 else None
        self.depthwise = ConvNorm(wide, wide, stage.kernel, stride, groups=wide)
        self.project = ConvNorm(wide, stage.channels, 1)
        self.shortcut = stride == 1 and low == stage.channels

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return features (B, the stage's channels, H / stride, W / stride)."""
        hidden = features
        if self.expand is not None:
            hidden = functional.relu6(self.expand(hidden))
        hidden = self.project(functional.relu6(self.depthwise(hidden)))
        return features + hidden if self.shortcut else hidden


class EfficientNet(nn.Module):
    """The network without its classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvNorm(3, STEM, 3, 2)
        self.blocks = nn.ModuleList()
        low = STEM
        for stage in STAGES:
            for index in range(stage.blocks):
                self.blocks.append(Inverted(low, stage, stage.stride if index == 0 else 1))
                low = stage.channels
        self.head = ConvNorm(low, WIDTH, 1)

    def forward(
        self,
        images: torch.Tensor,
        after: Callable[[int, torch.Tensor], torch.Tensor] | None = None,
    ) -> torch.Tensor:
        """Return one token for each 32 x 32 pixels, row by row, (B, N, WIDTH).

        Args:
            images: shape (B, 3, H, W), a pixel of value v in [0, 1] as (v - 0.5) / 0.25.
            after: may change the features that come out of a block, given its index.
        """
        # The weights are for pixels of value n in [0, 255] as (n - 127) / 128.
        features = functional.relu6(self.stem(images * (0.25 * 255 / 128) + 0.5 / 128))
        for index, block in enumerate(self.blocks):
            features = block(features)
            if after is not None:
                features = after(index, features)
        return as_tokens(functional.relu6(self.head(features)))


_PARTS = {
    "_conv_stem": "stem.conv",
    "_bn0": "stem.norm",
    "_conv_head": "head.conv",
    "_bn1": "head.norm",
}
_BLOCK_PARTS = {
    "_expand_conv": "expand.conv",
    "_bn0": "expand.norm",
    "_depthwise_conv": "depthwise.conv",
    "_bn1": "depthwise.norm",
    "_project_conv": "project.conv",
    "_bn2": "project.norm",
}


def renamed(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return published weights under the names of `EfficientNet`, without the classifier's."""
    ours: dict[str, torch.Tensor] = {}
    for name, tensor in weights.items():
        *block, part, entry = name.split(".")
        if part == "_fc" or entry == "num_batches_tracked":
            continue
        if block:
            ours[f"blocks.{block[1]}.{_BLOCK_PARTS[part]}.{entry}"] = tensor
        else:
            ours[f"{_PARTS[part]}.{entry}"] = tensor
    return ours
