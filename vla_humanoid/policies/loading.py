"""The way to a checkpoint as a policy; torch is imported only when one is asked for."""

from pathlib import Path
from typing import TYPE_CHECKING

from vla_humanoid.policy_runner.policy import ChunkPolicy, PolicyError

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


def load_served_policy(folder: Path) -> ChunkPolicy:
    """Return the policy of a checkpoint, to be asked over a network.

    Raises:
        PolicyError: as `load_policy`; or if it has a memory, since no packet tells that an episode
            begins.
    """
    policy = load_policy(folder)
    if policy.remembers:
        raise PolicyError(
            f"The model of {folder} remembers what it saw when the robot was told its sentence, "
            "and no packet tells a server when an episode begins. Let it act without a server, as "
            f"in `vla-humanoid evaluate --policy {folder}`, or train one without --told."
        )
    return policy
