import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_frames import frame

from vla_humanoid.control.footsteps import wrapped
from vla_humanoid.control.stance_motion import StanceMotion
from vla_humanoid.control.targets import StanceFrame
from vla_humanoid.schema import FloatArray

DT = 0.004
AT_ORIGIN = StanceFrame(np.zeros(3), 0.0)


def pose_of(stance: StanceFrame) -> FloatArray:
    return np.array([*stance.origin, stance.yaw])


def walk(motion: StanceMotion, rate: FloatArray, seconds: float) -> list[FloatArray]:
    """Let the planned frame move evenly from where it is; return where the frame was."""
    start, poses = pose_of(motion.frame), []
    for i in range(round(seconds / DT)):
        midway = start + rate * i * DT
        midway[3] = wrapped(midway[3])
        motion.advance(midway, rate, standing=False, dt=DT)
        poses.append(pose_of(motion.frame))
    return poses


def test_between_feet_that_stand_the_frame_is_where_they_are() -> None:
    motion = StanceMotion(AT_ORIGIN)
    measured = StanceFrame(np.array([0.1, -0.2, 0.01]), 0.3)
    motion.rest(measured)
    motion.advance(pose_of(measured), np.zeros(4), standing=True, dt=DT)
    assert motion.frame is measured
    assert motion.velocity == pytest.approx(np.zeros(4))


@pytest.mark.parametrize("yaw", [0.0, 3.0])
def test_it_follows_an_even_walk_without_lagging_behind(yaw: float) -> None:
    motion = StanceMotion(StanceFrame(np.zeros(3), yaw))
    rate = np.array([0.4, -0.1, 0.02, 0.5])
    walk(motion, rate, 2.0)
    assert motion.frame.origin == pytest.approx(rate[:3] * 2.0, abs=0.005)
    assert wrapped(motion.frame.yaw - yaw - 1.0) == pytest.approx(0.0, abs=0.005)
    assert motion.velocity == pytest.approx(rate, abs=0.01)


@given(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1), st.floats(-0.3, 0.3))
@settings(max_examples=30)
def test_a_plan_that_jumps_does_not_make_the_frame_jump(x: float, y: float, turn: float) -> None:
    motion = StanceMotion(AT_ORIGIN)
    jump = np.array([x, y, 0.0, turn])
    before = pose_of(motion.frame)
    largest = np.zeros(4)
    for _ in range(round(1.0 / DT)):
        motion.advance(jump, np.zeros(4), standing=False, dt=DT)
        now = pose_of(motion.frame)
        largest = np.maximum(largest, np.abs(now - before))
        before = now
    assert before == pytest.approx(jump, abs=1e-3)
    assert (largest <= 0.025 * np.abs(jump) + 1e-9).all()


def test_after_a_walk_it_comes_to_rest_where_the_feet_are() -> None:
    motion = StanceMotion(AT_ORIGIN)
    last = walk(motion, np.array([0.4, 0.0, 0.0, 0.2]), 1.0)[-1]
    stop = last + np.array([0.02, 0.01, 0.0, 0.01])
    feet = StanceFrame(stop[:3], float(stop[3]))
    for _ in range(round(1.0 / DT)):
        motion.rest(feet)
        before = pose_of(motion.frame)
        motion.advance(stop, np.zeros(4), standing=True, dt=DT)
        assert np.abs(pose_of(motion.frame) - before).max() < 3e-3
    assert pose_of(motion.frame) == pytest.approx(stop, abs=1e-3)
    assert motion.velocity == pytest.approx(np.zeros(4))
    motion.rest(AT_ORIGIN)
    assert motion.frame is AT_ORIGIN


def test_points_move_as_the_frame_carries_them() -> None:
    motion = StanceMotion(AT_ORIGIN)
    walk(motion, np.array([0.3, 0.1, 0.0, 0.8]), 1.0)
    carried = np.array([0.4, 0.2, 0.9])
    point = motion.frame.origin + motion.frame.rotation @ carried
    twist = motion.velocity_at(point)
    walk(motion, motion.velocity, DT)
    after = motion.frame.origin + motion.frame.rotation @ carried
    assert (after - point) / DT == pytest.approx(twist[:3], abs=0.02)
    assert twist[3:] == pytest.approx([0.0, 0.0, motion.velocity[3]])


def test_arms_sway_with_the_pelvis_of_a_walking_robot_only() -> None:
    motion, ahead = StanceMotion(StanceFrame(np.zeros(3), math.pi / 2.0)), 0.03
    # Turned to the left, the pelvis of a stand is ahead along y.
    swaying = frame(np.array([0.05, 0.03, 0.7]), velocity=np.array([0.2, 0, 0, 0, 0, 0]))
    motion.follow(swaying, ahead, walking=False, dt=DT)
    assert motion.sway == pytest.approx(np.zeros(6))
    shares = []
    for _ in range(round(0.5 / DT)):
        motion.follow(swaying, ahead, walking=True, dt=DT)
        shares.append(motion.sway[0] / 0.05)
    assert motion.sway == pytest.approx([0.05, 0.0, 0.0, 0.2, 0.0, 0.0], abs=1e-9)
    assert max(np.diff([0.0, *shares])) < 0.02  # It comes gradually.
    for _ in range(round(0.5 / DT)):
        motion.follow(swaying, ahead, walking=False, dt=DT)
    assert motion.sway == pytest.approx(np.zeros(6))
