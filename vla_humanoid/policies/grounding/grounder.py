"""A grounding network with all that it needs: pixels, words and posture as they come."""

from collections.abc import Sequence

import torch
from torch import nn

from vla_humanoid.policies.errors import InputError
from vla_humanoid.policies.grounding.config import CAMERA, GroundingConfig
from vla_humanoid.policies.grounding.grounded import Grounded
from vla_humanoid.policies.grounding.network import GroundingNetwork
from vla_humanoid.policies.images import prepare
from vla_humanoid.policies.standardization import Standardization
from vla_humanoid.policies.text.tokenizer import WordTokenizer


class Grounder(nn.Module):
    """Tells what sentences mean in pictures.

    Args:
        config: of the network.
        state: standardization of the entries of the state that it feels.
        position: of positions of things, in the frame of the pelvis [m].
        camera: of where the camera is.
    """

    def __init__(
        self,
        config: GroundingConfig,
        state: Standardization,
        position: Standardization,
        camera: Standardization,
    ) -> None:
        super().__init__()
        self.config = config
        self._tokenizer = WordTokenizer(config.vocabulary, config.max_tokens)
        self.state, self.position, self.camera = state, position, camera
        self.network = GroundingNetwork(config)

    @classmethod
    def unfilled(cls, config: GroundingConfig) -> "Grounder":
        """Return one whose weights and standardizations are yet to be loaded."""
        state, position, camera = (
            Standardization([0.0] * size, [1.0] * size) for size in (len(config.state), 3, CAMERA)
        )
        return cls(config, state, position, camera)

    def forward(
        self, images: torch.Tensor, state: torch.Tensor, sentences: Sequence[str]
    ) -> Grounded:
        """Return what sentences mean.

        Args:
            images: whole ones of the view's camera, uint8, shape (P, H, W, 3).
            state: entries that the configuration names, shape (P, S).
            sentences: as many for each picture, those of a picture one after the other.

        Raises:
            InputError: if the sentences do not fit the pictures, or one is too long.
        """
        if not sentences or len(sentences) % len(images):
            raise InputError(f"{len(sentences)} sentences are not as many for {len(images)} images")
        ids, mask = self._heard(sentences)
        pixels = prepare(images, self.config.view)
        return self.network(pixels, ids, mask, self.state(state))

    def require_sentences(self, sentences: Sequence[str]) -> None:
        """Check that sentences can be said to the network.

        Raises:
            InputError: if one is too long; the message says which.
        """
        self._heard(sentences)

    def _heard(self, sentences: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        return self._tokenizer(sentences if self.config.hears else [""] * len(sentences))
