"""How far predicted actions are from demonstrated ones, in units that one can imagine."""

from collections.abc import Mapping

import numpy as np
import torch

from vla_humanoid.schema import SIDES, ActionSpec

_UNITS: Mapping[str, tuple[str, float]] = {
    "m": ("position_cm", 100.0),
    "rad": ("angle_deg", 180.0 / np.pi),
    "m/s": ("speed_cm_s", 100.0),
    "rad/s": ("turning_deg_s", 180.0 / np.pi),
    "1": ("grip", 1.0),
}
"""By unit: the name of the mean distance of entries that belong to no wrist, and its scale."""


class ActionError:
    """Measures distances of actions.

    Args:
        spec: what their entries mean.
    """

    def __init__(self, spec: ActionSpec) -> None:
        self._half_range = torch.tensor((spec.high - spec.low) / 2.0, dtype=torch.float32)
        self._low = torch.tensor(spec.low, dtype=torch.float32)
        names = [field.name for field in spec.fields]
        self._positions = _triples(names, "{side}_wrist_{axis}")
        self._rotations = _triples(names, "{side}_wrist_rotation_{axis}")
        in_wrists = {
            i for found in (self._positions, self._rotations) for t in found.values() for i in t
        }
        self._rest: dict[str, tuple[list[int], float]] = {}
        for index, field in enumerate(spec.fields):
            if index not in in_wrists:
                name, scale = _UNITS.get(field.unit, (f"action_{field.unit}", 1.0))
                self._rest.setdefault(name, ([], scale))[0].append(index)

    def __call__(
        self, predicted: torch.Tensor, demonstrated: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """Return errors by name, each of shape (...); the name ends with the unit.

        Those of a wrist's position are Euclidean, of its rotation the angle between the two;
        the others are mean distances of the entries with a unit. Where there is nothing to compare
        the error is NaN.

        Args:
            predicted: normalized, shape (..., action dim).
            demonstrated: likewise; NaN for entries that there are not.
        """
        ours, theirs = self._physical(predicted), self._physical(demonstrated)
        found: dict[str, torch.Tensor] = {}
        for side, at in self._positions.items():
            found[f"{side}_wrist_cm"] = 100.0 * (ours[..., at] - theirs[..., at]).norm(dim=-1)
        for side, at in self._rotations.items():
            found[f"{side}_wrist_deg"] = angles(ours[..., at], theirs[..., at]).rad2deg()
        for name, (at, scale) in self._rest.items():
            found[name] = scale * (ours[..., at] - theirs[..., at]).abs().nanmean(dim=-1)
        return found

    def _physical(self, normalized: torch.Tensor) -> torch.Tensor:
        return self._low + (normalized.float() + 1.0) * self._half_range


def angles(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Return the angles between rotations [rad], shape (...).

    Args:
        first: rotation vectors [rad], shape (..., 3).
        second: likewise.
    """
    ours, theirs = _quat_wxyz(first), _quat_wxyz(second)
    # From the distance, not from the arc cosine, which is coarse where angles are small.
    apart = torch.minimum((ours - theirs).norm(dim=-1), (ours + theirs).norm(dim=-1))
    return 4.0 * torch.asin((apart / 2.0).clamp(max=1.0))


def _quat_wxyz(vectors: torch.Tensor) -> torch.Tensor:
    half = vectors.norm(dim=-1, keepdim=True) / 2.0
    return torch.cat([half.cos(), vectors / 2.0 * torch.sinc(half / np.pi)], dim=-1)


def _triples(names: list[str], form: str) -> dict[str, list[int]]:
    """Return where x, y and z of each side are, where there are all three."""
    found: dict[str, list[int]] = {}
    for side in SIDES:
        wanted = [form.format(side=side, axis=axis) for axis in "xyz"]
        if all(name in names for name in wanted):
            found[side] = [names.index(name) for name in wanted]
    return found
