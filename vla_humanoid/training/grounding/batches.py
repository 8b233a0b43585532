"""Batches of pictures with sentences, and what is meant by them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.training.grounding.scenes import KnownScene, Scenes
from vla_humanoid.training.grounding.targets import Meaning, Mention


@dataclass(frozen=True)
class Asked:
    """What a network is shown and asked.

    Args:
        images: uint8, shape (P, H, W, 3).
        state: the entries that it feels, shape (P, S).
        sentences: as many for each picture, those of a picture one after the other.
    """

    images: torch.Tensor
    state: torch.Tensor
    sentences: list[str]


@dataclass(frozen=True)
class Answer:
    """What is right, for B sentences that name N things at most, and P pictures.

    Args:
        cells: where each thing is in the map, in cells from the left and the top, (B, N, 2).
        in_view: whether it is in the map, shape (B, N).
        named: whether the sentence makes the mention, shape (B, N).
        position: in the frame of the pelvis [m], shape (B, N, 3).
        angles: as in `Grounded`, shape (B, N, 6).
        kinds: index of each thing's kind, shape (B, N).
        tasks: index of the task, shape (B,).
        camera: see `camera_numbers`, shape (P, 13).
    """

    cells: torch.Tensor
    in_view: torch.Tensor
    named: torch.Tensor
    position: torch.Tensor
    angles: torch.Tensor
    kinds: torch.Tensor
    tasks: torch.Tensor
    camera: torch.Tensor


class Questions:
    """Makes batches of scenes.

    Args:
        scenes: that they are of.
        config: of the network.
    """

    def __init__(self, scenes: Scenes, config: GroundingConfig) -> None:
        self._scenes, self._config = scenes, config
        self._felt = [scenes.state_names.index(name) for name in config.state]

    def drawn(
        self, scenes: Sequence[KnownScene], each: int, draw: random.Random
    ) -> tuple[Asked, Answer]:
        """Return some scenes with sentences that are drawn.

        Args:
            scenes: whose pictures are shown.
            each: sentences for each picture.
            draw: of the goals, and of the words for them.
        """
        meant = [draw.choices(scene.meanings, k=each) for scene in scenes]
        said = [[draw.choice(meaning.sentences) for meaning in some] for some in meant]
        return self._batch(scenes, meant, said)

    def first(self, scenes: Sequence[KnownScene]) -> tuple[Asked, Answer]:
        """Return scenes with the sentence that each episode begins with."""
        meant = [[scene.meanings[0]] for scene in scenes]
        said = [[scene.meanings[0].sentences[0]] for scene in scenes]
        return self._batch(scenes, meant, said)

    def _batch(
        self,
        scenes: Sequence[KnownScene],
        meant: Sequence[Sequence[Meaning]],
        said: Sequence[Sequence[str]],
    ) -> tuple[Asked, Answer]:
        state = np.stack([scene.state[self._felt] for scene in scenes])
        sentences = [one for some in said for one in some]
        asked = Asked(self._scenes.pictures(scenes), torch.from_numpy(state), sentences)
        mentions = [meaning.mentions for some in meant for meaning in some]
        tasks = [
            self._config.tasks.index(scene.task)
            for scene, some in zip(scenes, meant, strict=True)
            for _ in some
        ]
        camera = np.stack([scene.camera for scene in scenes])
        return asked, self._answer(mentions, tasks, camera)

    def _answer(
        self,
        mentions: Sequence[Sequence[Mention]],
        tasks: Sequence[int],
        camera: np.ndarray,
    ) -> Answer:
        config = self._config
        size = np.array([config.columns, config.rows])
        places = [[one.place or (0.5, 0.5) for one in some] for some in mentions]
        kinds = [[config.kinds.index(one.kind) for one in some] for some in mentions]
        index = torch.tensor(kinds)
        return Answer(
            _float(np.array(places) * size),
            torch.tensor([[one.place is not None for one in some] for some in mentions]),
            index > 0,
            _float(np.array([[one.position for one in some] for some in mentions])),
            _float(np.array([[one.angles for one in some] for some in mentions])),
            index,
            torch.tensor(tasks),
            _float(camera),
        )


def _float(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(values.astype(np.float32))
