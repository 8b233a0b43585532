"""Makes the pool of a Ray cluster where Ray is installed, and says what to do where it is not."""

from contextlib import AbstractContextManager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.worker import Job
from vla_humanoid.sims.engine_names import ISAAC_LAB

if TYPE_CHECKING:
    from vla_humanoid.data_collection.cluster.ray_pool import RayPool


def make_ray_pool(job: Job, count: int, address: str) -> "AbstractContextManager[RayPool]":
    """Make a context that runs attempts on a Ray cluster.

    Args:
        job: what to do.
        count: number of workers, >= 1.
        address: of the cluster, or "auto" for the one that this machine belongs to.

    Raises:
        ConfigurationError: if Ray is missing, or the engine does not run there.
    """
    if job.config.engine == ISAAC_LAB:
        raise ConfigurationError(
            f"The worlds of engine {ISAAC_LAB!r} share one process; they cannot run on a Ray "
            "cluster. Leave --ray out, or start a run with a seed of its own on each machine."
        )
    require_ray()
    from vla_humanoid.data_collection.cluster.ray_pool import ray_pool

    return ray_pool(job, count, address)


def require_ray() -> None:
    """Check that Ray is installed.

    Raises:
        ConfigurationError: if it is not.
    """
    if find_spec("ray") is None:
        raise ConfigurationError(
            "--ray needs Ray, which is not installed: pip install 'vla-humanoid[cluster]', here "
            "and on every node."
        )
