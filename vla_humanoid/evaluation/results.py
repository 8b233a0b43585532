"""What an evaluation found, as plain data: ``results.json``."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict

import numpy as np

from vla_humanoid.data_collection.statistics import wilson_interval
from vla_humanoid.evaluation.curves import (
    accuracies,
    consistencies,
    curves,
    recoveries,
    switches,
    transfer,
)
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.rates import Mean, mean
from vla_humanoid.evaluation.run import Evaluation
from vla_humanoid.schema import POLICY_RATE

RESULTS = "results.json"
FORMAT_VERSION = 1


class Spread(TypedDict):
    """Median, 5th and 95th percentile of a figure."""

    median: float
    p5: float
    p95: float


class Summary(TypedDict):
    """What is known of some episodes. Rates are parts of ``episodes``; see docs/evaluation.md."""

    episodes: int
    success_rate: float
    wilson95: tuple[float, float]
    success_any_rate: float
    following_episodes: int
    following_rate: float | None
    following_wilson95: tuple[float, float]
    falls: int
    failures: dict[str, int]
    interventions: dict[str, int]
    fallbacks: dict[str, int]
    subgoal_rate: float
    seconds: Spread
    least_margin: Spread
    roughness: Spread
    energy: Mean
    stale_action_ratio: float
    effective_control_hz: float
    realtime_factor: float | None
    latency: tuple[float, float, float]
    cpu_seconds: Spread
    peak_memory: float


def following_text(found: Summary) -> str:
    """Say how often only what was named was handled, of the episodes in which anything was."""
    rate = found["following_rate"]
    return "-" if rate is None else f"{rate:.1%} of {found['following_episodes']}"


def summarize(episodes: Sequence[EpisodeResult]) -> Summary:
    """Return what is known of some episodes; there must be one at least.

    ``seconds`` and ``energy`` are of those that succeeded, or of all if none did.
    ``following_rate`` is the part of the episodes in which nothing was handled but what the
    sentence names, of those in which anything was, ``following_episodes``; None where there are
    none.
    """
    count = len(episodes)
    successes = [one for one in episodes if one.success]
    acted = [one for one in episodes if one.acted]
    followed = sum(not one.wrong_object for one in acted)
    stale = float(np.mean([one.stale_action_ratio for one in episodes]))
    paced = [one.realtime_factor for one in episodes if one.realtime_factor is not None]
    latencies = np.array([one.latencies for one in episodes])
    return Summary(
        episodes=count,
        success_rate=len(successes) / count,
        wilson95=wilson_interval(len(successes), count),
        success_any_rate=sum(one.success_any for one in episodes) / count,
        following_episodes=len(acted),
        following_rate=followed / len(acted) if acted else None,
        following_wilson95=wilson_interval(followed, len(acted)),
        falls=sum(one.fallen for one in episodes),
        failures=dict(Counter(one.failure for one in episodes if one.failure).most_common()),
        interventions=_total(one.interventions for one in episodes),
        fallbacks=_total(one.fallbacks for one in episodes),
        subgoal_rate=float(np.mean([one.subgoal / max(one.subgoals, 1) for one in episodes])),
        seconds=_spread([one.seconds for one in successes or episodes]),
        least_margin=_spread([one.least_margin for one in episodes]),
        roughness=_spread([one.roughness for one in episodes]),
        energy=mean([one.energy for one in successes or episodes]),
        stale_action_ratio=stale,
        effective_control_hz=POLICY_RATE * (1.0 - stale),
        realtime_factor=min(paced) if paced else None,
        latency=(
            float(np.median(latencies[:, 0])),
            float(latencies[:, 1].max()),
            float(latencies[:, 2].max()),
        ),
        cpu_seconds=_spread([one.cpu_seconds for one in episodes]),
        peak_memory=max(one.peak_memory for one in episodes),
    )


def write_results(evaluation: Evaluation, output: Path) -> Path:
    """Write ``results.json`` into a folder, and return its path; an earlier one is replaced."""
    content = {
        "format_version": FORMAT_VERSION,
        "vla_humanoid": version("vla-humanoid"),
        "config": evaluation.config.to_json(),
        "tasks": {
            task: summarize([one for one in evaluation.episodes if one.task == task])
            for task in evaluation.tasks
        },
        "all": summarize(evaluation.episodes),
        "curves": curves(evaluation),
        "recovery": recoveries(evaluation),
        "paraphrase": consistencies(evaluation),
        "accuracy": accuracies(evaluation),
        "switch": switches(evaluation),
        "transfer": transfer(evaluation),
    }
    path = output / RESULTS
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content, indent=2) + "\n")
    draft.replace(path)
    return path


def _total(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total = Counter[str]()
    for part in parts:
        total.update(part)
    return dict(total.most_common())


def _spread(values: Sequence[float]) -> Spread:
    low, median, high = np.percentile(values, [5, 50, 95])
    return Spread(median=float(median), p5=float(low), p95=float(high))
