"""Which action is carried out when, for every way of carrying out chunks."""

import numpy as np
import pytest
from fake_policy import HORIZON, FakePolicy, counting, observed, step_of
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.policy_runner.execution import (
    Chunk,
    Execution,
    OpenLoop,
    RealTimeChunking,
    RecedingHorizon,
    TemporalEnsemble,
)
from vla_humanoid.policy_runner.inference import InStep
from vla_humanoid.policy_runner.runner import PolicyRunner

EXECUTIONS = (OpenLoop(), RecedingHorizon(3), TemporalEnsemble(), RealTimeChunking(3))


@pytest.mark.parametrize("execution", EXECUTIONS, ids=lambda one: type(one).__name__)
@given(delay=st.integers(0, 4))
def test_every_action_is_carried_out_at_the_step_it_is_meant_for(
    execution: Execution, delay: int
) -> None:
    runner = PolicyRunner(InStep(FakePolicy(), delay), execution)
    for step in range(40):
        action = runner.act(observed(step))
        if step >= delay and not (isinstance(execution, OpenLoop) and delay):
            assert action == pytest.approx(step / 1000.0, abs=1e-6)


@pytest.mark.parametrize(
    ("execution", "asked"),
    [
        (OpenLoop(), [0, 8, 16]),
        (RecedingHorizon(3), [0, 3, 6, 9, 12, 15, 18]),
        (RecedingHorizon(99), [0, 8, 16]),
        (RecedingHorizon(), [0, 4, 8, 12, 16]),
        (TemporalEnsemble(), list(range(20))),
        (RealTimeChunking(5), [0, 5, 10, 15]),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Execution) else "",
)
def test_the_policy_is_asked_when_it_should_be(execution: Execution, asked: list[int]) -> None:
    policy = FakePolicy()
    runner = PolicyRunner(InStep(policy), execution)
    for step in range(20):
        runner.act(observed(step))
    assert [step_of(query) for query in policy.queries] == asked


def constant(value: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.full((HORIZON, 1), value, dtype=np.float32)


def test_an_ensemble_weighs_the_oldest_chunk_most() -> None:
    ensemble = TemporalEnsemble(decay=0.5)
    ensemble.accept(Chunk(0, constant(1.0)), 0)
    ensemble.accept(Chunk(1, constant(0.0)), 1)
    (mean,) = np.asarray(ensemble.at(1))
    assert mean == pytest.approx(1.0 / (1.0 + np.exp(-0.5)))
    assert ensemble.at(HORIZON) == pytest.approx(0.0)
    assert ensemble.at(HORIZON + 1) is None


@given(frozen=st.integers(0, 4))
def test_real_time_chunks_join_without_a_jump(frozen: int) -> None:
    chunking = RealTimeChunking(2)
    chunking.accept(Chunk(0, constant(1.0)), 0)
    chunking.accept(Chunk(2, constant(-1.0)), 2 + frozen)
    assert chunking.plan is not None
    values = chunking.plan.actions[:, 0]
    assert values[:frozen] == pytest.approx(1.0)
    assert (np.diff(values) <= 1e-6).all()
    assert values[-1] == pytest.approx(-1.0)
    assert np.abs(np.diff(values)).max() < 2.0  # what a receding horizon would do


def test_a_policy_is_told_what_will_be_done_while_it_thinks() -> None:
    policy = FakePolicy()
    runner = PolicyRunner(InStep(policy, delay=3), RealTimeChunking(4))
    for step in range(12):
        runner.act(observed(step))
    first, second = policy.queries[:2]
    assert first.committed.shape == (0, 4)
    assert second.committed == pytest.approx(counting(step_of(second), 3), abs=1e-6)
