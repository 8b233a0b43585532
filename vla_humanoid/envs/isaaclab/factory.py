"""Makes a batch of environments from what a user wrote."""

from typing import Unpack

from vla_humanoid.envs.isaaclab.batch_config import BatchOptions, make_batch_config
from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
from vla_humanoid.envs.isaaclab.env_cfg import make_env_cfg


def make_batch_env(
    task: str, *, assets: str | None = None, **options: Unpack[BatchOptions]
) -> HumanoidBatchEnv:
    """Make a batch of environments.

    Args:
        task: its name, such as "PickPlace".
        assets: folder of the catalogue's USD files; None for the default one.
        **options: see `make_batch_config`.

    Raises:
        ValueError: if an option is unknown or out of range; the message lists the valid ones.
        AssetsMissing: if the USD files are not there; the message says how to make them.
        RuntimeError: if Kit is needed and does not run.
    """
    return HumanoidBatchEnv(make_env_cfg(make_batch_config(task, **options), assets))
