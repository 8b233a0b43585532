"""What a grounding network is made of, as data that travels with its weights."""

from dataclasses import dataclass, field

from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.views import CameraInput

NOTHING = ""
"""Kind of a mention that a sentence does not make; the first of the kinds."""
STRIDE = 8
"""Pixels from cell to cell of the map that is pointed into."""


@dataclass(frozen=True)
class GroundingConfig:
    """What a grounding network sees, tells apart and knows the words of.

    Args:
        view: the picture that it points into; its sizes are multiples of `STRIDE`, two at least.
        state: names of the entries of the robot's state that it feels.
        tasks: that it tells apart.
        kinds: of things that it tells apart; the first is `NOTHING`.
        vocabulary: of its tokenizer.
        mentions: things that a sentence names, at most: in PickPlace the object, then the
            container.
        channels: of the stages of its vision, each at half the resolution of the one before.
        width: of its tokens; a multiple of attention_heads.
        text_layers: of its text encoder.
        attention_heads: of every attention.
        max_tokens: a sentence may have.
        hears: False for a twin that takes every sentence for the same empty one, to show what
            language is good for.

    Raises:
        ModelError: if a size cannot be.
    """

    view: CameraInput
    state: tuple[str, ...]
    tasks: tuple[str, ...]
    kinds: tuple[str, ...]
    vocabulary: tuple[str, ...] = field(repr=False)
    mentions: int = 2
    channels: tuple[int, int, int] = (16, 32, 64)
    width: int = 128
    text_layers: int = 2
    attention_heads: int = 4
    max_tokens: int = 64
    hears: bool = True

    def __post_init__(self) -> None:
        """Check the sizes."""
        sides = self.view.height, self.view.width
        if any(side % STRIDE for side in sides) or min(sides) < 2 * STRIDE:
            raise ModelError(
                f"The view of {self.view.camera} is {self.view.height} x {self.view.width}; both "
                f"are to be multiples of {STRIDE}, {2 * STRIDE} at least."
            )
        sizes = (*self.channels, self.mentions, self.width, self.text_layers, self.max_tokens)
        if min(sizes) < 1 or self.attention_heads < 1 or self.width % self.attention_heads:
            raise ModelError(
                "Sizes of a grounding network are to be at least 1, and its width a multiple of "
                f"attention_heads: {self}."
            )
        if self.kinds[:1] != (NOTHING,) or not self.tasks:
            raise ModelError(
                f"A grounding network tells tasks apart, and kinds, of which {NOTHING!r} is the "
                f"first: {self.tasks}, {self.kinds}."
            )

    @property
    def rows(self) -> int:
        """Of the map that is pointed into."""
        return self.view.height // STRIDE

    @property
    def columns(self) -> int:
        """Of the map that is pointed into."""
        return self.view.width // STRIDE

    @property
    def features(self) -> int:
        """Numbers that tell what a sentence means in a scene; see `Grounded.features`."""
        return self.mentions * (3 + ANGLES + len(self.kinds)) + len(self.tasks)


ANGLES = 6
"""Numbers that tell how a thing is turned: cosine and sine of 1, 2 and 4 times its angle.

Things look alike after half a turn, or a quarter of one.
"""
CAMERA = 13
"""Numbers that tell where a camera is: its position, its axes, its focal length in images."""
