"""Registers every task with Gymnasium, importing nothing heavier than Gymnasium itself."""

from collections.abc import Sized
from typing import TYPE_CHECKING, Unpack

import gymnasium

from vla_humanoid.envs.config import EnvOptions
from vla_humanoid.tasks import task_names

if TYPE_CHECKING:
    from vla_humanoid.envs.humanoid_env import HumanoidEnv


def register_environments() -> None:
    """Register ``VLAHumanoid-<Task>-v0`` for every task."""
    for name in task_names():
        gymnasium.register(
            id=f"VLAHumanoid-{name}-v0",
            entry_point="vla_humanoid.envs.registration:make_humanoid_env",
            kwargs={"task": name},
        )


def make_humanoid_env(task: str, **options: Unpack[EnvOptions]) -> "HumanoidEnv":
    """Make the environment; its packages are imported only now.

    Args:
        task: its name, such as "PickPlace".
        **options: see `vla_humanoid.envs.humanoid_env.HumanoidEnv`.

    Raises:
        GraphicsUnavailable: if images are asked for and cannot be rendered here.
    """
    from vla_humanoid.sims.graphics import check_requested_backend, import_mujoco_without_graphics

    # Importing mujoco with a broken MUJOCO_GL dies with an error that names no library.
    if _renders(options):
        check_requested_backend()
    else:
        import_mujoco_without_graphics()

    from vla_humanoid.envs.humanoid_env import HumanoidEnv

    return HumanoidEnv(task, **options)


def _renders(options: EnvOptions) -> bool:
    cameras = options.get("cameras", ("head",))
    blind = isinstance(cameras, Sized) and len(cameras) == 0
    return not blind or options.get("render_mode") is not None
