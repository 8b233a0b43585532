"""One update of a tiny model; run by tests, alone or in several processes."""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from tiny_train import tiny

from vla_humanoid.description import Description
from vla_humanoid.policies.config import HeadOptions
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.standardization import Standardization
from vla_humanoid.policies.systems.registry import with_vocabulary
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.schema import Field, action_spec
from vla_humanoid.training.batches import Seen
from vla_humanoid.training.config import TrainingConfig
from vla_humanoid.training.distributed import process_group
from vla_humanoid.training.losses import Truth
from vla_humanoid.training.trainer import Trainer

SPEC = action_spec("right_arm", {})
SIZE = 6


def model(head: str = "regression") -> PolicyModel:
    """The same weights every time."""
    description = Description(SPEC, (Field("x", "m", -1.0, 1.0),), ("head",), 16, 20.0)
    config = with_vocabulary(tiny((CameraInput("head", 16, 16),), ("x",)), ["go left", "go right"])
    config = replace(config, head=head, head_options=HeadOptions(layers=1, style_width=4, bins=16))
    torch.manual_seed(0)
    unit = Standardization([0.0] * SPEC.dim, [1.0] * SPEC.dim)
    return PolicyModel(config, description, Standardization([0.0], [1.0]), unit)


def batch(part: slice) -> tuple[Seen, Truth]:
    """A part of one batch; its samples differ in how much of them is padding."""
    rng = torch.Generator().manual_seed(1)
    images = torch.randint(0, 256, (SIZE, 16, 16, 3), generator=rng, dtype=torch.uint8)
    state, actions = torch.randn(SIZE, 1, generator=rng), torch.rand(SIZE, 4, 7, generator=rng)
    padding = torch.arange(4) > torch.tensor([3, 0, 1, 3, 3, 2])[:, None]
    sentences = ["go left", "go right"] * 3
    truth = Truth(
        actions[part],
        padding[part],
        (torch.rand(SIZE, 7, generator=rng) > 0.2)[part],
        actions[part][:, :1],
        torch.arange(SIZE)[part] % 3,
        torch.linspace(0.0, 1.0, SIZE)[part],
        torch.zeros(SIZE, 0, dtype=torch.int64)[part],
    )
    return Seen({"head": images[part]}, state[part], state[part] > -0.5, sentences[part]), truth


def gradients(output: Path) -> None:
    """Make a step and write the gradient that was followed."""
    told = TrainingConfig(
        steps=1, batch_size=SIZE, clip=1e9, precision="float32", crop=0.1, state_dropout=0.3
    )
    with process_group() as share:
        trainer = Trainer(model(), told, share)
        size = SIZE // share.processes
        own = slice(share.rank * size, (share.rank + 1) * size)
        (report,) = trainer.train(iter([batch(own)]))
        found = {
            name: one.grad for name, one in trainer.model.named_parameters() if one.grad is not None
        }
        save_file({**found, "loss": torch.tensor(report.total)}, f"{output}.{share.rank}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    gradients(Path(sys.argv[1]))
