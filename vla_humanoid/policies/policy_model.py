"""A model with all that it needs to act: what it sees, and how its numbers are standardized."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import nn

from vla_humanoid.description import Description
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.feature_cache import FeatureCache
from vla_humanoid.policies.frozen import cache_features
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.images import required
from vla_humanoid.policies.model import Output, VLAModel
from vla_humanoid.policies.processor import Processor
from vla_humanoid.policies.standardization import Standardization


class PolicyModel(nn.Module):
    """From images, state and sentence to normalized actions.

    Args:
        config: of the model.
        description: of what it sees and does.
        state: standardization of the state.
        action: standardization of normalized actions.
    """

    def __init__(
        self,
        config: ModelConfig,
        description: Description,
        state: Standardization,
        action: Standardization,
    ) -> None:
        super().__init__()
        self.config, self.description = config, description
        self.processor = Processor(config, description, state, action)
        self.model = VLAModel(config, description.action.dim)
        self.grounder = _grounder(config, description)
        self._entries = [field.name for field in description.state]
        one = torch.ones(description.action.dim)
        self.model.head.set_bounds(action(-one), action(one))

    @classmethod
    def unfilled(cls, config: ModelConfig, description: Description) -> "PolicyModel":
        """Return a model whose weights and standardization are yet to be loaded."""
        state, action = (
            Standardization([0.0] * size, [1.0] * size)
            for size in (len(description.state), description.action.dim)
        )
        return cls(config, description, state, action)

    def forward(
        self,
        images: Mapping[str, torch.Tensor],
        state: torch.Tensor,
        sentences: Sequence[str],
        named: torch.Tensor | None = None,
        felt: torch.Tensor | None = None,
    ) -> Output:
        """Return what the model makes of a batch.

        Args:
            images: by name of the view, uint8, shape (B, H, W, 3).
            state: shape (B, all entries).
            sentences: one for each.
            named: what `ground` returned for them, if that is known; else the images are looked
                at, as if the robot had been told its sentence in this state.
            felt: True for entries of the state that there are, shape (B, all entries); the others
                are as their mean. None if there are all.
        """
        inputs = self.processor(images, state, sentences, felt)
        if named is None and self.grounder is not None:
            named = self.ground(images, state, sentences)
        return self.model(
            inputs.pixel_values, inputs.input_ids, inputs.attention_mask, inputs.robot_state, named
        )

    def ground(
        self, images: Mapping[str, torch.Tensor], state: torch.Tensor, sentences: Sequence[str]
    ) -> torch.Tensor | None:
        """Return what sentences mean in a picture, shape (B, F); None without a grounding network.

        Args:
            images: of the moment when the robot was told; the grounding network's view is looked
                at, uint8, shape (P, H, W, 3).
            state: of that moment, shape (P, all entries).
            sentences: B of them, as many for each picture, those of a picture one after the other.

        Raises:
            InputError: if these are not as they should be, or a sentence is too long.
        """
        if self.grounder is None or self.config.grounding is None:
            return None
        view = self.config.grounding.view
        pictures = required(images, view, len(state))
        self.processor.require_state(state, len(state))
        felt = [self._entries.index(name) for name in self.config.grounding.state]
        with torch.no_grad():
            return self.grounder(pictures, state[:, felt], sentences).features()

    def require_sentences(self, sentences: Sequence[str]) -> None:
        """Check that sentences can be said to the model.

        Raises:
            InputError: if one is too long; the message says which.
        """
        self.processor.require_sentences(sentences)
        if self.grounder is not None:
            self.grounder.require_sentences(sentences)

    def actions(self, output: Output, generator: torch.Generator | None = None) -> torch.Tensor:
        """Return normalized actions, shape (B, horizon, action dim), each in [-1, 1]."""
        standardized = self.model.head.sample(output.features, generator)
        return self.processor.action.inverse(standardized).clamp(-1.0, 1.0)

    def cache_features(self, folder: Path) -> int:
        """Keep what frozen encoders make of images and sentences, for this run and later ones.

        It pays where the same images come again, unchanged by augmentation.

        Args:
            folder: for the features; those that are there are used.

        Returns:
            How many encoders are frozen; 0 if there is nothing to keep.
        """
        return cache_features(self, FeatureCache(folder))


def _grounder(config: ModelConfig, description: Description) -> Grounder | None:
    """Return the grounding network, whose weights are not trained further; None if there is none.

    Raises:
        ModelError: if it sees or feels what there is not.
    """
    grounding = config.grounding
    if grounding is None:
        return None
    names = {field.name for field in description.state}
    missing = [f"state entry {name}" for name in grounding.state if name not in names]
    if grounding.view.camera not in description.cameras:
        missing.append(f"camera {grounding.view.camera}")
    if missing:
        raise ModelError(f"The grounding network needs what there is not: {', '.join(missing)}.")
    return Grounder.unfilled(grounding).requires_grad_(False)
