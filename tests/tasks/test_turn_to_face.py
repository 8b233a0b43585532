import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_stances import STEP, standing
from verdicts import plain

from vla_humanoid.assets.scene import Landmark, Scene
from vla_humanoid.tasks.core.locomotion import WALKED_AWAY
from vla_humanoid.tasks.core.plan import TurnTo
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.turn_to_face import ROOM, TurnToFace, TurnToFaceGoal

BARREL = Landmark("blue_barrel", "barrel", "blue", (0.0, 0.0, 1.0), (-1.5, -1.5))
BALL = Landmark("red_ball", "ball", "red", (1.0, 0.0, 0.0), (0.0, 2.0))
SCENE = Scene(landmarks=(BARREL, BALL))
TASK = TurnToFace()
GOAL = TurnToFaceGoal("blue_barrel")
TO_BARREL, TO_BALL = -0.75 * math.pi, 0.5 * math.pi
HALF_A_SECOND, A_SECOND = 11, 21


def judge(*stances: Stance, steps: int = 40, speed: float = 0.0) -> Verdict:
    """Judge a robot that begins at the origin and stays at the last of some stances."""
    verdicts = TASK.judge(GOAL, SCENE)
    verdicts.update(standing(Stance(0.0, 0.0, 0.0)))
    for stance in stances[:-1]:
        verdicts.update(standing(stance))
    for i in range(steps - 1):
        verdicts.update(standing(stances[-1], i * STEP, speed))
    return verdicts.update(standing(stances[-1], (steps - 1) * STEP, speed))


def test_success_takes_half_a_second():
    facing = Stance(0.0, 0.0, TO_BARREL)
    assert plain(judge(facing, steps=HALF_A_SECOND - 1)) == Verdict(False, None, False, 2, 0.0)
    assert plain(judge(facing, steps=HALF_A_SECOND)) == Verdict(True, None, False, 2, 1.0)


@given(st.floats(-0.17, 0.17))
def test_a_little_off_will_do(off: float):
    assert judge(Stance(0.0, 0.0, TO_BARREL + off)).success


@pytest.mark.parametrize("off", [-0.2, 0.2, 1.0])
def test_facing_beside_it_is_no_success(off: float):
    assert plain(judge(Stance(0.0, 0.0, TO_BARREL + off))) == Verdict(False, None, False, 0, 0.0)


def test_turning_past_it_is_no_success():
    verdict = judge(Stance(0.0, 0.0, TO_BARREL), speed=0.2)
    assert not verdict.success
    assert verdict.subgoal == 1


def test_facing_another_one_is_wrong_after_a_second():
    facing = Stance(0.0, 0.0, TO_BALL)
    assert judge(facing, steps=A_SECOND - 1).failure is None
    assert judge(facing, steps=A_SECOND).failure == WRONG_OBJECT
    assert judge(facing, steps=A_SECOND).wrong_object


def test_walking_away_is_a_failure():
    aside = Stance(ROOM + 0.01, 0.0, TO_BARREL)
    assert judge(aside).failure == WALKED_AWAY
    assert judge(Stance(0.1, 0.1, TO_BARREL)).success


def test_the_plan_ends_in_success():
    (skill,) = TASK.plan(GOAL, SCENE)
    assert isinstance(skill, TurnTo)
    assert judge(Stance(0.0, 0.0, skill.yaw)).success
