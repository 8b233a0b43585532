"""Attempts carried out by the nodes of a Ray cluster; this process keeps what they deliver.

Nodes need no common folder: an episode comes back as the bytes of its file.
"""

from typing import TypeAlias

from vla_humanoid.data_collection.attempts import AttemptResult, PartsFolder, attempt_seed
from vla_humanoid.data_collection.cluster.actor_pool import LIMIT, ActorPool, Work
from vla_humanoid.data_collection.cluster.member import Delivery, Member
from vla_humanoid.data_collection.worker import Job

RayPool: TypeAlias = ActorPool[Delivery, AttemptResult]
"""Has the face of a `WorkerPool`."""


def ray_pool(job: Job, count: int, address: str) -> RayPool:
    """Make a context that runs attempts on a cluster.

    Args:
        job: what to do.
        count: number of workers.
        address: of the cluster, or "auto".
    """
    parts = PartsFolder(job.output)

    def keep(delivery: Delivery) -> AttemptResult:
        parts.store_image(delivery.result, delivery.image)
        return delivery.result

    def name(attempt: int) -> str:
        return f"attempt {attempt} (episode seed {attempt_seed(job.config.seed, attempt)})"

    log = job.output.with_name(f"{job.output.name}.log")
    return ActorPool(Work(Member, job, keep, name, log, job.limit or LIMIT), count, address)
