"""A small policy behind a grounding network: it is told where the named things are, and acts.

It neither looks nor reads itself. Where things were when the robot was told its sentence, and what
the robot feels, are enough to handle them (docs/results.md), and so few numbers that millions of
samples can be learned from on a CPU. Its chunks are long: asked less often, it wavers less.
"""

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.views import CameraInput


def pointer(
    cameras: tuple[CameraInput, ...],
    state: tuple[str, ...],
    grounding: GroundingConfig | None = None,
) -> ModelConfig:
    """Return the configuration for what is felt; the cameras are left to the grounding network.

    Raises:
        ModelError: if there is no grounding network.
    """
    if grounding is None:
        raise ModelError("pointer is told where things are by a grounding network: --grounding.")
    return ModelConfig(
        cameras=(),
        state=state,
        text="none",
        fusion="mlp",
        fusion_layers=3,
        hidden=512,
        latents=8,
        width=64,
        decoder="flat",
        horizon=32,
        grounding=grounding,
    )
