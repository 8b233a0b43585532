"""What a model is made of, as data that travels with its weights."""

from dataclasses import dataclass, field

from vla_humanoid.policies.errors import ModelError, require_sizes
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.slots import Slot
from vla_humanoid.policies.views import CameraInput, Moment

_AT_LEAST_ONE = (
    "max_tokens",
    "width",
    "attention_heads",
    "horizon",
    "subgoals",
    "patch",
    "hidden",
)
_AT_LEAST_NONE = (
    "text_layers",
    "vision_layers",
    "fusion_layers",
    "decoder_layers",
    "latents",
    "keyposes",
    "learned_tokens",
)


@dataclass(frozen=True)
class HeadOptions:
    """Sizes and settings of the action heads; each uses those that it knows.

    Args:
        layers: of attention between the steps of a chunk, of "flow" and "cvae".
        steps: in which "flow" goes from noise to actions.
        modes: of "gmm".
        bins: of each entry of an action, of "discrete".
        top_k: most likely bins among which "discrete" draws; 1 to take the most likely.
        style_width: of the hidden style of "cvae".
        style_weight: of the divergence of the style from the normal distribution, of "cvae".
    """

    layers: int = 2
    steps: int = 10
    modes: int = 5
    bins: int = 256
    top_k: int = 1
    style_width: int = 32
    style_weight: float = 10.0

    def __post_init__(self) -> None:
        """Check the sizes."""
        require_sizes("head_options", {**self.__dict__, "style_weight": 1})
        if self.top_k > self.bins:
            raise ModelError(f"top_k is {self.top_k}, of {self.bins} bins.")


@dataclass(frozen=True)
class ModelConfig:
    """Which modules a model is composed of, and their sizes.

    Args:
        cameras: what it sees itself; it may be nothing where there is a grounding network.
        state: names of the state's entries that it feels; the rest is left out.
        vision: name of the vision encoder, one for each camera; "hf:PATH" for one of Hugging Face.
        vision_channels: of the encoder's stages ("cnn_film", "resnet").
        text: name of the text encoder; "hf:PATH" for one of Hugging Face.
        text_layers: of it; of encoders with pretrained weights, of what is trained on top.
        max_tokens: a sentence may have.
        fusion: name of the module that brings modalities together.
        fusion_layers: of it.
        hidden: width of the layers of "mlp" as a fusion.
        latents: tokens that look at the images, besides those of text and state; of "mlp", all that
            come out.
        width: of all tokens; a multiple of 4 and of attention_heads.
        attention_heads: of every attention.
        decoder: name of what makes a chunk's features of the fused tokens.
        decoder_layers: of "queries": in which action queries look at the fused tokens.
        horizon: actions of a chunk.
        head: name of the action head.
        keyposes: how many of the next changes of grip the planning head foretells.
        subgoals: most that an episode has; the planning head tells which is being worked on.
        dropout: of attention and feed-forward layers.
        vocabulary: of the tokenizer, where it has one of its own.
        vision_layers: of "vit".
        patch: edge of the squares that "vit" cuts an image into [px].
        vision_shared: one vision encoder for all cameras.
        tune_vision: train pretrained weights of the vision encoder further; else they are frozen.
        tune_text: likewise, of the text encoder.
        learned_tokens: to which TokenLearner reduces those of an image; 0 to keep all.
        slots: of the goal, which the planning head fills.
        head_options: of the action head.
        grounding: of the network that tells the model which things its sentence names and where
            they are; None for none.

    Raises:
        ModelError: if a size cannot be.
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
    hidden: int = 512
    latents: int = 12
    width: int = 128
    attention_heads: int = 4
    decoder: str = "queries"
    decoder_layers: int = 2
    horizon: int = 16
    head: str = "regression"
    keyposes: int = 2
    subgoals: int = 12
    dropout: float = 0.0
    vocabulary: tuple[str, ...] = field(default=(), repr=False)
    vision_layers: int = 4
    patch: int = 16
    vision_shared: bool = False
    tune_vision: bool = False
    tune_text: bool = False
    learned_tokens: int = 0
    slots: tuple[Slot, ...] = ()
    head_options: HeadOptions = HeadOptions()
    grounding: GroundingConfig | None = None

    def __post_init__(self) -> None:
        """Check the sizes."""
        all_sizes = self.__dict__
        require_sizes("model", {name: all_sizes[name] for name in _AT_LEAST_ONE})
        require_sizes("model", {name: all_sizes[name] for name in _AT_LEAST_NONE}, 0)
        if min(self.vision_channels, default=0) < 1 or self.vision_channels[-1] % 4:
            raise ModelError(
                f"vision_channels are {self.vision_channels}; each is to be at least 1, and the "
                "last a multiple of 4."
            )
        if not 0.0 <= self.dropout < 1.0:
            raise ModelError(f"dropout is {self.dropout:g}, which is not in [0, 1).")
        if self.width % self.attention_heads or self.width % 4:
            raise ModelError(
                f"width is {self.width}, which is no multiple of 4 and of attention_heads, "
                f"{self.attention_heads}."
            )
        names = [view.name for view in self.cameras]
        if len(set(names)) != len(names) or not self.views:
            raise ModelError(f"A model sees one camera or more, each once: {names}.")

    @property
    def views(self) -> tuple[CameraInput, ...]:
        """All that is seen, by the model itself and by its grounding network."""
        grounded = () if self.grounding is None else (self.grounding.view,)
        return (*self.cameras, *(view for view in grounded if view not in self.cameras))

    def cameras_at(self, moment: Moment) -> tuple[str, ...]:
        """Return the names of the cameras whose image of a moment the model itself sees."""
        return tuple(view.camera for view in self.cameras if view.moment == moment)
