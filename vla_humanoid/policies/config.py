"""What a model is made of, as data that travels with its weights."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CameraInput:
    """The part of a camera's image that the model sees, and at which size.

    Args:
        camera: its name.
        height: of what the model sees [px].
        width: likewise.
        top: edge of the part that is kept, as a fraction of the image from its top.
        bottom: likewise.
        left: likewise, from the left.
        right: likewise.
    """

    camera: str
    height: int
    width: int
    top: float = 0.0
    bottom: float = 1.0
    left: float = 0.0
    right: float = 1.0


@dataclass(frozen=True)
class ModelConfig:
    """Which modules a model is composed of, and their sizes.

    Args:
        cameras: what it sees.
        state: names of the state's entries that it feels; the rest is left out.
        vision: name of the vision encoder, one for each camera.
        vision_channels: of the encoder's stages.
        text: name of the text encoder.
        text_layers: of it.
        max_tokens: a sentence may have.
        fusion: name of the module that brings modalities together.
        fusion_layers: of it.
        latents: tokens that look at the images, besides those of text and state.
        width: of all tokens.
        attention_heads: of every attention.
        decoder_layers: in which action queries look at the fused tokens.
        horizon: actions of a chunk.
        head: name of the action head.
        keyposes: how many of the next changes of grip the planning head foretells.
        subgoals: most that an episode has; the planning head tells which is being worked on.
        dropout: of attention and feed-forward layers.
    """

    cameras: tuple[CameraInput, ...]
    state: tuple[str, ...]
    vision: str = "cnn_film"
    vision_channels: tuple[int, ...] = (16, 32, 64)
    text: str = "transformer"
    text_layers: int = 2
    max_tokens: int = 64
    fusion: str = "cross_attention"
    fusion_layers: int = 3
    latents: int = 12
    width: int = 128
    attention_heads: int = 4
    decoder_layers: int = 2
    horizon: int = 16
    head: str = "regression"
    keyposes: int = 2
    subgoals: int = 12
    dropout: float = 0.0
    vocabulary: tuple[str, ...] = field(default=(), repr=False)
