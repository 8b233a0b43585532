"""What runs on the nodes of a cluster: makes attempts, and hands each over as bytes."""

import os
import traceback
from contextlib import suppress
from dataclasses import dataclass

from vla_humanoid.data_collection.attempts import SHARD_GROUP, AttemptResult, attempt_seed
from vla_humanoid.data_collection.episode_file import episode_image
from vla_humanoid.data_collection.run_config import RunDescription, describe_run
from vla_humanoid.data_collection.worker import Crashed, Failed, Job, carry_out
from vla_humanoid.data_collection.worker_pool import THREAD_VARIABLES
from vla_humanoid.sims.graphics import GraphicsUnavailable, select_backend
from vla_humanoid.tasks.core.placement import PlacementError


@dataclass(frozen=True)
class Joined:
    """A member has its environment and waits for work.

    Args:
        description: what it works with.
    """

    description: RunDescription


@dataclass(frozen=True)
class Delivery:
    """A finished attempt.

    Args:
        result: how it went.
        image: its file, as `episode_image` returns it, if it is part of the dataset.
    """

    result: AttemptResult
    image: bytes | None


class Member:
    """Carries attempts out; errors are returned, so that what is raised is the cluster's.

    Args:
        job: what to do; its output is a path of the machine that asks.
    """

    def __init__(self, job: Job) -> None:
        self._job = job

    def place(self) -> str:
        """Return the name of this machine: there is one that has room."""
        return os.uname().nodename

    def join(self) -> Joined | Failed | Crashed:
        """Make the environment, and say what it is."""
        config = self._job.config
        os.environ |= dict.fromkeys(THREAD_VARIABLES, "1")
        try:
            if config.cameras:
                select_backend()
            self._env, self._policy = self._job.make(config)
            # The first reset is where a missing graphics library shows.
            with suppress(PlacementError):
                self._env.reset(seed=attempt_seed(config.seed, 0))
            description = describe_run(self._env.unwrapped, config.engine)
        except (GraphicsUnavailable, ImportError, OSError, RuntimeError, ValueError) as error:
            return Failed(f"The environment does not start on {os.uname().nodename}: {error}")
        except Exception as error:  # Whatever it is, the one who asked must know.
            return _crashed(error)
        return Joined(description)

    def attempt(self, number: int) -> Delivery | Crashed:
        """Make an attempt."""
        try:
            result, record = carry_out(self._env, self._policy, self._job.config, number)
        except Exception as error:  # As above.
            return _crashed(error)
        return Delivery(result, None if record is None else episode_image(record, SHARD_GROUP))


def _crashed(error: Exception) -> Crashed:
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    return Crashed(f"{reason} (on {os.uname().nodename})", traceback.format_exc())
