"""The way to a checkpoint as a policy; torch is imported only when one is asked for."""

from pathlib import Path
from typing import TYPE_CHECKING

from vla_humanoid.policy_runner.policy import PolicyError

if TYPE_CHECKING:
    from vla_humanoid.policies.checkpoint_policy import CheckpointPolicy

SHIPPED = "shipped"
"""Name of the checkpoint that comes with this package."""
_SHIPPED_FOLDER = Path(__file__).parent / SHIPPED


def checkpoint_folder(name: str) -> Path | None:
    """Return the folder of the checkpoint that is named; None if the name is of something else.

    Args:
        name: `SHIPPED`, or a folder that there is.
    """
    if name == SHIPPED:
        return _SHIPPED_FOLDER
    return Path(name) if Path(name).is_dir() else None


def load_policy(folder: Path) -> "CheckpointPolicy":
    """Return the policy of a checkpoint.

    Args:
        folder: that `save_pretrained` wrote.

    Raises:
        PolicyError: if it cannot be read, or the extra [policy] is missing.
    """
    try:
        from vla_humanoid.policies.checkpoint_policy import CheckpointPolicy
    except ModuleNotFoundError as error:
        raise PolicyError(
            f"{error.name} is missing: install vla-humanoid[policy] to let checkpoints act."
        ) from error
    return CheckpointPolicy.load(folder)
