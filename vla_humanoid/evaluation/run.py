"""Runs a whole evaluation, here or on a cluster, and goes on with one that was interrupted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.cluster.requirement import require_ray
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.evaluation.conditions import AS_IT_IS, Condition, Job
from vla_humanoid.evaluation.config import EvaluationConfig, seeds
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.journal import Journal
from vla_humanoid.evaluation.processes import run_here
from vla_humanoid.evaluation.replayed import REPLAY, RecordedEpisodes
from vla_humanoid.tasks import load_task

JOURNAL = "episodes.jsonl"
"""Name of the journal within the output."""

OnEpisode = Callable[[EpisodeResult, int, int], None]
"""Told of every episode that ends, with how many are over and how many there will be."""


@dataclass(frozen=True)
class Evaluation:
    """What has been evaluated.

    Args:
        config: what the episodes share.
        tasks: names, in alphabetical order.
        episodes: as their seeds say, by task, then seed.
        varied: the same under conditions, by task, then condition, then seed.
    """

    config: EvaluationConfig
    tasks: tuple[str, ...]
    episodes: tuple[EpisodeResult, ...]
    varied: tuple[EpisodeResult, ...] = ()


def evaluate(
    config: EvaluationConfig,
    tasks: Sequence[str],
    episodes: int,
    output: Path,
    *,
    conditions: Sequence[Condition] = (),
    workers: int = 1,
    ray: str | None = None,
    only_seed: int | None = None,
    on_episode: OnEpisode | None = None,
) -> Evaluation:
    """Run the episodes of some tasks that the journal in the output lacks.

    Args:
        config: what they share.
        tasks: names.
        episodes: how many of each.
        output: folder; its journal is gone on with.
        conditions: under which each episode is run again.
        workers: processes; the results are the same for any number.
        ray: address of a Ray cluster whose nodes the workers are on, or "auto"; None for here.
        only_seed: of the one episode that is run instead of all.
        on_episode: told of every episode that ends.

    Raises:
        ConfigurationError: if a task or the policy is unknown, or they do not fit.
        JournalError: if the output is that of another evaluation.
        GenerationError: if a worker died; the same command goes on.
    """
    if only_seed is not None and only_seed < 0:
        raise ConfigurationError(f"A seed is not negative, as {only_seed} is.")
    names = tuple(sorted(set(tasks)))
    for name in names:
        try:
            load_task(name)
        except ValueError as error:
            raise ConfigurationError(str(error)) from error
    wanted = [
        Job(name, seed, condition)
        for name in names
        for condition in (AS_IT_IS, *conditions)
        for seed in (_seeds(config, name, episodes) if only_seed is None else (only_seed,))
    ]
    journal = Journal(output / JOURNAL, config)
    done = {one.job for one in journal.episodes}
    missing = [one for one in wanted if one not in done]
    before = len(wanted) - len(missing)
    found = _run(config, missing, workers, ray, output)
    for count, one in enumerate(journal.append(found), 1):
        if on_episode is not None:
            on_episode(one, before + count, len(wanted))
    by_job = {one.job: one for one in journal.episodes}
    plain, varied = (
        tuple(by_job[job] for job in wanted if (job.condition == AS_IT_IS) is as_it_is)
        for as_it_is in (True, False)
    )
    return Evaluation(config, names, plain, varied)


def _seeds(config: EvaluationConfig, task: str, episodes: int) -> Sequence[int]:
    """Return the seeds of a task: the same for every policy but what was recorded."""
    if not config.policy.startswith(REPLAY):
        return seeds(episodes)
    return RecordedEpisodes(Path(config.policy.removeprefix(REPLAY))).seeds(task)[:episodes]


def _run(
    config: EvaluationConfig, jobs: Sequence[Job], workers: int, ray: str | None, output: Path
) -> Iterator[EpisodeResult]:
    """Yield the episodes of some jobs as they end."""
    if not jobs:
        return
    if ray is None:
        yield from run_here(config, jobs, workers)
    else:
        require_ray()
        from vla_humanoid.evaluation.cluster import run_on_cluster

        yield from run_on_cluster(config, jobs, workers, ray, output)
