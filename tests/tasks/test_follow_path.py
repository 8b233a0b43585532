import math
from collections.abc import Sequence

import numpy as np
import pytest
from synthetic_stances import STEP, standing
from verdicts import plain

from vla_humanoid.assets.scene import FloorPath, Scene
from vla_humanoid.tasks.core.plan import FollowLine
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Verdict
from vla_humanoid.tasks.follow_path import LEFT_LINE, FollowPath, FollowPathGoal

RED = FloorPath("red_line", "red", (1.0, 0.0, 0.0), ((0.35, 0.0), (1.35, 0.0), (1.85, 0.87)))
BLUE = FloorPath("blue_line", "blue", (0.0, 0.0, 1.0), ((0.0, 0.35), (0.0, 2.0)))
SCENE = Scene(paths=(RED, BLUE))
TASK = FollowPath()
GOAL = FollowPathGoal("red_line")
START = Stance(0.0, 0.0, 0.0)


def walk(path: FloorPath, aside: float = 0.0) -> list[Stance]:
    """Stances along a line, on its left by a distance."""
    line, stances = Polyline(path.points), [START]
    for along in [*np.arange(0.0, line.length, 0.02).tolist(), line.length]:
        (x, y), yaw = line.at(along), line.heading(along)
        stances.append(Stance(x - aside * math.sin(yaw), y + aside * math.cos(yaw), yaw))
    return stances


def judge(stances: Sequence[Stance], pause: int = 30) -> Verdict:
    """Judge a robot that takes these stances and then stays at the last."""
    verdicts = TASK.judge(GOAL, SCENE)
    for i, stance in enumerate(stances):
        verdicts.update(standing(stance, i * STEP, speed=0.4))
    for i in range(len(stances), len(stances) + pause - 1):
        verdicts.update(standing(stances[-1], i * STEP))
    return verdicts.update(standing(stances[-1], (len(stances) + pause - 1) * STEP))


@pytest.mark.parametrize("aside", [-0.14, 0.0, 0.14])
def test_walking_along_it_and_stopping_is_success(aside: float):
    assert plain(judge(walk(RED, aside))) == Verdict(True, None, False, 3, 1.0)


def test_success_takes_half_a_second():
    assert not judge(walk(RED), 10).success
    assert judge(walk(RED), 11).success


def test_success_needs_the_whole_line():
    short_of_end = walk(RED)[:-10]
    assert not judge(short_of_end).success
    straight_to_end = [START, *(Stance(*RED.points[-1], walk(RED)[-1].yaw) for _ in range(3))]
    assert judge(straight_to_end).failure == LEFT_LINE


def test_success_needs_the_heading_of_the_last_piece():
    *way, end = walk(RED)
    assert judge([*way, Stance(end.x, end.y, end.yaw + 0.16)]).success
    assert not judge([*way, Stance(end.x, end.y, end.yaw + 0.19)]).success


def test_walking_beside_it_does_not_count():
    verdict = judge(walk(RED, 0.4))
    assert not verdict.success
    assert verdict.failure == LEFT_LINE  # What comes next stays behind.


def test_leaving_it_is_a_failure():
    away = [Stance(1.0, -0.02 * i, 0.0) for i in range(40)]
    verdict = judge([*walk(RED)[:33], *away])
    assert verdict.failure == LEFT_LINE
    assert not verdict.wrong_object


def test_following_another_one_is_wrong():
    verdict = judge(walk(BLUE))
    assert verdict.failure == WRONG_OBJECT
    assert verdict.wrong_object


def test_turning_back_is_no_success():
    there = walk(RED)
    assert judge([*there, *reversed(there[:-5])]).failure == LEFT_LINE


def test_subgoals_follow_the_robot():
    way = walk(RED)
    assert judge(way[:3], 1).subgoal == 0
    assert judge(way[:30], 1).subgoal == 1
    verdicts = TASK.judge(GOAL, SCENE)
    moving = [verdicts.update(standing(stance, speed=0.4)) for stance in way]
    assert moving[-1].subgoal == 2
    assert len(TASK.subgoals(GOAL, SCENE)) == 3


def test_the_plan_is_the_line():
    assert TASK.plan(GOAL, SCENE) == (FollowLine(RED.points),)
