"""The grounding network that a model is to be trained behind: its own run's, or a policy's."""

from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.policies import checkpoint
from vla_humanoid.policies.grounding import checkpoint as grounding
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.weights import CheckpointError


def weights_file(folder: Path) -> Path:
    """Return the file that holds the network's weights.

    Args:
        folder: the folder checkpoint of a run of ``vla-humanoid ground``, or the folder of a policy
            that has such a network.

    Raises:
        ConfigurationError: if it is neither.
    """
    for name in (grounding.WEIGHTS, checkpoint.WEIGHTS):
        if (folder / name).is_file():
            return folder / name
    raise _nothing_in(folder)


def read_grounder(folder: Path) -> Grounder:
    """Return the network; see `weights_file`.

    Raises:
        ConfigurationError: if there is none, or it cannot be read.
    """
    try:
        if weights_file(folder).name == grounding.WEIGHTS:
            return grounding.load_grounder(folder)
        policy, _ = checkpoint.from_pretrained(folder)
    except CheckpointError as error:
        raise ConfigurationError(str(error)) from error
    if policy.grounder is None:
        raise _nothing_in(folder)
    return policy.grounder


def _nothing_in(folder: Path) -> ConfigurationError:
    return ConfigurationError(
        f"{folder} holds no grounding network; name the folder checkpoint of a run of "
        "`vla-humanoid ground`, or a policy that has one, such as shipped."
    )
