"""Episodes that nobody has run."""

import json
from dataclasses import replace
from pathlib import Path

from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.run import JOURNAL

SUCCESS = EpisodeResult(
    task="Sort",
    seed=0,
    instruction="lift it",
    told="lift it",
    success=True,
    success_any=True,
    failure="",
    steps=100,
    seconds=5.0,
    wrong_object=False,
    acted=True,
    subgoal=2,
    subgoals=2,
    fallen=False,
    least_margin=0.05,
    interventions={},
    fallbacks={},
    stale_action_ratio=0.0,
    roughness=0.01,
    latencies=(0.0, 0.0, 0.0),
    cpu_seconds=1.0,
    peak_memory=100.0,
)


def made(task: str, seed: int, success: bool = True, condition: str = "") -> EpisodeResult:
    """Make an episode."""
    one = replace(SUCCESS, task=task, seed=seed, condition=condition)
    if success:
        return one
    return replace(one, success=False, success_any=False, failure="timeout", subgoal=1)


def folder(path: Path, successes: dict[str, str], policy: str = "expert") -> Path:
    """Write a journal: for each task, a letter for each seed, + or -."""
    path.mkdir()
    lines = [json.dumps(EvaluationConfig(policy).to_json())]
    for task, row in successes.items():
        lines += [made(task, seed, it == "+").to_json() for seed, it in enumerate(row)]
    (path / JOURNAL).write_text("".join(f"{line}\n" for line in lines))
    return path
