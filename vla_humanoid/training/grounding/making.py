"""A new grounding network that fits some scenes."""

from collections.abc import Iterable

import numpy as np
import torch

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.policies.errors import InputError
from vla_humanoid.policies.grounding.config import NOTHING, GroundingConfig
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.standardization import Standardization
from vla_humanoid.policies.text.tokenizer import vocabulary
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.training.grounding.scenes import KnownScene, Scenes

VIEW = CameraInput("head", 168, 224, top=0.25, moment="told")
"""That is pointed into; the upper quarter shows the wall."""
MENTIONS = 2


def make_grounder(scenes: Scenes, seed: int, *, hears: bool = True) -> Grounder:
    """Return a network with weights that follow from a seed, standardized by scenes.

    Args:
        scenes: that it is trained on.
        seed: of the weights.
        hears: whether it is told the sentences; see `GroundingConfig`.

    Raises:
        ConfigurationError: if a sentence is too long.
    """
    known = scenes.train
    whole = (*known, *scenes.held_back)
    kinds = {one.kind for scene in whole for meaning in scene.meanings for one in meaning.mentions}
    said = (text for scene in known for meaning in scene.meanings for text in meaning.sentences)
    config = GroundingConfig(
        view=VIEW,
        state=posture(scenes.state_names),
        tasks=scenes.tasks,
        kinds=(NOTHING, *sorted(kinds - {NOTHING})),
        vocabulary=vocabulary(said),
        mentions=MENTIONS,
        hears=hears,
    )
    torch.manual_seed(seed)
    felt = [scenes.state_names.index(name) for name in config.state]
    grounder = Grounder(
        config,
        _standardization(np.stack([scene.state[felt] for scene in known])),
        _standardization(_positions(known)),
        _standardization(np.stack([scene.camera for scene in known])),
    )
    for weight in grounder.parameters():
        if weight.dim() == 4:  # Of convolutions, which are faster so on a CPU.
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    _require_sayable(grounder, whole)
    return grounder


def _require_sayable(grounder: Grounder, scenes: Iterable[KnownScene]) -> None:
    said = {text for scene in scenes for meaning in scene.meanings for text in meaning.sentences}
    try:
        grounder.require_sentences(sorted(said))
    except InputError as error:
        raise ConfigurationError(f"In the scenes: {error}") from error


def posture(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the entries of the state that tell where the head is; fingers and forces do not."""
    unwanted = ("velocity", "foot_force", "hand", "grip_command")
    return tuple(name for name in names if not any(part in name for part in unwanted))


def _positions(scenes: list[KnownScene]) -> np.ndarray:
    return np.stack(
        [
            one.position
            for scene in scenes
            for meaning in scene.meanings
            for one in meaning.mentions
            if one.kind != NOTHING
        ]
    )


def _standardization(rows: np.ndarray) -> Standardization:
    return Standardization(rows.mean(axis=0).tolist(), rows.std(axis=0).tolist())
