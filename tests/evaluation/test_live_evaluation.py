"""Evaluations against the wall clock."""

import time
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.description import Description
from vla_humanoid.envs.description import describe_env
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.config import FIRST_SEED, EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.evaluation.policies import PolicySource
from vla_humanoid.policy_runner.constant import ZeroPolicy
from vla_humanoid.policy_runner.policy import Query

LATENCY = 0.4
SERVED = EvaluationConfig("ws://slow:8000")


class SlowPolicy(ZeroPolicy):
    """Thinks for long."""

    def act(self, query: Query) -> NDArray[np.float32]:
        time.sleep(LATENCY)
        return super().act(query)


@pytest.fixture
def slow_server(monkeypatch: pytest.MonkeyPatch) -> None:
    description: Description = describe_env(HumanoidEnv("PressButton", cameras=()))
    policy = SlowPolicy(description)
    monkeypatch.setattr(PolicySource, "_connect", lambda *_: policy)


@pytest.mark.usefixtures("slow_server")
def test_a_slow_policy_is_felt_only_against_the_wall_clock() -> None:
    found: dict[bool, EpisodeResult] = {}
    for live in (False, True):
        evaluator = Evaluator(replace(SERVED, live=live))
        found[live] = evaluator.run("PressButton", FIRST_SEED)
        evaluator.close()
    assert found[False].stale_action_ratio == 0.0
    assert found[False].realtime_factor is None
    paced = found[True]
    # Of 8 steps until the first answer; fewer where the simulation itself is slow.
    assert paced.stale_action_ratio * paced.steps >= 1.0
    assert paced.fallbacks["late"] >= 1
    assert paced.realtime_factor is not None
    assert 0.0 < paced.realtime_factor <= 1.0 + 1e-9
    assert paced.latencies[0] >= LATENCY


@pytest.mark.usefixtures("slow_server")
def test_a_delay_that_is_made_up_has_no_place_there() -> None:
    evaluator = Evaluator(replace(SERVED, live=True, delay=2))
    with pytest.raises(ConfigurationError, match="leave out --delay"):
        evaluator.run("PressButton", FIRST_SEED)
    evaluator.close()
