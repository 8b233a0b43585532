"""Runs a whole evaluation, in several processes, and goes on with one that was interrupted."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError, GenerationError
from vla_humanoid.evaluation.conditions import AS_IT_IS, Condition, Job
from vla_humanoid.evaluation.config import EvaluationConfig, seeds
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.evaluation.journal import Journal
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
    chosen = seeds(episodes) if only_seed is None else (only_seed,)
    wanted = [
        Job(name, seed, condition)
        for name in names
        for condition in (AS_IT_IS, *conditions)
        for seed in chosen
    ]
    journal = Journal(output / JOURNAL, config)
    done = {one.job for one in journal.episodes}
    missing = [one for one in wanted if one not in done]
    before = len(wanted) - len(missing)
    for count, one in enumerate(journal.append(_run(config, missing, workers)), 1):
        if on_episode is not None:
            on_episode(one, before + count, len(wanted))
    by_job = {one.job: one for one in journal.episodes}
    plain, varied = (
        tuple(by_job[job] for job in wanted if (job.condition == AS_IT_IS) is as_it_is)
        for as_it_is in (True, False)
    )
    return Evaluation(config, names, plain, varied)


def _run(config: EvaluationConfig, jobs: Sequence[Job], workers: int) -> Iterator[EpisodeResult]:
    """Yield the episodes of some jobs as they end."""
    if not jobs:
        return
    if workers == 1:
        evaluator = Evaluator(config)
        try:
            yield from (_run_job(evaluator, job) for job in jobs)
        finally:
            evaluator.close()
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(config,)
    )
    try:
        yield from _completed(pool, jobs, workers)
    except BrokenProcessPool as error:
        raise GenerationError(
            "A process died, for want of memory perhaps. The same command goes on."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _completed(
    pool: ProcessPoolExecutor, jobs: Sequence[Job], workers: int
) -> Iterator[EpisodeResult]:
    """Yield results as they come, with few jobs waiting: an interruption ends soon."""
    left, running = iter(jobs), set[Future[EpisodeResult]]()
    while True:
        while len(running) < 2 * workers and (job := next(left, None)) is not None:
            running.add(pool.submit(_run_one, job))
        if not running:
            return
        finished, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in finished)


_evaluator: list[Evaluator] = []
"""That of a worker's process."""


def _begin(config: EvaluationConfig) -> None:
    _evaluator.append(Evaluator(config))


def _run_one(job: Job) -> EpisodeResult:
    return _run_job(_evaluator[0], job)


def _run_job(evaluator: Evaluator, job: Job) -> EpisodeResult:
    return evaluator.run(job.task, job.seed, condition=job.condition)
