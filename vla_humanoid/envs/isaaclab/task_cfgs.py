"""A configuration for each task, which Isaac Lab's own scripts find by the task's name.

``VLAHumanoid-PickPlace-IsaacLab-v0`` is registered with this module's ``PickPlace``.
"""

from collections.abc import Callable
from functools import partial

from vla_humanoid.envs.isaaclab.batch_config import make_batch_config
from vla_humanoid.envs.isaaclab.env_cfg import HumanoidBatchCfg, make_env_cfg
from vla_humanoid.tasks import task_names


def make_task_cfg(task: str) -> HumanoidBatchCfg:
    """Return the configuration of a task with every default.

    Raises:
        AssetsMissing: if the USD files are not there; the message says how to make them.
    """
    return make_env_cfg(make_batch_config(task))


def __getattr__(name: str) -> Callable[[], HumanoidBatchCfg]:
    if name not in task_names():
        raise AttributeError(f"There is no task {name!r}; there are {', '.join(task_names())}.")
    return partial(make_task_cfg, name)
