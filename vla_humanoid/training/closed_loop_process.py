"""The processes that `closed_loop` starts: they run episodes and write what came of them."""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.episodes import Evaluator


def rates(episodes: Sequence[EpisodeResult]) -> dict[str, float]:
    """Return rates of success and of following the sentence, over all episodes and by task.

    Following is told of episodes in which anything was handled; where there are none, it is not.
    """
    groups = {"": list(episodes)}
    for one in episodes:
        groups.setdefault(f"{one.task}/", []).append(one)
    found: dict[str, float] = {}
    for name, group in groups.items():
        found[f"{name}success_rate"] = sum(one.success for one in group) / len(group)
        acted = [one for one in group if one.acted]
        if acted:
            right = sum(not one.wrong_object for one in acted)
            found[f"{name}following_rate"] = right / len(acted)
    return found


def run(config: EvaluationConfig, jobs: Sequence[tuple[str, int]]) -> list[EpisodeResult]:
    """Run episodes, each given by its task and its seed."""
    evaluator = Evaluator(config)
    try:
        return [evaluator.run(task, seed) for task, seed in jobs]
    finally:
        evaluator.close()


def main(told: str, first_seed: int, output: Path) -> None:
    """Run an evaluation.

    Args:
        told: JSON of configuration, tasks, episodes of each and processes.
        first_seed: of each task.
        output: file for what was found.
    """
    content, tasks, episodes, workers = json.loads(told)
    content |= {name: tuple(content[name]) for name in ("randomization", "language")}
    config = EvaluationConfig(**content)
    jobs = [(task, first_seed + number) for task in tasks for number in range(episodes)]
    parts = [jobs[number::workers] for number in range(min(workers, len(jobs)))]
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(run, config, part) for part in parts]
        found = [one for future in futures for one in future.result()]
    found.sort(key=lambda one: (one.task, one.seed))
    lines = [
        {"task": one.task, "seed": one.seed, "told": one.told, "success": one.success}
        | {"wrong_object": one.wrong_object, "failure": one.failure, "steps": one.steps}
        for one in found
    ]
    output.write_text(json.dumps({"rates": rates(found), "episodes": lines}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
