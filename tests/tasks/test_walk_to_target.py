import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_stances import STEP, standing
from verdicts import plain

from vla_humanoid.assets.scene import Landmark, Scene
from vla_humanoid.tasks.core.landmark_layout import footprint_radius
from vla_humanoid.tasks.core.plan import WalkTo
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.standing_place import STAND_OFF
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.walk_to_target import WalkToTarget, WalkToTargetGoal

CONE = Landmark("green_cone", "cone", "green", (0.0, 1.0, 0.0), (3.0, 0.0))
CRATE = Landmark("blue_crate", "crate", "blue", (0.0, 0.0, 1.0), (0.0, 2.0))
SCENE = Scene(landmarks=(CONE, CRATE))
TASK = WalkToTarget()
GOAL = WalkToTargetGoal("green_cone")
HALF_A_SECOND, A_SECOND = 11, 21
"""Steps from the first at which something is so to the first at which it was so that long."""


def before(landmark: Landmark, off: float = 0.0, turned: float = 0.0) -> Stance:
    """A stance on the origin's side of a landmark, too far by ``off`` and turned away."""
    x, y = landmark.position
    side = math.atan2(-y, -x)
    distance = footprint_radius(landmark) + STAND_OFF + off
    return Stance(
        x + distance * math.cos(side),
        y + distance * math.sin(side),
        side + math.pi + turned,
    )


def judge(stance: Stance, steps: int = 40, speed: float = 0.0) -> Verdict:
    """Judge a robot that begins at the origin, and then stays where it is."""
    verdicts = TASK.judge(GOAL, SCENE)
    verdicts.update(standing(Stance(0.0, 0.0, 0.0)))
    for i in range(steps - 1):
        verdicts.update(standing(stance, i * STEP, speed))
    return verdicts.update(standing(stance, (steps - 1) * STEP, speed))


def test_success_takes_half_a_second():
    assert plain(judge(before(CONE), HALF_A_SECOND - 1)) == Verdict(False, None, False, 3, 0.0)
    assert plain(judge(before(CONE), HALF_A_SECOND)) == Verdict(True, None, False, 3, 1.0)


@given(st.floats(-0.149, 0.149), st.floats(-0.17, 0.17))
def test_a_little_off_will_do(off: float, turned: float):
    assert judge(before(CONE, off, turned)).success


@pytest.mark.parametrize("off", [-0.3, -0.16, 0.16, 1.0])
def test_too_near_or_too_far_is_no_success(off: float):
    verdict = judge(before(CONE, off))
    assert not verdict.success
    assert verdict.failure is None


@pytest.mark.parametrize("turned", [-1.0, -0.18, 0.18, 3.0])
def test_looking_elsewhere_is_no_success(turned: float):
    verdict = judge(before(CONE, 0.0, turned))
    assert not verdict.success
    assert verdict.subgoal == 2


def test_passing_by_is_no_success():
    assert not judge(before(CONE), speed=0.2).success


def test_standing_before_another_one_is_wrong_after_a_second():
    assert judge(before(CRATE), A_SECOND - 1).failure is None
    verdict = judge(before(CRATE), A_SECOND)
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object
    assert verdict.reward == 0.0


def test_where_the_robot_stood_when_judging_began_is_no_mistake():
    verdicts = TASK.judge(GOAL, SCENE)
    for i in range(2 * A_SECOND):
        assert verdicts.update(standing(before(CRATE), i * STEP)).failure is None


def test_progress_is_the_share_of_the_way():
    verdicts = TASK.judge(GOAL, SCENE)
    far = verdicts.update(standing(before(CONE, 1.0)))
    half = verdicts.update(standing(before(CONE, 0.5), STEP))
    near = verdicts.update(standing(before(CONE), 2 * STEP))
    assert [far.progress, half.progress, near.progress] == pytest.approx([0.0, 0.5, 1.0])


def test_walking_past_another_one_is_not_wrong():
    assert judge(before(CRATE), speed=0.3).failure is None


def test_subgoals_follow_the_robot():
    steps = (Stance(0.0, 0.0, 1.5), Stance(0.0, 0.0, 0.2), before(CONE, 0.1, 0.5), before(CONE))
    found = [judge(stance, 1).subgoal for stance in steps]
    assert found == [0, 1, 2, 3]
    assert len(TASK.subgoals(GOAL, SCENE)) == 3
    assert TASK.subgoals(GOAL, SCENE)[1] == "walk to the green cone"


def test_the_plan_ends_in_success():
    (skill,) = TASK.plan(GOAL, SCENE)
    assert isinstance(skill, WalkTo)
    assert judge(Stance(skill.x, skill.y, skill.yaw)).success


def test_a_goal_of_another_scene_is_refused():
    with pytest.raises(ValueError, match="No 'plaid_cow' in this scene; it has green_cone, blue"):
        TASK.judge(replace(GOAL, landmark="plaid_cow"), SCENE)
