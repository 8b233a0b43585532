"""Against the wall clock, a policy that is slow is slow for the robot."""

import time

import pytest
from fake_policy import Actions, FakePolicy, counting, observed

from vla_humanoid.policy_runner.execution import OpenLoop, RecedingHorizon
from vla_humanoid.policy_runner.inference import Live
from vla_humanoid.policy_runner.live import LiveRunner
from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.policy_runner.runner import RunnerConfig

RATE = 20.0


class Clock:
    """A wall clock that stands still unless somebody works or sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Slow(FakePolicy):
    """Takes a while for every answer."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.busy = 0

    def act(self, query: Query) -> Actions:
        """Answer, late; alone."""
        self.busy += 1
        assert self.busy == 1
        time.sleep(self.seconds)
        self.busy -= 1
        return super().act(query)


def runner(clock: Clock) -> LiveRunner:
    return LiveRunner(Live(FakePolicy(), RATE), OpenLoop(), clock=clock, sleep=clock.sleep)


def test_every_step_waits_for_its_time() -> None:
    clock = Clock()
    paced = runner(clock)
    for step in range(5):
        paced.act(observed(step))
        clock.now += 0.01  # The world takes a step.
    assert clock.slept == pytest.approx([0.04] * 4)
    assert paced.report.realtime_factor(RATE) == pytest.approx(1.0)


def test_a_world_that_is_too_slow_is_told_and_not_caught_up() -> None:
    clock = Clock()
    paced = runner(clock)
    for step in range(10):
        paced.act(observed(step))
        clock.now += 0.2 if step == 3 else 0.01
    assert clock.slept == pytest.approx([0.04] * 8)
    assert paced.report.wall_seconds == pytest.approx(10 * 0.05 + 0.15)
    assert paced.report.realtime_factor(RATE) == pytest.approx(0.5 / 0.65)


def test_a_slow_policy_is_felt_and_a_quick_one_is_not() -> None:
    felt: dict[float, float] = {}
    for seconds in (0.0, 0.3):
        policy = Slow(seconds)
        inference = Live(policy, RATE)
        paced = LiveRunner(inference, RecedingHorizon(4))
        for step in range(40):
            paced.act(observed(step))
        felt[seconds] = paced.report.stale_action_ratio
        assert paced.report.effective_control_hz(RATE) == pytest.approx(
            RATE * (1.0 - felt[seconds])
        )
        assert (paced.report.realtime_factor(RATE) or 0.0) <= 1.0 + 1e-9
        inference.close()
    # A chunk of 8 steps that comes after 6 leaves 2 of them: the rest is made up.
    assert felt[0.3] > felt[0.0] + 0.3


def test_an_episode_begins_once_the_policy_is_done_with_the_one_before() -> None:
    policy = Slow(0.2)
    inference = Live(policy, RATE)
    paced = LiveRunner(inference, OpenLoop(), RunnerConfig(silence=1.0))
    for _ in range(3):
        paced.reset()
        assert policy.busy == 0
        paced.act(observed(0))
        paced.act(observed(1, "something else"))  # Given up; asked anew, one at a time.
    inference.close()


def test_chunks_are_of_the_steps_that_they_were_asked_for() -> None:
    inference = Live(FakePolicy(), RATE)
    paced = LiveRunner(inference, RecedingHorizon(4))
    actions = [float(paced.act(observed(step))[0]) for step in range(20)]
    fresh = [round(1000 * a) for a in actions]
    assert sum(found == step for step, found in enumerate(fresh)) > 10
    assert counting(3)[0, 0] == pytest.approx(0.003)
    inference.close()
