"""Episodes that are altered once they have been sampled, and what their motors do."""

import math
from dataclasses import replace

import numpy as np
import pytest

from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.envs.dynamics import Push
from vla_humanoid.envs.episode import Episode
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.task import Task

START = (0.1, -0.2, 0.4)


def made(randomization: tuple[str, ...] = ()) -> HumanoidEnv:
    return HumanoidEnv("WalkToTarget", cameras=(), randomization=randomization)


def stood_elsewhere(episode: Episode, task: Task[object]) -> Episode:
    return replace(episode, start=START)


def after(env: HumanoidEnv, steps: int) -> WorldState:
    action = np.zeros(env.action_spec.dim, dtype=np.float32)
    for _ in range(steps):
        env.step(action)
    return env.world_state()


@pytest.mark.parametrize("axes", [(), ("floor_slope",)])
def test_a_robot_can_stand_elsewhere_on_both_its_feet(axes: tuple[str, ...]) -> None:
    env = made(axes)
    env.alteration = stood_elsewhere
    env.reset(seed=3)
    robot = env.world_state().robot
    ahead = quat_to_matrix(robot.base.pose.quat_wxyz)[:, 0]
    assert math.atan2(ahead[1], ahead[0]) == pytest.approx(START[2], abs=1e-6)
    assert robot.base.pose.position[:2] == pytest.approx(START[:2], abs=0.03)
    loads = [robot.foot_wrenches[side][2] for side in SIDES]
    assert min(loads) > 0.25 * sum(loads)
    assert sum(loads) == pytest.approx(340.0, abs=40.0)


def test_without_an_alteration_an_episode_is_as_before() -> None:
    env = made()
    env.reset(seed=3)
    plain = after(env, 5).robot
    env.alteration = stood_elsewhere
    env.reset(seed=3)
    altered = after(env, 5).robot
    env.alteration = None
    env.reset(seed=3)
    again = after(env, 5).robot
    assert np.array_equal(again.joint_positions, plain.joint_positions)
    assert not np.array_equal(altered.joint_positions, plain.joint_positions)


def test_a_push_at_once_is_one_that_was_foreseen() -> None:
    push = Push(start=0.25, duration=0.15, force=(30.0, 10.0, 0.0))
    env = made()
    env.reset(seed=3)
    after(env, 5)
    env.push(push.force, push.duration)
    at_once = after(env, 10).robot
    env.alteration = lambda episode, task: replace(
        episode, dynamics=replace(episode.dynamics, pushes=(push,))
    )
    env.reset(seed=3)
    foreseen = after(env, 15).robot
    assert np.array_equal(at_once.joint_positions, foreseen.joint_positions)
    env.alteration = None
    env.reset(seed=3)
    assert not np.array_equal(after(env, 15).robot.joint_positions, foreseen.joint_positions)


def test_motors_turn_over_more_energy_the_more_they_move() -> None:
    env = made()
    env.reset(seed=3)
    assert env.motor_work == 0.0
    after(env, 20)
    still = env.motor_work
    names = [field.name for field in env.action_spec.fields]
    action = np.zeros(env.action_spec.dim, dtype=np.float32)
    action[names.index("base_velocity_x")] = 0.8
    env.reset(seed=3)
    for _ in range(20):
        env.step(action)
    assert env.motor_work > 1.3 * still > 0.0
