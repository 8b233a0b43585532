from collections.abc import Iterator

import numpy as np
import pytest

from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import FloatArray


def solve(task: str, seed: int, goal_index: int, mode: str = "end_effector") -> tuple[bool, int]:
    """Let the expert act; return whether it succeeded and after how many steps."""
    env = HumanoidEnv(task, cameras=(), control_mode=mode)
    env.reset(seed=seed, options={"goal_index": goal_index})
    expert, over, steps, info = Expert(env), False, 0, dict[str, object]()
    expert.reset()
    while not over:
        action = expert.act()
        assert expert.gave_up is None
        _, _, terminated, truncated, info = env.step(action)
        over, steps = terminated or truncated, steps + 1
    env.close()
    return bool(info["success"]), steps


@pytest.mark.parametrize("goal", [0, 1])
def test_it_opens_the_drawer_that_is_named(goal: int) -> None:
    success, steps = solve("OpenDrawer", 1, goal)
    assert success
    assert steps < 160


@pytest.fixture(scope="module")
def drawers() -> Iterator[HumanoidEnv]:
    env = HumanoidEnv("OpenDrawer", cameras=(), randomization="none")
    yield env
    env.close()


def positions(env: HumanoidEnv) -> FloatArray:
    return np.array([fixture.position for fixture in env.world_state().fixtures.values()])


def test_a_robot_that_does_nothing_leaves_drawers_shut(drawers: HumanoidEnv) -> None:
    drawers.reset(seed=0)
    expert = Expert(drawers)
    expert.reset()
    action, info = expert.act(), dict[str, object]()
    for _ in range(40):
        _, _, terminated, _, info = drawers.step(action)
        assert not terminated
    assert not info["success"]
    assert np.abs(positions(drawers)).max() < 0.002


@pytest.mark.parametrize("goal", [0, 1])
def test_it_opens_the_door_that_is_named(goal: int) -> None:
    success, steps = solve("OpenDoor", 1, goal)
    assert success
    assert steps < 200


def test_it_closes_the_drawer_that_is_named() -> None:
    success, steps = solve("CloseDrawer", 1, 1)
    assert success
    assert steps < 160


@pytest.mark.parametrize("goal", [0, 1])
def test_it_turns_a_knob_either_way(goal: int) -> None:
    success, steps = solve("TurnKnob", 1, goal)
    assert success
    assert steps < 160


def test_it_presses_the_button_that_is_named() -> None:
    success, steps = solve("PressButton", 1, 2)
    assert success
    assert steps < 120
