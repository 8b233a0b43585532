"""The way to a checkpoint as a policy; torch is imported only when one is asked for."""

from pathlib import Path
from typing import TYPE_CHECKING

from vla_humanoid.policy_runner.policy import PolicyError

if TYPE_CHECKING:
    from vla_humanoid.policies.checkpoint_policy import CheckpointPolicy


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
