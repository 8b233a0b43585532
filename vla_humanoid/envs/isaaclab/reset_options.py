"""Which episodes the worlds of a batch are asked to begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Request:
    """An episode.

    Args:
        seed: determines everything about it but a goal that is chosen.
        goal_index: which of the scene's goals; None for the seed's.
    """

    seed: int
    goal_index: int | None = None


def parse_request(
    num_envs: int, seed: int | None, options: Mapping[str, object]
) -> dict[int, Request]:
    """Return what the arguments of `HumanoidBatchEnv.reset` ask for, by world.

    Raises:
        ValueError: if an option is unknown or not what it should be.
    """
    if unknown := sorted(set(options) - {"seeds", "goal_index"}):
        raise ValueError(
            f"Unknown reset option {', '.join(unknown)}; there are seeds and goal_index."
        )
    goal = options.get("goal_index")
    goal_index = None if goal is None else _whole("goal_index", goal)
    if "seeds" in options:
        seeds = _seeds(options["seeds"], num_envs)
    elif seed is not None:
        seeds = [seed + k for k in range(num_envs)]
    elif goal_index is not None:
        raise ValueError("A goal_index needs a seed: its number refers to the seed's scene.")
    else:
        seeds = []
    return {k: Request(wanted, goal_index) for k, wanted in enumerate(seeds)}


def _seeds(value: object, count: int) -> list[int]:
    if isinstance(value, Sequence) and len(value) == count:
        seeds = [_whole("A seed", seed) for seed in value]
        if all(seed >= 0 for seed in seeds):
            return seeds
    raise ValueError(f"seeds must be {count} integers >= 0, one per world, not {value!r}.")


def _whole(what: str, value: object) -> int:
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return int(value)
    raise ValueError(f"{what} must be an integer, not {value!r}.")
