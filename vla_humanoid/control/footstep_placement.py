"""Wanted steps put onto the ground: shifted to level places, within reach of each other."""

import math
from collections.abc import Sequence

import numpy as np

from vla_humanoid.control.footholds import footholds
from vla_humanoid.control.footsteps import Footstep, StepReach
from vla_humanoid.control.height_map import HeightMap

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
    # Ways to get to each place of the latest step: their costs, least first, and their steps.
    ways: list[tuple[float, list[Footstep]]] = [(0.0, [support])]
    for step, places in zip(wanted, _choices(wanted, ground), strict=True):
        longer: list[tuple[float, list[Footstep]]] = []
        for place in places:
            way = next((way for way in ways if reach.allows(way[1][-1], place)), None)
            if way is not None:
                shift = math.dist(place.position[:2], step.position[:2])
                longer.append((way[0] + shift**2, [*way[1], place]))
        ways = sorted(longer, key=lambda way: way[0])
    return ways[0][1][1:] if ways else None


def _choices(wanted: Sequence[Footstep], ground: HeightMap) -> list[list[Footstep]]:
    """Return the places each step may be put at."""
    heights = [ground.level(step) for step in wanted]
    choices: list[list[Footstep]] = []
    for index, (step, height) in enumerate(zip(wanted, heights, strict=True)):
        is_movable = index < len(wanted) - 2
        if is_movable and None in heights[max(0, index - _AROUND) : index + _AROUND + 1]:
            choices.append(list(footholds(step, ground)))
        elif height is None:
            choices.append([])
        else:
            choices.append([Footstep(step.side, np.append(step.position[:2], height), step.yaw)])
    return choices
