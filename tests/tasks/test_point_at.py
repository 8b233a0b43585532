from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_worlds import robot
from table_episodes import at_start, check_sentences, held_for

from vla_humanoid.control.rotations import matrix_to_quat
from vla_humanoid.schema import FloatArray, Pose, RobotState
from vla_humanoid.tasks.core.pointing import POINTING_WRIST, centre
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import WRONG_OBJECT
from vla_humanoid.tasks.point_at import PointAt, PointAtGoal

TASK = PointAt()
SCENE = TASK.sample_scene(EpisodeRandom(1, DEFAULT_AXES))
THINGS = (*SCENE.objects, *SCENE.landmarks)
CENTRES = {thing.name: centre(thing) for thing in THINGS}


def pointing(target: FloatArray, off: float = 0.0, back: float = 0.0) -> RobotState:
    """A robot whose nearer hand points at a place, off by an angle [rad], held back [m]."""
    side = "left" if target[1] > 0.0 else "right"
    x, y, z = POINTING_WRIST
    wrist = np.array([x - back, y if side == "left" else -y, z])
    ahead = (target - wrist) / np.linalg.norm(target - wrist)
    left = np.cross([0.0, 0.0, 1.0], ahead)
    left /= np.linalg.norm(left)
    turned = np.cos(off) * ahead + np.sin(off) * left
    across = np.cos(off) * left - np.sin(off) * ahead
    frame = np.column_stack([turned, across, np.cross(turned, across)])
    who = robot()
    links = {**who.links, f"{side}_wrist_yaw_link": Pose(wrist, matrix_to_quat(frame))}
    return replace(who, links=links)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_sentences_and_goals(seed: int) -> None:
    check_sentences(TASK, seed)


def test_a_second_of_pointing_at_each_thing_is_a_success() -> None:
    for name, place in CENTRES.items():
        goal = PointAtGoal(name)
        assert not held_for(TASK.judge(goal, SCENE), at_start(SCENE), 0.9, pointing(place)).success
        verdict = held_for(TASK.judge(goal, SCENE), at_start(SCENE), 1.0, pointing(place))
        assert verdict.success
        assert verdict.subgoal == len(TASK.subgoals(goal, SCENE))


def test_aiming_beside_it_is_none() -> None:
    for name, place in CENTRES.items():
        for off in (-0.13, 0.13):
            who = pointing(place, off)
            judge = TASK.judge(PointAtGoal(name), SCENE)
            assert not held_for(judge, at_start(SCENE), 1.5, who).success


def test_a_hand_that_hangs_back_points_at_nothing() -> None:
    name, place = next(iter(CENTRES.items()))
    who = pointing(place, back=0.15)
    assert not held_for(TASK.judge(PointAtGoal(name), SCENE), at_start(SCENE), 2.0, who).success


def test_pointing_at_something_else_is_a_mistake() -> None:
    wanted, other, *_ = CENTRES
    judge = TASK.judge(PointAtGoal(wanted), SCENE)
    held_for(judge, at_start(SCENE), 0.1)
    verdict = held_for(judge, at_start(SCENE), 1.1, pointing(CENTRES[other]), start=0.2)
    assert verdict.failure == WRONG_OBJECT
