"""Rates and means of episodes, each with its interval."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from vla_humanoid.data_collection.statistics import wilson_interval
from vla_humanoid.evaluation.episode_result import EpisodeResult

RESAMPLES = 2000


class Rate(TypedDict):
    """A part of some episodes, with its 95 % Wilson interval."""

    episodes: int
    success_rate: float
    wilson95: tuple[float, float]


class Mean(TypedDict):
    """A mean over episodes, with its 95 % interval by the bootstrap."""

    mean: float
    mean95: tuple[float, float]


def success_rate(episodes: Sequence[EpisodeResult]) -> Rate:
    """Return how many of some episodes succeeded; of none, a rate of 0 that may be anything."""
    return rate(sum(one.success for one in episodes), len(episodes))


def rate(count: int, episodes: int) -> Rate:
    """Return a count as a rate."""
    return Rate(
        episodes=episodes,
        success_rate=count / episodes if episodes else 0.0,
        wilson95=wilson_interval(count, episodes),
    )


def mean(values: Sequence[float]) -> Mean:
    """Return the mean of some values, of which there must be one at least.

    The interval holds 95 % of the means of as many values drawn from them (Efron, 1979); the draws
    are the same every time.
    """
    found = np.array(values)
    draws = np.random.default_rng(0).integers(len(found), size=(RESAMPLES, len(found)))
    low, high = np.percentile(found[draws].mean(axis=1), [2.5, 97.5])
    return Mean(mean=float(found.mean()), mean95=(float(low), float(high)))
