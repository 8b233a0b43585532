import numpy as np
import pytest
from fake_environment import FakeConfig, FakeEnv, FakeExpert, HopelessExpert

from vla_humanoid.data_collection.environment import Action, DemonstrationWorld
from vla_humanoid.data_collection.rollout import EpisodeRun, Moment, Outcome, rollout


class Diary:
    def __init__(self) -> None:
        self.calls: list[str] = []
        self.moments: list[Moment] = []

    def on_reset(self, world: DemonstrationWorld) -> None:
        self.calls.append("reset")

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        self.calls.append("last step" if last else "step")
        self.moments.append(moment)

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        self.calls.append("end")
        self.moments.append(moment)


def outcomes(count: int) -> dict[int, Outcome]:
    env = FakeEnv(FakeConfig())
    return {seed: rollout(env, FakeExpert(env), seed) for seed in range(count)}


def test_every_subscriber_hears_of_every_step_in_order() -> None:
    env = FakeEnv(FakeConfig())
    diaries = Diary(), Diary()
    outcome = rollout(env, FakeExpert(env), 1, diaries)
    for diary in diaries:
        steps = ["step"] * (outcome.steps - 1)
        assert diary.calls == ["reset", *steps, "last step", "end"]


def test_a_step_is_told_with_the_moment_before_it() -> None:
    env = FakeEnv(FakeConfig())
    diary = Diary()
    rollout(env, FakeExpert(env), 1, [diary])
    times = [moment.world.time for moment in diary.moments]
    np.testing.assert_allclose(times, np.arange(len(times)) / 20)
    for moment in diary.moments:
        np.testing.assert_array_equal(
            moment.observation["state"], moment.world.robot.joint_positions.astype(np.float32)
        )


def test_failures_say_why() -> None:
    reasons = {outcome.failure for outcome in outcomes(60).values() if not outcome.success}
    assert reasons == {"timeout", "cannot reach the cube"}


def test_giving_up_at_once_takes_no_step() -> None:
    env = FakeEnv(FakeConfig())
    outcome = rollout(env, HopelessExpert(env), 0)
    assert outcome == Outcome(success=False, failure="no grasp found", steps=0)


@pytest.mark.parametrize("seed", [0, 5])
def test_the_same_seed_gives_the_same_episode_in_a_used_environment(seed: int) -> None:
    env = FakeEnv(FakeConfig())
    one = Diary()
    rollout(env, FakeExpert(env), seed, [one])
    other = Diary()
    rollout(env, FakeExpert(env), 9, [])
    rollout(env, FakeExpert(env), seed, [other])
    assert len(one.moments) == len(other.moments)
    for a, b in zip(one.moments, other.moments, strict=True):
        np.testing.assert_array_equal(a.observation["state"], b.observation["state"])


@pytest.mark.parametrize(("goal_index", "side"), [(0, "left"), (1, "right")])
def test_a_goal_can_be_chosen(goal_index: int, side: str) -> None:
    env = FakeEnv(FakeConfig())
    for seed in range(4):
        EpisodeRun(env, FakeExpert(env), seed, goal_index=goal_index)
        assert env.episode.goal == side


def test_an_episode_that_is_over_takes_no_further_step() -> None:
    env = FakeEnv(FakeConfig())
    run = EpisodeRun(env, HopelessExpert(env), 0)
    assert run.step() is run.outcome is not None
    with pytest.raises(RuntimeError, match="over"):
        run.step()
