import math

import numpy as np
import pytest
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.payload import Payload
from vla_humanoid.assets.scene import Scene, floor_height
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.controllers import make_controller
from vla_humanoid.control.robot_model import RobotModel
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.envs.dynamics import sample_dynamics
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.schema import CONTROL_RATE, SIDES, WorldState, action_spec
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.tasks.core.predicates import is_standing
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import EpisodeRandom

A = math.radians(3.0)
SLOPES = [(A, 0.0), (-A, 0.0), (0.0, A), (0.0, -A), (A, -A)]


def start(slope: tuple[float, float], friction: float = 0.9) -> tuple[Scene, WorldState]:
    scene = Scene(floor_slope=slope, floor_friction=friction)
    random = EpisodeRandom(0, frozenset({"initial_posture"}))
    return scene, initial_state(scene, sample_dynamics(random, PushRanges(), carries_payload=False))


def normal(slope: tuple[float, float]) -> NDArray[np.float64]:
    upwards = np.array([-math.tan(slope[0]), -math.tan(slope[1]), 1.0])
    return upwards / np.linalg.norm(upwards)


@pytest.mark.parametrize("slope", [(0.0, 0.0), *SLOPES])
def test_the_robot_begins_with_both_soles_on_the_floor(slope: tuple[float, float]) -> None:
    _, state = start(slope)
    model = RobotModel()
    model.update(state.robot)
    for side in SIDES:
        sole = model.sole(side)
        x, y, z = (float(coordinate) for coordinate in sole.position)
        assert -0.001 < z - floor_height(slope, x, y) < 0.0
        assert sole.rotation[:, 2] == pytest.approx(normal(slope), abs=1e-4)
    upright = quat_to_matrix(state.robot.base.pose.quat_wxyz)
    assert upright == pytest.approx(np.eye(3))
    for name, position in zip(JOINT_NAMES, state.robot.joint_positions, strict=True):
        low, high = JOINT_RANGES[name]
        assert low <= position <= high


def test_only_the_legs_give_way_to_a_slope() -> None:
    level, sloped = (start(slope)[1].robot.joint_positions for slope in ((0.0, 0.0), (A, A)))
    for name, one, other in zip(JOINT_NAMES, level, sloped, strict=True):
        if not any(part in name for part in ("hip", "knee", "ankle")):
            assert one == other


@pytest.mark.parametrize(
    ("slope", "friction", "payload"),
    [*((slope, 0.9, Payload()) for slope in SLOPES), ((A, A), 0.4, Payload(2.0, (-0.1, 0, 0.2)))],
)
def test_it_stands_calmly_on_a_slope(
    slope: tuple[float, float], friction: float, payload: Payload
) -> None:
    scene, state = start(slope, friction)
    simulation = MujocoSimulation(build_world(scene, "none", payload))
    controller = make_controller(action_spec("right_arm", JOINT_RANGES))
    robot = simulation.reset(state).robot
    feet = {side: robot.links[f"{side}_ankle_roll_link"].position for side in SIDES}
    controller.reset(robot)
    fastest = 0.0
    for _ in range(3 * CONTROL_RATE):
        simulation.step(controller.command(simulation.robot_state()), 2)
        speed = float(np.linalg.norm(simulation.robot_state().base.twist.linear))
        fastest = max(fastest, speed)
    end = simulation.state().robot
    assert is_standing(end)
    assert fastest < (0.01 if payload.mass == 0.0 else 0.02)
    for side in SIDES:
        assert end.links[f"{side}_ankle_roll_link"].position == pytest.approx(feet[side], abs=3e-3)
