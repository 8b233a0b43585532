"""Weights to start from: those of another run, with rows for words that are new."""

from dataclasses import replace
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.description import Description, DescriptionError, require_same
from vla_humanoid.policies.checkpoint import CheckpointError, from_pretrained
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.text.registry import text_kind
from vla_humanoid.training.model_making import make_model, seen_by, sentences

EMBEDDING = "model.text.embedding.weight"
"""A row for each word of the vocabulary; new words are appended."""


def continued_model(
    checkpoint: Path, description: Description, dataset: Dataset, seed: int
) -> PolicyModel:
    """Return a model of a checkpoint's composition and weights that knows a dataset's words, too.

    States and actions stay standardized as they were: what the model does with the words that it
    knew does not change.

    Args:
        checkpoint: its folder.
        description: of what the model is to see and do.
        dataset: whose words it is to know.
        seed: of the rows of words that are new.

    Raises:
        ConfigurationError: if the checkpoint cannot be read, or sees or does something else; every
            difference is named.
    """
    try:
        old, _ = from_pretrained(checkpoint)
        require_same(seen_by(old.config, description), old.description, str(checkpoint))
    except (CheckpointError, DescriptionError) as error:
        raise ConfigurationError(str(error)) from error
    known = old.config.vocabulary
    new = text_kind(old.config.text).vocabulary(sentences(dataset))
    words = (*known, *(word for word in new if word not in known))
    model = make_model(
        replace(old.config, vocabulary=words),
        replace(old.description, tasks=description.tasks),
        dataset,
        seed,
    )
    weights = old.state_dict()
    if words != known:
        embedding = model.state_dict()[EMBEDDING].clone()
        embedding[: len(known)] = weights[EMBEDDING]
        weights[EMBEDDING] = embedding
    model.load_state_dict(weights)
    return model
