"""From what a robot sees, feels and is told to what a model takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from vla_humanoid.description import Description
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import InputError, ModelError
from vla_humanoid.policies.images import prepare, required
from vla_humanoid.policies.standardization import Standardization
from vla_humanoid.policies.text.registry import text_kind


@dataclass(frozen=True)
class Inputs:
    """What `VLAModel.forward` takes.

    Args:
        pixel_values: by name of the view, shape (B, 3, height, width).
        input_ids: shape (B, L), int64.
        attention_mask: shape (B, L), bool.
        robot_state: standardized, shape (B, S).
    """

    pixel_values: Mapping[str, torch.Tensor]
    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    robot_state: torch.Tensor


class Processor(nn.Module):
    """Makes a model's inputs; standardization is saved with the weights.

    Args:
        config: of the model.
        description: of what it sees and does.
        state: mean and deviation of every entry of the state.
        action: likewise, of normalized actions.

    Raises:
        ModelError: if the model sees or feels what there is not.
    """

    def __init__(
        self,
        config: ModelConfig,
        description: Description,
        state: Standardization,
        action: Standardization,
    ) -> None:
        super().__init__()
        self._views = config.cameras
        self._tokenizer = text_kind(config.text).tokenizer(config)
        names = [field.name for field in description.state]
        if missing := [name for name in config.state if name not in names]:
            raise ModelError(f"The state has no {', '.join(missing)}. It has: {', '.join(names)}.")
        seen = [view.camera for view in config.cameras]
        if missing := [camera for camera in seen if camera not in description.cameras]:
            there = ", ".join(description.cameras) or "none"
            raise ModelError(f"There is no camera {', '.join(missing)}. There are: {there}.")
        self._felt = [names.index(name) for name in config.state]
        self._entries = len(names)
        self.state, self.action = state, action

    def forward(
        self,
        images: Mapping[str, torch.Tensor],
        state: torch.Tensor,
        sentences: Sequence[str],
        felt: torch.Tensor | None = None,
    ) -> Inputs:
        """Return a model's inputs.

        Args:
            images: by name of the view, uint8, shape (B, H, W, 3).
            state: shape (B, all entries).
            sentences: one for each.
            felt: True for entries of the state that there are, shape (B, all entries); the others
                are 0 once standardized. None if there are all.

        Raises:
            InputError: if they are not as they should be, or a sentence is too long.
        """
        batch = len(sentences)
        seen = {view.name: required(images, view, batch) for view in self._views}
        self.require_state(state, batch)
        ids, mask = self._tokenizer(sentences)
        standardized = self.state(state)
        if felt is not None:
            standardized = standardized.where(felt, 0.0)
        return Inputs(
            {view.name: prepare(seen[view.name], view) for view in self._views},
            ids,
            mask,
            standardized[:, self._felt],
        )

    def require_sentences(self, sentences: Sequence[str]) -> None:
        """Check that sentences can be said to the model.

        Raises:
            InputError: if one is too long; the message says which.
        """
        self._tokenizer(sentences)

    def require_state(self, state: torch.Tensor, count: int) -> None:
        """Check that states have all entries.

        Raises:
            InputError: if they have not, or are not as many.
        """
        if state.shape != (count, self._entries):
            raise InputError(
                f"The state is of shape {tuple(state.shape)}, not ({count}, {self._entries})."
            )
