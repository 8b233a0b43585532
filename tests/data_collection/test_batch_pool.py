from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from fake_environment import FakeConfig, FakeEnv, FakeExpert
from numpy.typing import NDArray

from vla_humanoid.data_collection.attempts import PartsFolder, attempt_seed
from vla_humanoid.data_collection.batch import Batch, BatchEpisode, BatchMember
from vla_humanoid.data_collection.batch_pool import NO_LAYOUT, NOT_IN_STOCK, BatchPool
from vla_humanoid.data_collection.environment import Observation, StepInfo
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.expert_run import make_expert
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.data_collection.worker import Job
from vla_humanoid.sims.isaaclab.stock import NotInStock
from vla_humanoid.tasks.core.placement import PlacementError


class FakeMember(FakeEnv):
    """A world that remembers how its latest step went."""

    reward, terminated, truncated = 0.0, False, False

    def __init__(self) -> None:
        super().__init__(FakeConfig(cameras=()))
        self.seen = self.reset(seed=0)

    def act(self, action: NDArray[np.float32]) -> None:
        if not (self.terminated or self.truncated):
            observation, self.reward, self.terminated, self.truncated, info = self.step(action)
            self.seen = observation, info


class FakeBatch:
    def __init__(self, worlds: int) -> None:
        self.episodes = [FakeMember() for _ in range(worlds)]
        self.advanced, self.closed = 0, False

    def begin_episode(self, world: int, seed: int, goal_index: int | None = None) -> None:
        if seed % 11 == 1:
            raise PlacementError("the table is full")
        if seed % 11 == 2:
            raise NotInStock("too many cups")
        member = self.episodes[world]
        member.seen = member.reset(seed=seed)
        member.reward, member.terminated, member.truncated = 0.0, False, False

    def observation(self, world: int) -> Observation:
        return self.episodes[world].seen[0]

    def info(self, world: int) -> StepInfo:
        return self.episodes[world].seen[1]

    def advance(self, actions: NDArray[np.float32]) -> None:
        self.advanced += 1
        for member, action in zip(self.episodes, actions, strict=True):
            member.act(action)

    def close(self) -> None:
        self.closed = True


def carry_out(output: Path, worlds: int, attempts: int) -> tuple[FakeBatch, PartsFolder]:
    batch = FakeBatch(worlds)
    config = GenerationConfig("StandStill", cameras=(), keep_failures=True)
    job = Job(config, output, make_expert)
    parts = PartsFolder(output)
    parts.open()
    left = list(range(attempts))
    make_policy = cast(Callable[[BatchEpisode], FakeExpert], FakeExpert)
    with BatchPool(job, lambda: cast(Batch, batch), make_policy) as pool:
        assert not pool.has_idle
        assert pool.wait() == []
        assert pool.description is not None
        while left or pool.in_flight:
            while left and pool.has_idle:
                pool.assign(left.pop(0))
            assert len(pool.in_flight) <= worlds
            pool.wait()
    return batch, parts


def test_attempts_come_out_the_same_for_any_number_of_worlds(tmp_path: Path):
    alone, few = carry_out(tmp_path / "alone.hdf5", 1, 12)
    together, many = carry_out(tmp_path / "many.hdf5", 5, 12)
    assert few.results() == many.results()
    assert len(few.results()) == 12
    assert together.advanced < alone.advanced / 2
    assert alone.closed
    for attempt, result in few.results().items():
        assert result.seed == attempt_seed(0, attempt)
        if result.recorded:
            assert few.shard(attempt).read_bytes() == many.shard(attempt).read_bytes()


def test_seeds_without_an_episode_count_as_failures(tmp_path: Path):
    seeds = [attempt_seed(0, attempt) % 11 for attempt in range(30)]
    _, parts = carry_out(tmp_path / "demos.hdf5", 3, 30)
    results = parts.results()
    for attempt, remainder in enumerate(seeds):
        wanted = {1: NO_LAYOUT, 2: NOT_IN_STOCK}.get(remainder)
        if wanted is not None:
            assert results[attempt].failure == wanted
            assert not results[attempt].recorded
    assert {1, 2} <= set(seeds)


def test_a_batch_that_does_not_start_is_reported(tmp_path: Path):
    def fail() -> Batch:
        raise ImportError("engine='isaaclab' needs Isaac Lab")

    job = Job(GenerationConfig("StandStill", cameras=()), tmp_path / "demos.hdf5", make_expert)
    with (
        pytest.raises(ConfigurationError, match="does not start: engine='isaaclab' needs"),
        BatchPool(job, fail, cast(Callable[[BatchEpisode], FakeExpert], FakeExpert)),
    ):
        pass


def test_a_batch_of_one_is_an_environment():
    member = BatchMember(cast(Batch, FakeBatch(1)), 0)
    observation, info = member.reset(seed=3)
    assert observation["instruction"] == info["instruction"]
    observation, reward, terminated, truncated, info = member.step(np.ones(2, np.float32))
    assert (reward, terminated, truncated, info["success"]) == (0.0, False, False, False)
    with pytest.raises(RuntimeError, match="advance together"):
        BatchMember(cast(Batch, FakeBatch(2)), 0).step(np.ones(2, np.float32))
