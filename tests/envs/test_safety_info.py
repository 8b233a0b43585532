"""What the environment makes of actions that cannot be carried out, and what it says about it."""

from typing import TypedDict, cast

import numpy as np
import pytest
from mujoco_worlds import mujoco_of

from vla_humanoid.assets.figures import is_finger
from vla_humanoid.assets.scene import Scene
from vla_humanoid.envs.footprints import OVERHANG, footprints
from vla_humanoid.envs.humanoid_env import Action, HumanoidEnv, Info
from vla_humanoid.schema import FloatArray

EVERY_MODE = ("end_effector", "arm_joints", "right_arm", "joints")
REST = np.array([0.1, 0.25, 0.86, 0, 0, 0, 0, 0.1, -0.25, 0.86, 0, 0, 0, 0, 0, 0, 0, 0.74])


class Safety(TypedDict):
    interventions: dict[str, int]
    explanations: dict[str, str]
    fallback: str
    fallback_reason: str
    sit_phase: str


def safety(info: Info) -> Safety:
    return cast("Safety", info["safety"])


def environment(task: str = "PickPlace", mode: str = "end_effector", seed: int = 2) -> HumanoidEnv:
    env = HumanoidEnv(task, control_mode=mode, cameras=(), randomization="none")
    env.reset(seed=seed)
    return env


def rest(env: HumanoidEnv, velocity: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Action:
    action = REST.copy()
    action[14:17] = velocity
    return env.action_spec.to_normalized(action).astype(np.float32)


def sensed(env: HumanoidEnv, actions: list[Action]) -> FloatArray:
    return np.array([env.step(action)[0]["state"] for action in actions])


@pytest.mark.parametrize("mode", EVERY_MODE)
def test_a_fresh_episode_has_nothing_to_report(mode: str) -> None:
    env = environment(mode=mode)
    env.step(np.full(env.action_spec.dim, np.nan, dtype=np.float32))
    _, info = env.reset(seed=2)
    assert safety(info) == {
        "interventions": {},
        "explanations": {},
        "fallback": "none",
        "fallback_reason": "",
        "sit_phase": "",
    }
    env.close()


@pytest.mark.parametrize("mode", EVERY_MODE)
def test_entries_that_are_not_finite_keep_their_value_and_are_counted(mode: str) -> None:
    env, other = environment(mode=mode), environment(mode=mode)
    good = np.full(env.action_spec.dim, 0.1, dtype=np.float32)
    if mode == "end_effector":
        good = rest(env)
    bad = good.copy()
    bad[[0, 2]] = np.nan, -np.inf
    np.testing.assert_array_equal(sensed(env, [good, bad, bad]), sensed(other, [good] * 3))
    _, _, _, _, info = env.step(bad)
    first, third = env.action_spec.fields[0].name, env.action_spec.fields[2].name
    assert safety(info)["interventions"]["not_finite"] == 3
    assert f"at {first}, {third}." in safety(info)["explanations"]["not_finite"]
    env.close()
    other.close()


def test_an_action_that_is_not_finite_at_first_leaves_the_robot_as_it_stands() -> None:
    env = environment()
    info: Info = {}
    body = [not is_finger(name) for name in env.joint_names]
    before = env.world_state().robot.joint_positions[body]
    for _ in range(20):
        _, _, terminated, _, info = env.step(np.full(18, np.nan, dtype=np.float32))
        assert not terminated
    assert safety(info)["interventions"] == {"not_finite": 20}
    assert env.world_state().robot.joint_positions[body] == pytest.approx(before, abs=0.05)
    env.close()


def test_entries_beyond_the_bounds_are_clipped_and_counted() -> None:
    env, other = environment(mode="right_arm"), environment(mode="right_arm")
    beyond = np.array([5.0, 0, 0, 0, 0, 0, -5.0], dtype=np.float32)
    clipped = np.clip(beyond, -1.0, 1.0)
    np.testing.assert_array_equal(sensed(env, [beyond] * 3), sensed(other, [clipped] * 3))
    _, _, _, _, info = env.step(beyond)
    assert safety(info)["interventions"]["out_of_bounds"] == 4
    assert "right_wrist" in safety(info)["explanations"]["out_of_bounds"]
    assert "out_of_bounds" not in safety(other.step(clipped)[4])["interventions"]
    env.close()
    other.close()


def test_velocities_that_cannot_be_walked_together_are_slowed_down_and_say_so() -> None:
    env = environment("StandStill")
    info: Info = {}
    for _ in range(3):
        _, _, _, _, info = env.step(rest(env, (0.5, 0.0, 0.0)))
    assert "velocity_limited" not in safety(info)["interventions"]
    for _ in range(3):
        _, _, _, _, info = env.step(rest(env, (0.5, 0.3, 1.0)))
    assert safety(info)["interventions"]["velocity_limited"] == 1  # It lasts.
    assert "[0.5, 0.3, 1.0]" in safety(info)["explanations"]["velocity_limited"]
    env.close()


def test_the_robot_does_not_walk_into_the_table() -> None:
    env = environment()
    info: Info = {}
    for _ in range(60):
        _, _, _, _, info = env.step(rest(env, (0.5, 0.0, 0.0)))
        assert not info["fallen"]
    assert safety(info)["interventions"]["obstacle_ahead"] >= 1
    assert env.world_state().robot.base.pose.position[0] < 0.2
    env.close()


def test_the_balance_layer_knows_table_and_landmarks() -> None:
    env = environment("TurnToFace")
    scene = env.episode.scene
    assert len(footprints(scene)) == len(scene.landmarks) > 0
    env.close()
    env = environment("PickPlace")
    scene = env.episode.scene
    assert scene.table is not None
    (table,) = footprints(scene)
    assert table.center == scene.table.position
    assert table.half_size == tuple(0.5 * size - OVERHANG for size in scene.table.size)
    env.close()
    assert footprints(Scene()) == []


def test_a_robot_beyond_recovery_sits_down_and_says_why() -> None:
    env = environment()
    info: Info = {}
    mujoco_of(env).data.qvel[:2] = (0.5, -3.0)  # It is thrown over.
    for _ in range(40):
        _, _, terminated, _, info = env.step(rest(env))
        if terminated:
            break
    assert info["fallen"]
    assert info["failure"] == "fallen"
    assert safety(info)["fallback"] == "sit"
    assert safety(info)["fallback_reason"] in safety(info)["explanations"]["sit"]
    assert safety(info)["sit_phase"] == "falling"
    env.close()
