"""Which episodes are wanted, out of a dataset file."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.errors import ConfigurationError


@dataclass(frozen=True)
class Criteria:
    """What must be true of an episode; all that is given must be.

    Args:
        tasks: it is of one of these tasks; any if there are none.
        success: whether it succeeded.
        seeds: smallest and largest seed.
        steps: smallest and largest number of steps.
        sentence: regular expression that its instruction contains, whatever the case.
        subgoal: regular expression that the words of a sub-goal that was reached contain.
        min_support_margin: the support margin is never smaller [m].
        mask: it is in this mask.

    Raises:
        ConfigurationError: if one of them cannot be met by any episode, or is no expression.
    """

    tasks: tuple[str, ...] = ()
    success: bool | None = None
    seeds: tuple[int, int] | None = None
    steps: tuple[int, int] | None = None
    sentence: str | None = None
    subgoal: str | None = None
    min_support_margin: float | None = None
    mask: str | None = None

    def __post_init__(self) -> None:
        for option, bounds in (("--seeds", self.seeds), ("--steps", self.steps)):
            if bounds is not None and bounds[0] > bounds[1]:
                raise ConfigurationError(
                    f"{option} {bounds[0]} {bounds[1]} is empty; name the smaller number first."
                )
        for option, text in (("--sentence", self.sentence), ("--subgoal", self.subgoal)):
            try:
                re.compile(text or "")
            except re.error as error:
                raise ConfigurationError(
                    f"{option} {text!r} is no regular expression: {error}."
                ) from error

    def objection(self, demo: Demo, masks: Sequence[str]) -> str | None:
        """Return the option that an episode does not meet, the cheapest to tell first; or None.

        Args:
            demo: the episode.
            masks: that it is in.

        Raises:
            DatasetError: if what is asked for is not on record.
        """
        if self.mask is not None and self.mask not in masks:
            return "--mask"
        if self.tasks and demo.text("task") not in self.tasks:
            return "--task"
        if self.success is not None and demo.success != self.success:
            return "--success"
        if self.seeds is not None and not self.seeds[0] <= demo.seed <= self.seeds[1]:
            return "--seeds"
        if self.steps is not None and not self.steps[0] <= demo.steps <= self.steps[1]:
            return "--steps"
        if self.sentence is not None and not _contains(self.sentence, demo.text("instruction")):
            return "--sentence"
        if self.subgoal is not None and not any(
            _contains(self.subgoal, name) for name in reached_subgoals(demo)
        ):
            return "--subgoal"
        if self.min_support_margin is not None and smallest_margin(demo) < self.min_support_margin:
            return "--min-support-margin"
        return None

    def as_json(self) -> dict[str, object]:
        """Return what was asked for."""
        given = {name: value for name, value in vars(self).items() if value not in (None, ())}
        return json.loads(json.dumps(given))


def reached_subgoals(demo: Demo) -> tuple[str, ...]:
    """Return the sub-goals that an episode got beyond, in words.

    Raises:
        DatasetError: if they are not on record.
    """
    names = demo.json_texts("subgoals")
    if demo.success:
        return names
    worked_on = demo.array(layout.SUBGOAL).astype(np.int64)
    return names[: int(worked_on.max(initial=0))]


def smallest_margin(demo: Demo) -> float:
    """Return the smallest support margin of an episode [m]; one that is no number counts as less.

    Raises:
        DatasetError: if it is not on record.
    """
    margins = demo.array(f"{layout.BALANCE}/support_margin").astype(np.float64)
    return float(np.nan_to_num(margins, nan=-np.inf).min(initial=np.inf))


def _contains(expression: str, text: str) -> bool:
    return re.search(expression, text, re.IGNORECASE) is not None
