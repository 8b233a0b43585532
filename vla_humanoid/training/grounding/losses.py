"""What a grounding network is told that it did wrong."""

from dataclasses import dataclass

import torch
from torch.nn import functional

from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.grounding.grounded import Grounded
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.training.grounding.batches import Answer


@dataclass(frozen=True)
class GroundingLosses:
    """Scalars, each a mean over what is named.

    Args:
        cells: cross entropy of the cells.
        place: distance of positions and angles, standardized.
        kinds: cross entropy.
        tasks: cross entropy.
        camera: distance of where the camera is, standardized.
    """

    cells: torch.Tensor
    place: torch.Tensor
    kinds: torch.Tensor
    tasks: torch.Tensor
    camera: torch.Tensor

    def total(self) -> torch.Tensor:
        """Return what is minimized."""
        return self.cells + 3.0 * self.place + self.kinds + self.tasks + 0.5 * self.camera


def grounding_losses(grounder: Grounder, found: Grounded, answer: Answer) -> GroundingLosses:
    """Return the losses of a batch."""
    wanted = spread(answer.cells, grounder.config)
    cells = -(wanted * found.cell_logits.log_softmax(dim=-1)).sum(dim=-1)
    position = (found.position - grounder.position(answer.position)).abs()
    angles = (found.angles - answer.angles).abs()
    place = torch.cat([position, 0.5 * angles], dim=-1).mean(dim=-1)
    kinds = functional.cross_entropy(found.kind_logits.flatten(0, 1), answer.kinds.flatten())
    return GroundingLosses(
        cells=_mean(cells, answer.named & answer.in_view),
        place=_mean(place, answer.named),
        kinds=kinds,
        tasks=functional.cross_entropy(found.task_logits, answer.tasks),
        camera=(found.camera - grounder.camera(answer.camera)).abs().mean(),
    )


def spread(cells: torch.Tensor, config: GroundingConfig) -> torch.Tensor:
    """Return places as weights of the four cells around each, whose mean is the place.

    Args:
        cells: in cells from the left and the top, shape (B, N, 2).
        config: tells the size of the map.

    Returns:
        Shape (B, N, rows * columns); each sums to 1.
    """
    last = torch.tensor([config.columns, config.rows]) - 1.0
    inner = torch.minimum((cells - 0.5).clamp(min=0.0), last - 1e-3)
    low = inner.floor()
    part = inner - low
    column, row = low.long().unbind(dim=-1)
    right, down = part.unbind(dim=-1)
    weights = cells.new_zeros(*cells.shape[:-1], config.rows * config.columns)
    for below, over in ((0, 1.0 - down), (1, down)):
        for beside, along in ((0, 1.0 - right), (1, right)):
            index = (row + below) * config.columns + column + beside
            weights.scatter_add_(-1, index[..., None], (over * along)[..., None])
    return weights


def _mean(values: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    weights = counted.to(values.dtype)
    return (values * weights).sum() / weights.sum().clamp(min=1.0)
