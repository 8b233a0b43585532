"""What the robot does when its policy is late, silent, wrong or back."""

import re
import threading
import time

import numpy as np
import pytest
from fake_policy import DESCRIPTION, SPEC, Actions, FakePolicy, counting, observed
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.policy_runner.execution import OpenLoop, RecedingHorizon
from vla_humanoid.policy_runner.inference import InStep, Live
from vla_humanoid.policy_runner.policy import Action, Outlook, Query
from vla_humanoid.policy_runner.runner import PolicyRunner, RunnerConfig

X, GRIP, VELOCITY, HEIGHT = range(4)


def physical(action: Action) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return SPEC.to_physical(action.astype(np.float64))


def steady(value: float) -> Actions:
    return np.full((4, SPEC.dim), value, dtype=np.float32)


def test_before_the_first_answer_the_robot_stays_as_it_is() -> None:
    runner = PolicyRunner(InStep(FakePolicy(), delay=2), RecedingHorizon(4))
    action = physical(runner.act(observed(700)))
    assert action == pytest.approx([0.25, 0.5, 0.0, 0.70], abs=1e-3)
    assert runner.report.fallbacks == {"late": 1}


def test_a_late_policy_leaves_the_arms_where_they_are_and_stops_walking() -> None:
    runner = PolicyRunner(InStep(FakePolicy(lambda _: steady(0.5)), delay=3), OpenLoop())
    # Answered at step 3 for steps 0 to 3, asked again at 4.
    actions = [runner.act(observed(step)) for step in range(7)]
    assert actions[-1] == pytest.approx([0.5, 0.5, 0.0, 0.5])
    assert runner.report.stale == 6
    assert runner.report.stale_action_ratio == pytest.approx(6 / 7)
    assert runner.report.effective_control_hz(20.0) == pytest.approx(20 / 7)


def test_a_policy_that_fails_is_held_then_stood_up_and_resumed_when_it_is_back() -> None:
    def answer(step: int) -> Actions | str:
        return "out of memory" if 4 <= step < 40 else steady(-0.5)

    config = RunnerConfig(hold=1.0)
    runner = PolicyRunner(InStep(FakePolicy(answer)), OpenLoop(), config)
    actions = [runner.act(observed(step)) for step in range(44)]
    assert actions[10] == pytest.approx([-0.5, -0.5, 0.0, -0.5])
    assert physical(actions[39])[HEIGHT] == pytest.approx(config.standing_height)
    assert actions[39][:3] == pytest.approx([-0.5, -0.5, 0.0])
    assert actions[40] == pytest.approx(-0.5)
    assert runner.report.fallbacks == {"failed": 1}
    assert runner.report.explanations["failed"] == "out of memory"


@pytest.mark.parametrize(
    ("bad", "reason", "said"),
    [
        (np.full((4, 4), np.nan, dtype=np.float32), "not_finite", "right_wrist_x is not finite"),
        (np.zeros((4, 3), dtype=np.float32), "misshapen", r"shape \(4, 3\) where \(steps, 4\)"),
        (np.zeros((0, 4), dtype=np.float32), "misshapen", r"shape \(0, 4\)"),
        (np.zeros(4, dtype=np.float32), "misshapen", r"shape \(4,\)"),
    ],
)
def test_answers_that_make_no_sense_are_named(bad: Actions, reason: str, said: str) -> None:
    runner = PolicyRunner(InStep(FakePolicy(lambda _: bad)), OpenLoop())
    for step in range(3):
        assert np.isfinite(runner.act(observed(step))).all()
    assert runner.report.fallbacks == {reason: 1}
    assert re.search(said, runner.report.explanations[reason])


def test_an_answer_that_contradicts_the_plan_waits_for_another_that_agrees() -> None:
    def answer(step: int) -> Actions:
        return np.full((8, 4), -0.9 if step == 4 else 0.9, dtype=np.float32)

    runner = PolicyRunner(InStep(FakePolicy(answer)), RecedingHorizon(4))
    grips = [runner.act(observed(step))[GRIP] for step in range(8)]
    assert grips == pytest.approx([0.9] * 8)
    assert runner.report.fallbacks == {"disagrees_with_itself": 1}

    def changed(step: int) -> Actions:
        return np.full((8, 4), 0.9 if step < 4 else -0.9, dtype=np.float32)

    runner = PolicyRunner(InStep(FakePolicy(changed)), RecedingHorizon(4))
    grips = [runner.act(observed(step))[GRIP] for step in range(8)]
    assert grips == pytest.approx([0.9] * 5 + [-0.9] * 3)


def test_another_sentence_is_told_at_once_and_what_was_planned_is_dropped() -> None:
    policy = FakePolicy()
    runner = PolicyRunner(InStep(policy), OpenLoop())
    for step in range(6):
        runner.act(observed(step, "lift the cube" if step < 3 else "no, the ball"))
    assert policy.told == ["lift the cube", "no, the ball"]
    assert len(policy.queries) == 2


@given(answers=st.lists(st.sampled_from(["good", "nan", "fail", "wild"]), min_size=1, max_size=30))
def test_whatever_the_policy_does_every_action_is_finite_and_within_bounds(
    answers: list[str],
) -> None:
    def answer(step: int) -> Actions | str:
        match answers[step % len(answers)]:
            case "nan":
                return np.full((3, 4), np.nan, dtype=np.float32)
            case "fail":
                return "broken"
            case "wild":
                return np.full((3, 4), 1e9, dtype=np.float32)
            case _:
                return counting(step, 3)

    runner = PolicyRunner(InStep(FakePolicy(answer), delay=1), RecedingHorizon(2))
    for step in range(40):
        action = runner.act(observed(step))
        assert np.isfinite(action).all()
        assert np.abs(action).max() <= 1.0


class Hanging:
    """Answers only once it is let."""

    def __init__(self) -> None:
        self.description = DESCRIPTION
        self.free = threading.Event()

    def reset(self, instruction: str) -> None:
        pass

    def act(self, query: Query) -> Actions:
        self.free.wait(10.0)
        return steady(0.25)


def test_a_policy_that_hangs_is_given_up_and_asked_anew() -> None:
    policy = Hanging()
    inference = Live(policy, rate=20.0)
    runner = PolicyRunner(inference, OpenLoop(), RunnerConfig(silence=0.5))
    for step in range(30):
        runner.act(observed(step))
    assert runner.report.stale == 30
    assert runner.report.fallbacks["silent"] >= 1
    policy.free.set()
    deadline = time.monotonic() + 5.0
    while runner.report.answers == 0 and time.monotonic() < deadline:
        runner.act(observed(30))
        time.sleep(0.01)
    assert runner.act(observed(31)) == pytest.approx(0.25)
    inference.close()


class Knowing(FakePolicy):
    """Tells how far it is: a tenth more with every question since it was told something."""

    outlook: Outlook | None = None

    def reset(self, instruction: str) -> None:
        super().reset(instruction)
        self.outlook = None

    def act(self, query: Query) -> Actions:
        self.outlook = Outlook(0.0 if self.outlook is None else self.outlook.progress + 0.1, 0)
        return super().act(query)


def test_a_policy_that_has_done_what_it_was_told_is_asked_no_more() -> None:
    policy = Knowing(lambda step: counting(step, 8))
    runner = PolicyRunner(InStep(policy), RecedingHorizon(4), RunnerConfig(done=0.19))
    actions = [runner.act(observed(step)) for step in range(60)]
    assert len(policy.queries) == 3  # At the steps 0, 4 and 8, where its progress is 0.2.
    assert runner.report.done_at == 8
    assert actions[15] == pytest.approx(0.015)  # The end of the chunk that came with it.
    for action in actions[16:]:
        assert action == pytest.approx([0.015, 0.015, 0.0, 0.015], abs=1e-6)
    assert runner.report.stale == 0
    assert not runner.report.fallbacks
    runner.act(observed(60, "put it down"))
    assert runner.report.done_at is None
    assert len(policy.queries) == 4


@pytest.mark.parametrize("done", [None, 0.95])
def test_a_policy_is_asked_as_long_as_it_is_not_done(done: float | None) -> None:
    policy = Knowing(lambda step: counting(step, 8))
    runner = PolicyRunner(InStep(policy), RecedingHorizon(4), RunnerConfig(done=done))
    for step in range(36):
        runner.act(observed(step))
    assert len(policy.queries) == 9
    assert runner.report.done_at is None


def test_a_policy_that_does_not_tell_how_far_it_is_is_asked_to_the_end() -> None:
    policy = FakePolicy(lambda step: counting(step, 8))
    runner = PolicyRunner(InStep(policy), RecedingHorizon(4), RunnerConfig(done=0.1))
    for step in range(12):
        runner.act(observed(step))
    assert len(policy.queries) == 3
