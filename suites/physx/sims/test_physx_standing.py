"""The balance layer in PhysX, with the gains that it has in MuJoCo."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import mujoco
import numpy as np
import pytest
from engine_worlds import SCENE, command, in_the_air, ready, stand

from vla_humanoid.assets.figures import g1
from vla_humanoid.assets.payload import Payload
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.schema import SIDES, Pose, RobotState
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.sims.physx.simulation import PhysxSimulation
from vla_humanoid.tasks.core.predicates import is_standing

MASS, GRAVITY = sum(link.mass for link in g1().links), 9.81
WEIGHT = MASS * GRAVITY


@pytest.fixture(scope="module")
def physx() -> Iterator[PhysxSimulation]:
    simulation = PhysxSimulation(build_world(SCENE))
    yield simulation
    simulation.close()


@pytest.fixture(scope="module")
def states(physx: PhysxSimulation) -> list[RobotState]:
    """Three seconds of standing, a state every control period."""
    return stand(physx, SCENE, 3.0)


def vertical(states: list[RobotState], side: str) -> float:
    return float(np.mean([state.foot_wrenches[side][2] for state in states]))


def forces(states: list[RobotState]) -> np.ndarray:
    """Mean of the force on both feet together, shape (3,)."""
    both = [np.add(*(state.foot_wrenches[side][:3] for side in SIDES)) for state in states]
    return np.mean(both, axis=0)


def zmp(state: RobotState) -> np.ndarray:
    moment, pressure = np.zeros(2), 0.0
    for side in SIDES:
        ankle = state.links[f"{side}_ankle_roll_link"]
        sole = ankle.position + quat_to_matrix(ankle.quat_wxyz) @ (0.0, 0.0, g1().sole_height)
        _, _, fz, tx, ty, _ = state.foot_wrenches[side]
        moment += (sole[0] * fz - ty, sole[1] * fz + tx)
        pressure += fz
    return moment / pressure


def test_the_robot_stands_where_it_was_put(states: list[RobotState]) -> None:
    for state in states:
        assert is_standing(state)
    drift = states[-1].base.pose.position - ready(SCENE).robot.base.pose.position
    assert np.abs(drift).max() < 0.01
    assert np.abs(states[-1].joint_velocities).max() < 0.1


def test_the_feet_bear_the_robots_weight(states: list[RobotState]) -> None:
    settled = states[len(states) // 2 :]
    assert sum(vertical(settled, side) for side in SIDES) == pytest.approx(WEIGHT, rel=0.02)
    for side in SIDES:
        assert vertical(settled, side) > 0.4 * WEIGHT
    sums = [sum(state.foot_wrenches[side][2] for side in SIDES) for state in settled]
    assert np.percentile(sums, [5, 95]) == pytest.approx([WEIGHT, WEIGHT], rel=0.05)


def test_the_zmp_of_the_feet_lies_under_the_centre_of_mass(
    physx: PhysxSimulation, states: list[RobotState]
) -> None:
    controller = BalanceController()
    controller.reset(states[-1])
    measured = np.mean([zmp(state) for state in states[len(states) // 2 :]], axis=0)
    assert measured == pytest.approx(controller.balance.com[:2], abs=2e-3)


def test_feet_push_the_robot_as_hard_as_it_is_pushed(physx: PhysxSimulation) -> None:
    pushed = stand(physx, SCENE, 2.0, (10.0, -5.0, 0.0))[250:]
    assert forces(pushed) == pytest.approx([-10.0, 5.0, WEIGHT], abs=1.0)


def test_feet_in_the_air_feel_nothing(physx: PhysxSimulation) -> None:
    physx.reset(in_the_air(SCENE))
    physx.step(command(kp=50.0, kd=2.0), 5)
    for side in SIDES:
        assert not physx.robot_state().foot_wrenches[side].any()


def test_a_command_takes_effect_without_time_passing(physx: PhysxSimulation) -> None:
    state = physx.reset(ready(SCENE))
    controller = BalanceController()
    controller.reset(state.robot)
    applied = physx.apply(controller.command(state.robot))
    assert applied.time == 0.0
    assert np.array_equal(applied.robot.joint_positions, state.robot.joint_positions)
    assert np.array_equal(applied.robot.joint_velocities, state.robot.joint_velocities)
    position = state.robot.base.pose.position
    assert applied.robot.base.pose.position == pytest.approx(position, abs=1e-6)
    for side in SIDES:
        assert applied.robot.foot_wrenches[side][2] == pytest.approx(0.5 * WEIGHT, rel=0.05)


@pytest.mark.parametrize("force", [(60.0, 0.0, 0.0), (0.0, -60.0, 0.0), (-30.0, 30.0, 40.0)])
def test_a_push_changes_the_momentum_by_its_impulse_until_it_ends(
    physx: PhysxSimulation, force: tuple[float, float, float]
) -> None:
    hold = command(position=ready(SCENE).robot.joint_positions, kp=100.0, kd=3.0)

    def fall(steps: int) -> np.ndarray:
        before = center_of_mass(physx.robot_state())
        physx.step(hold, steps)
        return center_of_mass(physx.robot_state()) - before

    def center_of_mass(state: RobotState) -> np.ndarray:
        controller = BalanceController()
        controller.reset(state)
        return controller.balance.com

    physx.reset(in_the_air(SCENE))
    physx.push(np.array(force))
    pushed = fall(100)
    time = 0.2
    expected = 0.5 * time**2 * (np.array(force) / MASS - (0.0, 0.0, GRAVITY))
    assert pushed == pytest.approx(expected, abs=3e-3)
    physx.push(np.zeros(3))
    physx.step(hold, 1)
    first, second = (fall(25) for _ in range(2))
    assert second[:2] == pytest.approx(first[:2], abs=2e-4)  # It flies on at one speed.


def test_a_payload_is_borne_by_the_feet() -> None:
    scene = Scene()
    simulation = PhysxSimulation(build_world(scene, payload=Payload(2.0, (0.0, 0.0, 0.1))))
    states = stand(simulation, scene, 1.5)[250:]
    borne = sum(vertical(states, side) for side in SIDES)
    assert borne == pytest.approx(WEIGHT + 2.0 * GRAVITY, rel=0.01)
    simulation.close()


def test_a_slope_is_stood_on() -> None:
    scene = Scene(floor_slope=(math.radians(5.0), math.radians(-3.0)))
    simulation = PhysxSimulation(build_world(scene))
    states = stand(simulation, scene, 1.5)
    assert all(is_standing(state) for state in states)
    assert forces(states[250:]) == pytest.approx([0.0, 0.0, WEIGHT], abs=0.02 * WEIGHT)
    simulation.close()


def test_less_friction_lets_the_soles_slip() -> None:
    slipped = []
    for friction in (0.9, 0.05):
        scene = Scene(floor_friction=friction)
        simulation = PhysxSimulation(build_world(scene))
        states = stand(simulation, scene, 0.6, (40.0, 0.0, 0.0))
        feet = [state.links["left_ankle_roll_link"].position[0] for state in states]
        slipped.append(max(abs(after - before) for before, after in pairwise(feet[::50])))
        simulation.close()
    gripping, sliding = slipped
    assert gripping < 5e-3
    assert sliding > 4.0 * gripping


def test_feet_feel_what_lies_loose_under_them_as_in_mujoco() -> None:
    """The robot stands on a slab that is not fixed."""
    thickness = 0.04
    spec = build_world(Scene())
    slab = spec.worldbody.add_body(name="slab", pos=(0.0, 0.0, 0.5 * thickness))
    slab.add_freejoint(name="slab_joint")
    size = (0.3, 0.3, 0.5 * thickness)
    slab.add_geom(type=mujoco.mjtGeom.mjGEOM_BOX, size=size, mass=20.0, friction=(0.9, 0.005, 1e-4))
    loads = []
    for make in (MujocoSimulation, PhysxSimulation):
        simulation = make(spec)
        state = ready(Scene())
        base = state.robot.base
        raised = replace(base.pose, position=base.pose.position + np.array([0.0, 0.0, thickness]))
        robot = replace(state.robot, base=replace(base, pose=raised))
        lying = Pose(np.array([0.0, 0.0, 0.5 * thickness]), base.pose.quat_wxyz)
        objects = {"slab": replace(base, pose=lying)}
        controller = BalanceController()
        controller.reset(simulation.reset(replace(state, robot=robot, objects=objects)).robot)
        states = []
        for _ in range(250):
            simulation.step(controller.command(simulation.robot_state()), 2)
            states.append(simulation.robot_state())
        loads.append(sum(vertical(states[125:], side) for side in SIDES))
        simulation.close()
    assert loads == pytest.approx([WEIGHT, WEIGHT], rel=0.02)
