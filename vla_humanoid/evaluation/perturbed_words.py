"""Axis language: sentences as people say and type them."""

from dataclasses import dataclass

import numpy as np

from vla_humanoid.data_collection.environment import Observation
from vla_humanoid.envs.episode import Episode
from vla_humanoid.evaluation.perturbed_numbers import stream
from vla_humanoid.evaluation.telling import Reworded

_FILLERS = ("uh, ok, ", "so, um, ", "hey robot, ", "well, you know, ")
_ASIDES = (
    "It has been raining all morning. ",
    "My sister comes to visit at noon. ",
    "The kettle in the kitchen is on. ",
    "I forgot my keys again today. ",
)
SHORTEST_TYPO = 4
"""Letters of the shortest word that is misspelt."""


@dataclass(frozen=True)
class Speech:
    """How a sentence is spoiled.

    Args:
        is_sloppy: whether it begins with a filler, in lower case, without punctuation.
        typos: part of the longer words in which two letters change places.
        has_aside: whether something beside the point comes first.
    """

    is_sloppy: bool = False
    typos: float = 0.0
    has_aside: bool = False


SPEECH = (
    Speech(),
    Speech(is_sloppy=True),
    Speech(is_sloppy=True, typos=0.25),
    Speech(is_sloppy=True, typos=0.25, has_aside=True),
    Speech(is_sloppy=True, typos=0.75, has_aside=True),
)
"""By level, of a sentence that is another wording from the first level on."""


class Mumbled:
    """The instruction in other words, and those spoiled.

    Args:
        level: from 1 to 5.
    """

    def __init__(self, level: int) -> None:
        self._reworded, self._speech = Reworded(1), SPEECH[level - 1]

    def begin(self, episode: Episode) -> None:
        """Prepare for an episode."""
        self._reworded.begin(episode)
        self._seed = episode.seed

    def change(self, observation: Observation) -> Observation:
        """Return the observation with the spoiled sentence; the same one is spoiled the same."""
        changed = self._reworded.change(observation)
        said = spoiled(str(changed["instruction"]), self._speech, stream(self._seed, "language"))
        return {**changed, "instruction": said}


def spoiled(sentence: str, speech: Speech, rng: np.random.Generator) -> str:
    """Return a sentence as it might have been said in a hurry."""
    filler, aside = (str(rng.choice(choices)) for choices in (_FILLERS, _ASIDES))
    if speech.is_sloppy:
        sentence = filler + "".join(one for one in sentence.lower() if one not in ".,;:!?'\"")
    draws = rng.random((len(sentence.split()), 2))
    words = [
        _misspelt(word, float(where)) if whether < speech.typos else word
        for word, (whether, where) in zip(sentence.split(), draws, strict=True)
    ]
    return (aside if speech.has_aside else "") + " ".join(words)


def _misspelt(word: str, where: float) -> str:
    """Return a word with two neighbouring letters swapped, but the first one."""
    if len(word) < SHORTEST_TYPO:
        return word
    first = 1 + int(where * (len(word) - 2))
    return word[:first] + word[first + 1] + word[first] + word[first + 2 :]
