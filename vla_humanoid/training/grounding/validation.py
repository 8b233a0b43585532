"""How well a grounding network finds what is named, on scenes that were held back."""

from collections.abc import Sequence

import numpy as np
import torch

from vla_humanoid.policies.grounding.grounded import Grounded
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.training.grounding.batches import Answer, Questions
from vla_humanoid.training.grounding.scenes import KnownScene

_AT_ONCE = 50


def validate(
    grounder: Grounder, questions: Questions, scenes: Sequence[KnownScene]
) -> dict[str, float]:
    """Return figures for each mention: share of scenes in which the right thing is pointed at.

    The right thing is the named one, if of all that the scene's goals name in its stead it is the
    nearest to where the network points; scenes with a choice alone count. Besides, the median and
    the 90th percentile of the distance to where it says that the thing is [cm], and the share of
    kinds and of tasks that are told right.
    """
    found = [_judged(grounder, questions, scenes[start : start + _AT_ONCE])
             for start in range(0, len(scenes), _AT_ONCE)]  # fmt: skip
    figures: dict[str, float] = {}
    for mention in range(grounder.config.mentions):
        for name, values in _figures(mention, found).items():
            if len(values):
                figures[name] = float(values.mean())
        distances = np.concatenate([one[f"distance_{mention + 1}"] for one in found])
        if len(distances):
            figures[f"median_cm_{mention + 1}"] = float(np.median(distances))
            figures[f"p90_cm_{mention + 1}"] = float(np.quantile(distances, 0.9))
    figures["tasks_right"] = float(np.concatenate([one["tasks_right"] for one in found]).mean())
    return figures


def _figures(mention: int, found: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    names = (f"pointed_{mention + 1}", f"kinds_right_{mention + 1}")
    return {name: np.concatenate([one[name] for one in found]) for name in names}


def _judged(
    grounder: Grounder, questions: Questions, scenes: Sequence[KnownScene]
) -> dict[str, np.ndarray]:
    asked, answer = questions.first(scenes)
    with torch.inference_mode():
        found = grounder(asked.images, asked.state, asked.sentences)
    away = 100.0 * (grounder.position.inverse(found.position) - answer.position).norm(dim=-1)
    kinds = found.kind_logits.argmax(dim=-1) == answer.kinds
    result = {"tasks_right": (found.task_logits.argmax(dim=-1) == answer.tasks).numpy()}
    for mention in range(grounder.config.mentions):
        named = answer.named[:, mention]
        result[f"distance_{mention + 1}"] = away[named, mention].numpy()
        result[f"kinds_right_{mention + 1}"] = kinds[named, mention].numpy()
        result[f"pointed_{mention + 1}"] = _pointed(grounder, scenes, found, answer, mention)
    return result


def _pointed(
    grounder: Grounder,
    scenes: Sequence[KnownScene],
    found: Grounded,
    answer: Answer,
    mention: int,
) -> np.ndarray:
    """Return whether the named thing is the nearest to the likeliest cell, for each choice."""
    size = np.array([grounder.config.columns, grounder.config.rows])
    likeliest = grounder.network.middles[found.cell_logits[:, mention].argmax(dim=-1)].numpy()
    right: list[bool] = []
    for index, scene in enumerate(scenes):
        if not bool(answer.named[index, mention] & answer.in_view[index, mention]):
            continue
        places = {meaning.mentions[mention].place for meaning in scene.meanings} - {None}
        if len(places) > 1:
            nearest = min(
                places, key=lambda place: np.linalg.norm(np.array(place) * size - likeliest[index])
            )
            right.append(nearest == scene.meanings[0].mentions[mention].place)
    return np.array(right, dtype=np.float64)
