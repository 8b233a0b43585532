import numpy as np
import pytest
from fake_environment import FakeConfig, FakeEnv
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.data_collection import layout


@given(st.integers(min_value=0))
def test_demo_names_are_numbers_and_back(number: int) -> None:
    assert layout.demo_number(layout.demo_name(number)) == number


@pytest.mark.parametrize("name", ["demo", "demo_", "demo_x", "episode_1", "demo_-1"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a demo"):
        layout.demo_number(name)


def test_quaternions_are_xyzw_and_velocities_linear_first() -> None:
    env = FakeEnv(FakeConfig())
    env.reset(seed=0)
    world = env.world_state()
    tree = layout.state_tree([world, world])
    x = np.float32(world.robot.joint_positions[0])
    np.testing.assert_array_equal(tree["articulation/robot/root_pose"][1], [x, 0, 1, 0, 0, 0, 1])
    np.testing.assert_array_equal(tree["articulation/robot/root_velocity"][0], [x, 0, 0, 0, 0, x])
    assert set(tree) == {
        "articulation/robot/root_pose",
        "articulation/robot/root_velocity",
        "articulation/robot/joint_position",
        "articulation/robot/joint_velocity",
        "rigid_object/red_cube/root_pose",
        "rigid_object/red_cube/root_velocity",
    }
    assert all(values.dtype == np.float32 and len(values) == 2 for values in tree.values())
