"""What a sentence means in a scene."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Grounded:
    """Which things sentences name, and where these are, for B sentences that name N things at most.

    Args:
        cell_logits: of the cells of the map, row by row, shape (B, N, rows * columns).
        cells: where each thing is in the map, as the mean of what the logits say, in cells from
            the left and from the top, shape (B, N, 2).
        position: in the frame of the pelvis, standardized, shape (B, N, 3).
        angles: cosine and sine of 1, 2 and 4 times the angle about the vertical by which each thing
            is turned in that frame, shape (B, N, 6).
        kind_logits: shape (B, N, kinds).
        task_logits: shape (B, tasks).
        camera: where the camera is in the frame of the pelvis: position, axes, focal length;
            standardized, of each of the P pictures, shape (P, 13).
    """

    cell_logits: torch.Tensor
    cells: torch.Tensor
    position: torch.Tensor
    angles: torch.Tensor
    kind_logits: torch.Tensor
    task_logits: torch.Tensor
    camera: torch.Tensor

    def features(self) -> torch.Tensor:
        """Return all that matters for what is to be done, shape (B, F).

        Of each mention: where the thing is and how it is turned, both 0 as far as the sentence
        makes no such mention, and the probability of each kind; then the probability of each task.
        """
        kinds = self.kind_logits.softmax(dim=-1)
        there = 1.0 - kinds[..., :1]
        things = torch.cat([self.position * there, self.angles * there, kinds], dim=-1)
        return torch.cat([things.flatten(1), self.task_logits.softmax(dim=-1)], dim=-1)
