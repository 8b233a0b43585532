import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.envs.dynamics import PAYLOAD_REGION, Dynamics, sample_dynamics
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import EpisodeRandom

seeds = st.integers(0, 2**40)
OFTEN = PushRanges(
    count=(4, 4), forces=(40.0, 80.0), durations=(0.1, 0.1), times=(1.0, 9.0), apart=2.0
)
PUSHES_OF_SEED_3 = np.array(
    [
        [2.0266433169310294, 0.16956258008536745, 4.434294958611672, 13.232201300490926, 0.0],
        [5.949674032281291, 0.1441876010812713, -18.717810399200893, -17.78831904115442, 0.0],
    ]
)


def dynamics(seed: int, ranges: PushRanges = OFTEN, *, carries_payload: bool = True) -> Dynamics:
    random = EpisodeRandom(seed, frozenset({"pushes", "payload"}))
    return sample_dynamics(random, ranges, carries_payload=carries_payload)


@given(seeds)
def test_pushes_are_as_a_task_asks(seed: int) -> None:
    pushes = dynamics(seed).pushes
    starts = np.array([push.start for push in pushes])
    assert len(pushes) == 4
    assert starts.min() >= 1.0
    assert starts.max() <= 9.0
    assert np.diff(starts).min() >= 2.0 - 1e-9
    for push in pushes:
        assert 4.0 - 1e-9 <= np.linalg.norm(push.force) * push.duration <= 8.0 + 1e-9
        assert push.force[2] == 0.0


def test_pushes_of_a_task_that_asks_for_nothing_stay_what_they_were() -> None:
    # Datasets are rebuilt from their seeds.
    numbers = [
        (push.start, push.duration, *push.force) for push in dynamics(3, PushRanges()).pushes
    ]
    assert np.array(numbers) == pytest.approx(PUSHES_OF_SEED_3, rel=1e-12)


@given(seeds)
def test_a_payload_lies_in_the_chest_or_on_the_back(seed: int) -> None:
    payload = dynamics(seed).payload
    assert 0.0 <= payload.mass <= 2.0
    for coordinate, (low, high) in zip(payload.position, PAYLOAD_REGION, strict=True):
        assert low <= coordinate <= high


def test_only_tasks_that_carry_one_have_a_payload() -> None:
    assert dynamics(0).payload.mass > 0.0
    assert dynamics(0, carries_payload=False).payload.mass == 0.0
    assert dynamics(0, carries_payload=False).pushes == dynamics(0).pushes
