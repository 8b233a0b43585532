"""A checkpoint as a policy: it answers the runner's questions."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policies.checkpoint import CheckpointError, from_pretrained
from vla_humanoid.policies.errors import InputError
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policy_runner.policy import Observation, Outlook, PolicyError, Query


@dataclass(frozen=True)
class ActionChunk:
    """What a model would do next.

    Args:
        actions: normalized, shape (horizon, action dim); the first is for now.
        outlook: how far it takes itself to be.
    """

    actions: NDArray[np.float32]
    outlook: Outlook


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
        self._told: dict[str, torch.Tensor] = {}
        self._named: torch.Tensor | None = None
        self._outlook: Outlook | None = None

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

    @property
    def remembers(self) -> bool:
        """Whether it goes by what it saw when it was told."""
        return any(view.moment == "told" for view in self._model.config.views)

    def session(self) -> "CheckpointPolicy":
        """Return another one that acts by the same model, with a memory of its own."""
        return CheckpointPolicy(self._model, self._seed)

    def reset(self, instruction: str) -> None:
        """Draw as at the start of any other episode, and forget what it saw when it was told."""
        self._generator.manual_seed(self._seed)
        self._told, self._named, self._outlook = {}, None, None

    @property
    def outlook(self) -> Outlook | None:
        """What its planning head made of the latest question."""
        return self._outlook

    def act(self, query: Query) -> NDArray[np.float32]:
        """Return an action chunk, normalized, shape (horizon, action dim); the first is for now.

        Raises:
            PolicyError: if the observation is not as described, or the sentence is longer than the
                model takes.
        """
        chunk = self.predict(query.observation)
        self._outlook = chunk.outlook
        return chunk.actions

    def predict(self, seen: Observation) -> ActionChunk:
        """Return what to do next; for the robot's sentence, call `reset` first.

        Args:
            seen: what an environment returns, or as much of it as the model needs.

        Raises:
            PolicyError: if the observation is not as described, or the sentence is longer than the
                model takes.
        """
        if missing := [name for name in self._needed() if name not in seen]:
            raise PolicyError(f"The observation has no {', '.join(missing)}.")
        images = self._images(seen)
        state = torch.from_numpy(np.array(seen["state"], dtype=np.float32)[None])
        try:
            with torch.inference_mode():
                said = [str(seen["instruction"])]
                if self._named is None:
                    self._named = self._model.ground(images, state, said)
                output = self._model(images, state, said, self._named)
                actions = self._model.actions(output, self._generator)
        except InputError as error:
            raise PolicyError(str(error)) from error
        progress, subgoal = output.plan.progress[0], output.plan.subgoal_logits[0].argmax()
        return ActionChunk(actions[0].numpy(), Outlook(progress.item(), int(subgoal.item())))

    def _needed(self) -> list[str]:
        cameras = {view.camera: f"images/{view.camera}" for view in self._model.config.views}
        return [*cameras.values(), "state", "instruction"]

    def _images(self, seen: Observation) -> dict[str, torch.Tensor]:
        """Return what each view shows; the first answer after a reset is to what is told then."""
        images: dict[str, torch.Tensor] = {}
        for view in self._model.config.views:
            kept = self._told.get(view.name)
            images[view.name] = self._image(seen, view.camera) if kept is None else kept
            if view.moment == "told":
                self._told[view.name] = images[view.name]
        return images

    def _image(self, seen: Observation, camera: str) -> torch.Tensor:
        """Return a camera's image as a batch of one.

        Raises:
            PolicyError: if it is of another size than those that the model was trained on.
        """
        image = np.asarray(seen[f"images/{camera}"])
        size = self.description.image_size
        if size and image.shape[:2] != (size, size):
            raise PolicyError(
                f"The image of {camera} is of shape {image.shape}, not ({size}, {size}, 3), as "
                "those that the model was trained on."
            )
        return torch.from_numpy(np.array(image, order="C")[None])
