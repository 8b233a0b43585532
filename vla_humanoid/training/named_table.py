"""What sentences mean in the episodes of a dataset, looked up by sample."""

from collections.abc import Sequence

import torch

from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.data_collection.reading.episode import Episode
from vla_humanoid.policies.policy_model import PolicyModel


class NamedTable:
    """Lets a model's grounding network look at every moment when a robot was told something.

    Its weights stay, and so does what it says: it is asked once, not for every sample.

    Args:
        dataset: whose samples are looked up.
        model: with a grounding network.
    """

    def __init__(self, dataset: Dataset, model: PolicyModel) -> None:
        self._numbers: dict[tuple[int, str, str], int] = {}
        found: list[torch.Tensor] = []
        for file, episodes in enumerate(dataset.episodes_by_file()):
            for episode in episodes:
                for sentence, meant in _grounded(episode, model):
                    self._numbers[file, episode.name, sentence] = len(found)
                    found.append(meant)
        self._rows = torch.stack(found)

    def __call__(
        self, files: Sequence[int], episodes: Sequence[str], sentences: Sequence[str]
    ) -> torch.Tensor:
        """Return what the sentences of samples mean, shape (B, F)."""
        keys = zip(files, episodes, sentences, strict=True)
        return self._rows[[self._numbers[key] for key in keys]]


def named_table(dataset: Dataset, model: PolicyModel) -> NamedTable | None:
    """Return what sentences mean in a dataset; None if the model has no grounding network."""
    return None if model.grounder is None else NamedTable(dataset, model)


def _grounded(episode: Episode, model: PolicyModel) -> list[tuple[str, torch.Tensor]]:
    """Return all that may be said in an episode, and what is meant by it."""
    found: list[tuple[str, torch.Tensor]] = []
    grounding = model.config.grounding
    if grounding is None:
        return found
    for told, step in enumerate(episode.words.told_at):
        sentences = episode.words.sentences(told)
        image = torch.from_numpy(episode.image(grounding.view.camera, step))[None]
        state = torch.from_numpy(episode.state[step])[None]
        meant = model.ground({grounding.view.name: image}, state, sentences)
        if meant is not None:
            found += zip(sentences, meant, strict=True)
    return found
