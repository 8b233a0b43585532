"""Episodes run one after another here, or side by side in processes of this machine."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from vla_humanoid.data_collection.errors import GenerationError
from vla_humanoid.evaluation.conditions import Job
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.episodes import Evaluator


def run_here(
    config: EvaluationConfig, jobs: Sequence[Job], workers: int
) -> Iterator[EpisodeResult]:
    """Yield the episodes of some jobs as they end.

    Args:
        config: of the evaluation.
        jobs: what to run.
        workers: how many processes; 1 is this one.

    Raises:
        GenerationError: if a process died.
    """
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
