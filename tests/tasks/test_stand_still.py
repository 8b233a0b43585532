import pytest
from synthetic_stances import STEP, standing
from verdicts import plain

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.locomotion import WALKED_AWAY
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.task import Verdict
from vla_humanoid.tasks.stand_still import DURATION, StandStill, StandStillGoal

TASK = StandStill()
START = Stance(1.0, 2.0, 3.0)
STEPS = round(DURATION / STEP)


def judge(*ways: Stance) -> Verdict:
    """Judge a robot that begins somewhere, moves at once and stays there until the time is over."""
    judge = TASK.judge(StandStillGoal(), Scene())
    verdict = judge.update(standing(START))
    for i in range(1, STEPS + 1):
        verdict = judge.update(standing(ways[min(i - 1, len(ways) - 1)], i * STEP))
        if i < STEPS and verdict.failure is None:
            assert plain(verdict) == Verdict(False, None, False, 0, 0.0)
    return verdict


def test_success_is_to_stand_there_when_the_time_is_over():
    assert plain(judge(START)) == Verdict(True, None, False, 1, 1.0)


@pytest.mark.parametrize("end", [Stance(1.29, 2.0, 3.0), Stance(1.0, 2.0, -2.94)])
def test_a_little_off_will_do(end: Stance):
    assert judge(end).success


@pytest.mark.parametrize("end", [Stance(1.31, 2.0, 3.0), Stance(1.0, 2.0, -2.9)])
def test_elsewhere_in_the_end_is_a_failure(end: Stance):
    assert judge(end).failure == WALKED_AWAY


def test_a_step_aside_and_back_will_do():
    assert judge(Stance(1.5, 2.0, 3.0), START).success


def test_far_away_is_a_failure_at_once():
    assert judge(Stance(1.7, 2.0, 3.0), START).failure == WALKED_AWAY
