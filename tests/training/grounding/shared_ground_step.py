"""One update of a tiny grounding network; run by tests, alone or in several processes."""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from written_scenes import QUICK, TINY, tiny_grounder

from vla_humanoid.training.distributed import Share, process_group
from vla_humanoid.training.grounding.batches import Questions
from vla_humanoid.training.grounding.scenes import opened
from vla_humanoid.training.grounding.trainer import GroundingTrainer

TOLD = replace(QUICK, steps=1, pictures=4, clip=1e9)


def gradients(scenes: Path, share: Share) -> dict[str, torch.Tensor]:
    """Make a step and return the gradient that was followed, and the loss."""
    trainer = GroundingTrainer(tiny_grounder(), TOLD, share)
    with opened((scenes,), TINY.view, TINY.mentions, TOLD.held_back) as known:
        (report,) = trainer.train(Questions(known, TINY), known.train)
    found = {
        name: one.grad for name, one in trainer.model.named_parameters() if one.grad is not None
    }
    return {**found, "loss": torch.tensor(report.total)}


if __name__ == "__main__":
    torch.set_num_threads(1)
    with process_group() as own:
        save_file(gradients(Path(sys.argv[1]), own), f"{sys.argv[2]}.{own.rank}")
