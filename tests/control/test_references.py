import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.control.references import FilterLimits, PoseReferences, ScalarReference
from vla_humanoid.control.rotations import rotation_error, rotvec_to_quat
from vla_humanoid.schema import Pose

LINEAR = FilterLimits(bandwidth=20.0, speed=0.6, acceleration=3.0)
ANGULAR = FilterLimits(bandwidth=20.0, speed=3.0, acceleration=25.0)
DT = 0.004
REST = Pose(np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0]))

vectors = st.tuples(*(st.floats(-1.0, 1.0) for _ in range(3))).map(np.array)
poses = st.tuples(vectors, vectors).map(lambda pair: Pose(pair[0], rotvec_to_quat(pair[1])))


@given(st.lists(st.tuples(poses, poses), min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_poses_never_break_their_limits_and_arrive(targets: list[tuple[Pose, Pose]]) -> None:
    references = PoseReferences([REST, REST], LINEAR, ANGULAR)
    for target in targets:
        for _ in range(60):
            references.advance(target, DT)
            for pose in references.poses:
                assert np.linalg.norm(pose.linear.acceleration) <= LINEAR.acceleration + 1e-9
                assert np.linalg.norm(pose.angular.acceleration) <= ANGULAR.acceleration + 1e-9
                assert np.linalg.norm(pose.linear.velocity) <= LINEAR.speed * 1.05
    for _ in range(1500):
        references.advance(targets[-1], DT)
    for arrived, goal in zip(references.poses, targets[-1], strict=True):
        assert arrived.position == pytest.approx(goal.position, abs=1e-4)
        turn = rotation_error(goal.quat_wxyz, np.array(arrived.quat_wxyz))
        assert np.linalg.norm(turn) < 1e-3


def test_who_is_held_up_for_a_while_has_not_arrived() -> None:
    goals = [Pose(np.array([0.3, 0.1, 0.0]), rotvec_to_quat(np.array([0.5, 0.0, 0.2])))]
    references = PoseReferences([REST], LINEAR, ANGULAR)
    for pace, ticks in ((1.0, 50), (0.0, 300), (1.0, 1000)):
        for _ in range(ticks):
            references.advance(goals, DT, pace)
    assert references.poses[0].position == pytest.approx(goals[0].position, abs=1e-4)


def test_each_pose_moves_as_if_it_were_alone() -> None:
    goals = [
        Pose(np.array([0.3, 0.1, 0.0]), rotvec_to_quat(np.array([0.5, 0.0, 0.2]))),
        Pose(np.array([0.0, -0.4, 0.2]), rotvec_to_quat(np.array([0.0, -1.0, 0.0]))),
    ]
    together = PoseReferences([REST, REST], LINEAR, ANGULAR)
    alone = [PoseReferences([REST], LINEAR, ANGULAR) for _ in goals]
    for _ in range(50):
        together.advance(goals, DT)
        for reference, goal in zip(alone, goals, strict=True):
            reference.advance([goal], DT)
    for pose, reference in zip(together.poses, alone, strict=True):
        assert pose.position == pytest.approx(reference.poses[0].position)
        assert pose.linear.velocity == pytest.approx(reference.poses[0].linear.velocity)
        assert pose.angular.velocity == pytest.approx(reference.poses[0].angular.velocity)


def test_a_twist_turns_the_pose_about_the_outer_frames_axes() -> None:
    start = Pose(np.zeros(3), rotvec_to_quat(np.array([1.2, 0.0, 0.0])))
    goal = Pose(np.zeros(3), rotvec_to_quat(np.array([1.2, 0.4, -0.3])))
    references = PoseReferences([start], LINEAR, ANGULAR)
    for _ in range(20):
        before = np.array(references.poses[0].quat_wxyz)
        references.advance([goal], DT)
        turned = rotation_error(np.array(references.poses[0].quat_wxyz), before)
        rate = np.array(references.poses[0].angular.velocity)
        assert turned == pytest.approx(rate * DT, abs=1e-9)


@given(st.floats(-1.0, 1.0))
@settings(max_examples=20, deadline=None)
def test_a_number_arrives_within_its_limits(target: float) -> None:
    reference = ScalarReference(0.0, LINEAR)
    for _ in range(1500):
        reference.advance(target, DT)
        assert abs(reference.velocity) <= LINEAR.speed * 1.05
        assert abs(reference.acceleration) <= LINEAR.acceleration
    assert reference.value == pytest.approx(target, abs=1e-4)
