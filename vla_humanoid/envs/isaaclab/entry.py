"""The door to Isaac Lab: it says what is missing before an import fails for it."""

import sys
from typing import TYPE_CHECKING, Unpack

from vla_humanoid.envs.isaaclab.batch_config import BatchOptions, make_batch_config
from vla_humanoid.envs.isaaclab.launching import check_kit
from vla_humanoid.sims.isaaclab.release import IsaacLabUnavailable, installed_release

if TYPE_CHECKING:
    from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv

NEEDED_PYTHON = (3, 12)


def require_isaac_lab() -> None:
    """Check that Isaac Lab can be imported.

    Raises:
        IsaacLabUnavailable: if it is not installed, or too old, or wants another Python.
    """
    if installed_release() is not None:
        return
    running = ".".join(map(str, sys.version_info[:2]))
    here = "" if sys.version_info[:2] == NEEDED_PYTHON else f"; this is Python {running}"
    raise IsaacLabUnavailable(
        f"engine='isaaclab' needs Isaac Lab 3.0, which is for Python 3.12{here}. Run: "
        "python3.12 -m venv .venv-isaac && .venv-isaac/bin/pip install 'vla-humanoid[isaac]'"
    )


def make_batch_env(
    task: str, *, assets: str | None = None, **options: Unpack[BatchOptions]
) -> "HumanoidBatchEnv":
    """Make a batch of environments; Isaac Lab is imported only now.

    Args:
        task: its name, such as "PickPlace".
        assets: folder of the catalogue's USD files; None for the default one.
        **options: see `vla_humanoid.envs.isaaclab.batch_config.make_batch_config`.

    Raises:
        IsaacLabUnavailable: if Isaac Lab cannot be imported.
        ValueError: if an option is unknown or out of range; the message lists the valid ones.
        AssetsMissing: if the USD files are not there; the message says how to make them.
        RuntimeError: if Kit is needed and does not run.
    """
    known = BatchOptions.__annotations__
    if unknown := sorted(set(options) - set(known)):
        raise ValueError(
            f"engine='isaaclab' has no option {', '.join(unknown)}; it has {', '.join(known)}."
        )
    config = make_batch_config(task, **options)
    require_isaac_lab()
    check_kit(config.physics)

    from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
    from vla_humanoid.envs.isaaclab.env_cfg import make_env_cfg

    return HumanoidBatchEnv(make_env_cfg(config, assets))
