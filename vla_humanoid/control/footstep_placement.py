"""Wanted steps put onto the ground: shifted to level places, within reach of each other."""

from collections.abc import Sequence

import numpy as np

from vla_humanoid.control.footholds import footholds
from vla_humanoid.control.footsteps import OUTWARD, Footstep, StepReach
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.schema import FloatArray

_AROUND = 2
"""This many steps before and after one that has to be shifted may be shifted with it."""


def place_steps(
    support: Footstep, wanted: Sequence[Footstep], reach: StepReach, ground: HeightMap
) -> list[Footstep] | None:
    """Shift steps as little as it takes to stand level, each within reach of the one before it.

    The sum of the squared shifts is the least there is (dynamic programming over the level places
    around each step). The last two steps stay where they are.

    Args:
        support: the foot that stands while the first step is made.
        wanted: steps, feet alternating.
        reach: where a sole can be put down.
        ground: the soles' heights are taken from it.

    Returns:
        The steps on the ground, or None if the ground cannot be walked with these steps.
    """
    choices = _choices(wanted, ground)
    before, costs = [support], np.zeros(1)
    origins: list[list[int]] = []
    for step, places in zip(wanted, choices, strict=True):
        if not places:
            return None
        totals = np.where(_allowed(before, places, reach), costs[:, None], np.inf)
        best = totals.argmin(axis=0)
        shifts = _xy(places) - step.position[:2]
        costs = totals[best, np.arange(len(places))] + np.einsum("ij,ij->i", shifts, shifts)
        if not np.isfinite(costs).any():
            return None
        origins.append(best.tolist())
        before = places
    index = int(costs.argmin())
    steps: list[Footstep] = []
    for places, best in zip(reversed(choices), reversed(origins), strict=True):
        steps.append(places[index])
        index = best[index]
    return steps[::-1]


def _choices(wanted: Sequence[Footstep], ground: HeightMap) -> list[list[Footstep]]:
    """Return the places each step may be put at."""
    heights = [ground.level(step) for step in wanted]
    rises = [None if a is None or b is None else b - a for a, b in zip(heights, heights[1:])]
    count = len(wanted)
    choices: list[list[Footstep]] = []
    for index, (step, height) in enumerate(zip(wanted, heights, strict=True)):
        near = range(max(0, index - _AROUND), min(count, index + _AROUND + 1))
        is_movable = index < count - 2 and any(heights[i] is None for i in near)
        if is_movable:
            choices.append(list(footholds(step, ground)))
        elif height is None:
            choices.append([])
        else:
            choices.append([Footstep(step.side, np.append(step.position[:2], height), step.yaw)])
    return choices


def _xy(steps: Sequence[Footstep]) -> FloatArray:
    return np.stack([step.position[:2] for step in steps])


def _allowed(supports: Sequence[Footstep], steps: Sequence[Footstep], reach: StepReach) -> np.ndarray:
    """Tell which steps can be made from which supports, shape (supports, steps).

    All supports, and all steps, have the same yaw. As ``StepReach.allows``, for all of them at once.
    """
    yaw, outward = supports[0].yaw, OUTWARD[steps[0].side]
    way = _xy(steps)[None] - _xy(supports)[:, None]
    ahead = np.cos(yaw) * way[..., 0] + np.sin(yaw) * way[..., 1]
    aside = outward * (np.cos(yaw) * way[..., 1] - np.sin(yaw) * way[..., 0])
