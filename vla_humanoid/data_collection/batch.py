"""Environments that advance together, and one of them as an environment of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.environment import (
    Action,
    DemonstrationWorld,
    Observation,
    StepInfo,
)


class BatchEpisode(DemonstrationWorld, Protocol):
    """What one world of a batch is about, and how its episode stands."""

    @property
    def reward(self) -> float:
        """For the latest action."""
        ...

    @property
    def terminated(self) -> bool:
        """Whether the episode has ended."""
        ...

    @property
    def truncated(self) -> bool:
        """Whether it has been cut off."""
        ...


class Batch(Protocol):
    """Worlds that advance together, each with an episode of its own."""

    @property
    def episodes(self) -> Sequence[BatchEpisode]:
        """What each world is about."""
        ...

    def begin_episode(self, world: int, seed: int, goal_index: int | None = None) -> None:
        """Begin the episode of a seed in a world, and leave the others as they are.

        Raises:
            PlacementError: if the seed finds no layout.
            ValueError: if it needs what the worlds do not have, or there is no such goal.
        """
        ...

    def observation(self, world: int) -> Observation:
        """Return what the policy of a world sees now."""
        ...

    def info(self, world: int) -> StepInfo:
        """Return what a world reports now."""
        ...

    def advance(self, actions: NDArray[np.float32]) -> None:
        """Act in every world, shape (worlds, dim); where an episode has ended nothing counts."""
        ...

    def close(self) -> None:
        """Release what the worlds hold."""
        ...


@dataclass(frozen=True)
class BatchMember:
    """One world of a batch as an environment.

    Args:
        batch: what it belongs to.
        world: its number.
    """

    batch: Batch
    world: int

    @property
    def unwrapped(self) -> BatchEpisode:
        """What the world is about."""
        return self.batch.episodes[self.world]

    def reset(
        self, *, seed: int, options: dict[str, object] | None = None
    ) -> tuple[Observation, StepInfo]:
        """Begin the episode of a seed; ``{"goal_index": k}`` chooses one of its goals."""
        goal = (options or {}).get("goal_index")
        self.batch.begin_episode(self.world, seed, None if goal is None else int(str(goal)))
        return self.batch.observation(self.world), self.batch.info(self.world)

    def outcome(self) -> tuple[Observation, float, bool, bool, StepInfo]:
        """Return what the latest step led to here, as environments do."""
        episode = self.unwrapped
        observation, info = self.batch.observation(self.world), self.batch.info(self.world)
        return observation, episode.reward, episode.terminated, episode.truncated, info

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, StepInfo]:
        """Act, where the batch has no other world.

        Raises:
            RuntimeError: if it has others, which would advance as well.
        """
        if len(self.batch.episodes) > 1:
            raise RuntimeError("The worlds of a batch advance together; step the batch.")
        self.batch.advance(action[None])
        return self.outcome()

    def close(self) -> None:
        """Release the whole batch."""
        self.batch.close()
