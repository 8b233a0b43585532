"""A checkpoint as a policy: it answers the runner's questions."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policies.checkpoint import CheckpointError, from_pretrained
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.text.tokenizer import TooLongError
from vla_humanoid.policy_runner.policy import PolicyError, Query


class CheckpointPolicy:
    """Acts as a trained model does.

    Args:
        model: the model, on the device that it is to compute on.
        seed: of what its head draws, if it draws anything; the same at the start of every episode.
    """

    def __init__(self, model: PolicyModel, seed: int = 0) -> None:
        self._model = model.eval()
        self._seed = seed
        self._generator = torch.Generator().manual_seed(seed)

    @classmethod
    def load(cls, folder: Path) -> "CheckpointPolicy":
        """Read a checkpoint.

        Raises:
            PolicyError: if it cannot be read.
        """
        try:
            model, _ = from_pretrained(folder)
        except CheckpointError as error:
            raise PolicyError(str(error)) from error
        return cls(model)

    @property
    def description(self) -> Description:
        """What it sees and does."""
        return self._model.description

    def reset(self, instruction: str) -> None:
        """Draw as at the start of any other episode; it remembers nothing else."""
        self._generator.manual_seed(self._seed)

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return an action chunk, normalized, shape (horizon, action dim); the first is for now.

        Raises:
            PolicyError: if the sentence is longer than the model takes.
        """
        seen = query.observation
        images = {
            view.camera: torch.from_numpy(np.asarray(seen[f"images/{view.camera}"])[None])
            for view in self._model.config.cameras
        }
        state = torch.from_numpy(np.asarray(seen["state"], dtype=np.float32)[None])
        try:
            with torch.inference_mode():
                output = self._model(images, state, [str(seen["instruction"])])
                return self._model.actions(output, self._generator)[0].numpy()
        except TooLongError as error:
            raise PolicyError(str(error)) from error
