"""Episodes run by the nodes of a Ray cluster; this process keeps the journal.

Nodes need no common folder. They need whatever the policy is made of: a server that they reach, or
a file or folder that is in the same place on each.
"""

import os
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.cluster.actor_pool import ActorPool, Work
from vla_humanoid.data_collection.cluster.member import Joined
from vla_humanoid.data_collection.errors import CollectionError
from vla_humanoid.data_collection.run_config import describe_run
from vla_humanoid.data_collection.worker import Crashed, Failed
from vla_humanoid.data_collection.worker_pool import THREAD_VARIABLES
from vla_humanoid.evaluation.conditions import Job
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.sims.graphics import GraphicsUnavailable


@dataclass(frozen=True)
class Order:
    """What every node is given.

    Args:
        config: of the evaluation.
        jobs: all episodes that are to be run.
    """

    config: EvaluationConfig
    jobs: tuple[Job, ...]


class EvaluationMember:
    """Runs episodes on some node; errors are returned, so that what is raised is the cluster's.

    Args:
        order: what there is to do.
    """

    def __init__(self, order: Order) -> None:
        self._order = order

    def place(self) -> str:
        """Return the name of this machine: there is one that has room."""
        return os.uname().nodename

    def join(self) -> Joined | Failed | Crashed:
        """Make the policy and an environment, and say with what they were made."""
        os.environ |= dict.fromkeys(THREAD_VARIABLES, "1")
        config = self._order.config
        try:
            self._evaluator = Evaluator(config)
            world = self._evaluator.world(self._order.jobs[0].task)
            return Joined(describe_run(world, config.engine))
        except (CollectionError, GraphicsUnavailable, ImportError, OSError) as error:
            return Failed(f"The evaluation does not start on {os.uname().nodename}: {error}")
        except Exception as error:  # Whatever it is, the one who asked must know.
            return _crashed(error)

    def attempt(self, number: int) -> EpisodeResult | Failed | Crashed:
        """Run the episode of a job."""
        job = self._order.jobs[number]
        try:
            return self._evaluator.run(job.task, job.seed, condition=job.condition)
        except CollectionError as error:
            return Failed(str(error))
        except Exception as error:  # As above.
            return _crashed(error)


def run_on_cluster(
    config: EvaluationConfig, jobs: Sequence[Job], workers: int, address: str, output: Path
) -> Iterator[EpisodeResult]:
    """Yield the episodes of some jobs as they end; those of a node that goes away are run anew.

    Args:
        config: of the evaluation.
        jobs: what to run; one at least.
        workers: how many episodes at once, each on one CPU.
        address: of the cluster, or "auto".
        output: folder that a traceback goes to, if it comes to that.

    Raises:
        ConfigurationError: if there is no such cluster, or the evaluation does not start there.
        GenerationError: if the cluster is lost, or its nodes differ.
    """

    def keep(episode: EpisodeResult) -> EpisodeResult:
        return episode

    def name(number: int) -> str:
        return f"{jobs[number].task}, seed {jobs[number].seed}"

    order = Order(config, tuple(jobs))
    work = Work(EvaluationMember, order, keep, name, output / "error.log")
    left = dict(enumerate(jobs))
    numbers = {job: number for number, job in left.items()}
    with ActorPool(work, min(workers, len(jobs)), address) as pool:
        while left:
            waiting = (number for number in left if number not in pool.in_flight)
            while pool.has_idle and (number := next(waiting, None)) is not None:
                pool.assign(number)
            for episode in pool.wait():
                del left[numbers[episode.job]]
                yield episode


def _crashed(error: Exception) -> Crashed:
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    return Crashed(f"{reason} (on {os.uname().nodename})", traceback.format_exc())
