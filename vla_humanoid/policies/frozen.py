"""Networks with pretrained weights that are not trained, and do not travel with a checkpoint."""

import hashlib
from collections.abc import Callable, Mapping, MutableSequence

import torch
from torch import nn

from vla_humanoid.policies.feature_cache import FeatureCache

_DIGEST_SIZE = 16


class Frozen(nn.Module):
    """Holds a network whose weights stay as they are.

    The network is no part of the module: optimizers, averages and checkpoints do not see it. Only
    the fingerprint of its weights is saved, and compared when a checkpoint is read.

    Args:
        network: takes tensors (B, ...) and returns features (B, N, D), sample by sample.
    """

    fingerprint: torch.Tensor

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._held = (network.eval().requires_grad_(False),)  # In a tuple torch does not find it.
        self.register_buffer("fingerprint", _fingerprint(network))
        self.cache: FeatureCache | None = None

    @property
    def network(self) -> nn.Module:
        """What is held."""
        return self._held[0]

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return features (B, N, D), float32, from the cache where there is one and it has them."""
        with torch.no_grad():
            if self.cache is None:
                return self.network(*inputs).float()
            return self.cache(self._circumstances(inputs[0]), inputs, self.network)

    def _circumstances(self, first: torch.Tensor) -> bytes:
        """Return what features depend on besides the inputs: the weights, and the precision."""
        kind = first.device.type
        lowered = torch.is_autocast_enabled(kind)
        precision = str(torch.get_autocast_dtype(kind)) if lowered else "full"
        return bytes(self.fingerprint.to(torch.uint8).tolist()) + precision.encode()

    def _apply(self, fn: Callable[[torch.Tensor], torch.Tensor], recurse: bool = True) -> "Frozen":
        self.network._apply(fn, recurse)
        super()._apply(fn, recurse)
        return self

    def _load_from_state_dict(
        self,
        state_dict: Mapping[str, torch.Tensor],
        prefix: str,
        local_metadata: Mapping[str, int],
        strict: bool,
        missing_keys: MutableSequence[str],
        unexpected_keys: MutableSequence[str],
        error_msgs: MutableSequence[str],
    ) -> None:
        theirs = state_dict.get(f"{prefix}fingerprint")
        if theirs is not None and not torch.equal(theirs.float(), self.fingerprint.float().cpu()):
            error_msgs.append(
                f"{prefix.rstrip('.')} was trained on a network with other weights than those "
                "that are installed here"
            )
        super()._load_from_state_dict(
            state_dict,
            prefix,
            local_metadata,
            strict,
            missing_keys,
            unexpected_keys,
            error_msgs,
        )


def held(network: nn.Module, tuned: bool) -> nn.Module:
    """Return a network as a part of a model: as it is if it is trained further, or `Frozen`."""
    return network if tuned else Frozen(network)


def cache_features(model: nn.Module, cache: FeatureCache) -> int:
    """Let frozen networks take features from a cache, and keep there what they compute.

    Args:
        model: whose parts they are.
        cache: may be shared by them.

    Returns:
        How many networks use it.
    """
    frozen = [module for module in model.modules() if isinstance(module, Frozen)]
    for module in frozen:
        module.cache = cache
    return len(frozen)


def _fingerprint(network: nn.Module) -> torch.Tensor:
    """Return a digest of the weights as numbers from 0 to 255, which any float type can hold."""
    digest = hashlib.blake2b(digest_size=_DIGEST_SIZE)
    for name, tensor in network.state_dict().items():
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
        values = tensor.detach().cpu().flatten().contiguous()
        digest.update(values.view(torch.uint8).numpy().tobytes())
    return torch.tensor(list(digest.digest()), dtype=torch.float32)
