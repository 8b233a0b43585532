"""Registers every task with Gymnasium, importing nothing heavier than Gymnasium itself."""

from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING, Unpack, cast

import gymnasium

from vla_humanoid.envs.config import EnvOptions
from vla_humanoid.sims.engine_names import ISAAC_LAB
from vla_humanoid.tasks import task_names

if TYPE_CHECKING:
    from vla_humanoid.envs.humanoid_env import HumanoidEnv
    from vla_humanoid.envs.isaaclab.batch_config import BatchOptions
    from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv


class AllOptions(EnvOptions, total=False):
    """Keyword arguments of `gymnasium.make`, with those that engine "isaaclab" alone has."""

    num_envs: int
    physics: str
    copies: int
    stock_seeds: Iterable[int]
    assets: str | None


def register_environments() -> None:
    """Register every task: ``VLAHumanoid-<Task>-v0``, and the same for Isaac Lab's own scripts.

    Those look for a configuration, ``env_cfg_entry_point``, and pass it on: they use
    ``VLAHumanoid-<Task>-IsaacLab-v0``.
    """
    for name in task_names():
        gymnasium.register(
            id=f"VLAHumanoid-{name}-v0",
            entry_point="vla_humanoid.envs.registration:make_humanoid_env",
            # Gymnasium's checker takes no batches, and is told of them too late; tests run it.
            disable_env_checker=True,
            kwargs={"task": name},
        )
        gymnasium.register(
            id=f"VLAHumanoid-{name}-IsaacLab-v0",
            entry_point="vla_humanoid.envs.isaaclab.batch_env:HumanoidBatchEnv",
            disable_env_checker=True,
            kwargs={"env_cfg_entry_point": f"vla_humanoid.envs.isaaclab.task_cfgs:{name}"},
        )


def make_humanoid_env(task: str, **options: Unpack[AllOptions]) -> "HumanoidEnv | HumanoidBatchEnv":
    """Make the environment; its packages are imported only now.

    Args:
        task: its name, such as "PickPlace".
        **options: see `vla_humanoid.envs.humanoid_env.HumanoidEnv`; those of engine "isaaclab" are
            in `vla_humanoid.envs.isaaclab.entry.make_batch_env`.

    Raises:
        ImportError: if an engine is asked for and not installed; the message says how to.
        GraphicsUnavailable: if images are asked for and cannot be rendered here.
        ValueError: if an option is for another engine.
    """
    from vla_humanoid.sims.graphics import check_requested_backend, import_mujoco_without_graphics

    # Importing mujoco with a broken MUJOCO_GL dies with an error that names no library.
    if _renders(options):
        check_requested_backend()
    else:
        import_mujoco_without_graphics()

    if options.get("engine") == ISAAC_LAB:
        from vla_humanoid.envs.isaaclab.entry import make_batch_env

        return make_batch_env(task, **cast("BatchOptions", options))  # It checks them.

    if foreign := sorted(set(options) - set(EnvOptions.__annotations__)):
        raise ValueError(f"The option {', '.join(foreign)} needs engine={ISAAC_LAB!r}.")

    from vla_humanoid.envs.humanoid_env import HumanoidEnv

    return HumanoidEnv(task, **cast("EnvOptions", options))


def _renders(options: AllOptions) -> bool:
    """Return whether MuJoCo is to render."""
    if options.get("engine") == ISAAC_LAB:
        return False
    cameras = options.get("cameras", ("head",))
    blind = isinstance(cameras, Sized) and len(cameras) == 0
    return not blind or options.get("render_mode") is not None
