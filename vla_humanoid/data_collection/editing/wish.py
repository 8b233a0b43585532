"""What is asked of a relabelling, and what it has come to."""

from dataclasses import dataclass

import numpy as np

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.tasks.core.forms import FORMS
from vla_humanoid.tasks.core.splits import check_split

CORRECTION = "correction"
"""The form in which the robot is told something else in mid-episode: it cannot be added later."""


@dataclass(frozen=True)
class Wish:
    """How episodes are to be told.

    Args:
        paraphrases: sentences that each episode gets in place of its paraphrases; 0 leaves them.
        copies: further episodes of each, told one of its paraphrases instead.
        counterfactuals: whether an episode is told as other goals that it fulfils as well.
        languages: forms of language in which an episode is told as goals that it fulfils.
        split: whose templates sentences are made from; None for that of the episode. If it is
            given, instructions are drawn again as well.
        at_most: further episodes of each for counterfactuals, and for each form of language.
        seed: of all draws.

    Raises:
        ConfigurationError: if it asks for nothing, or for something that there is not.
    """

    paraphrases: int = 0
    copies: int = 0
    counterfactuals: bool = False
    languages: tuple[str, ...] = ()
    split: str | None = None
    at_most: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        counts = {"--paraphrases": self.paraphrases, "--copies": self.copies, "--seed": self.seed}
        for option, value in counts.items():
            if value < 0:
                raise ConfigurationError(f"{option} must not be negative, but is {value}.")
        if self.at_most < 1:
            raise ConfigurationError(f"--at-most must be at least 1, not {self.at_most}.")
        there = tuple(form for form in FORMS if form != CORRECTION)
        if unknown := [form for form in self.languages if form not in there]:
            raise ConfigurationError(
                f"Episodes cannot be told as a {', '.join(unknown)} afterwards; choose some of "
                f"{', '.join(there)}."
            )
        if self.split is not None:
            try:
                check_split(self.split)
            except ValueError as error:
                raise ConfigurationError(str(error)) from error
        added = self.copies or self.counterfactuals or self.languages
        if not (added or self.paraphrases or self.split):
            raise ConfigurationError(
                "Ask for something: --paraphrases, --copies, --counterfactuals, --language or "
                "--split."
            )

    def rng(self, *purpose: int) -> np.random.Generator:
        """Return a generator for a purpose."""
        return np.random.default_rng([self.seed, *purpose])


@dataclass(frozen=True)
class Relabelled:
    """What a relabelling has come to, in numbers of episodes.

    Args:
        recorded: that were there.
        reworded: of these, with other words for the same.
        copies: added, told a paraphrase.
        counterfactuals: added, told another goal that they fulfil.
        languages: added, told in another form of language.
        kept: of those recorded, left in their own words: they are corrected in mid-episode.
    """

    recorded: int = 0
    reworded: int = 0
    copies: int = 0
    counterfactuals: int = 0
    languages: int = 0
    kept: int = 0

    def __add__(self, other: "Relabelled") -> "Relabelled":
        return Relabelled(*(one + two for one, two in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> tuple[int, ...]:
        return tuple(vars(self).values())
