import mujoco
import numpy as np
import pytest
from small_world import (
    GRAVITY,
    IN_THE_AIR,
    READY_POSITIONS,
    STEP,
    command,
    empty_world,
    ready,
)

from vla_humanoid.assets.figures import g1
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.schema import SIDES, FloatArray
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation


@pytest.fixture(scope="module")
def standing() -> MujocoSimulation:
    """A robot that the balance layer has brought to rest."""
    simulation = MujocoSimulation(build_world(Scene()))
    controller = BalanceController()
    controller.reset(simulation.reset(ready(Scene())).robot)
    for _ in range(500):
        simulation.step(controller.command(simulation.robot_state()), 2)
    mujoco.mj_forward(simulation.model, simulation.data)  # Contacts of the very state that is read.
    return simulation


def floor_contacts(simulation: MujocoSimulation, side: str) -> tuple[FloatArray, FloatArray]:
    """Where the floor touches a foot and with what force, world frame, each (n, 3)."""
    model, data = simulation.model, simulation.data
    foot, points, forces = model.body(f"{side}_ankle_roll_link").id, [], []
    for i in range(data.ncon):
        contact, wrench = data.contact[i], np.zeros(6)
        first, second = (int(model.geom_bodyid[geom]) for geom in contact.geom)
        mujoco.mj_contactForce(model, data, i, wrench)
        force = contact.frame.reshape(3, 3).T @ wrench[:3]  # Exerted on the second body.
        if foot in (first, second):
            points.append(contact.pos.copy())
            forces.append(force if second == foot else -force)
    return np.array(points), np.array(forces)


def test_the_feet_of_a_standing_robot_bear_its_weight(standing: MujocoSimulation) -> None:
    wrenches = standing.robot_state().foot_wrenches
    weight = sum(link.mass for link in g1().links) * GRAVITY
    assert sum(wrenches[side][2] for side in SIDES) == pytest.approx(weight, rel=0.01)
    for side in SIDES:
        assert wrenches[side][2] > 0.3 * weight


def test_foot_wrenches_are_those_of_the_contacts_about_the_soles(
    standing: MujocoSimulation,
) -> None:
    robot = standing.robot_state()
    for side in SIDES:
        points, forces = floor_contacts(standing, side)
        ankle = robot.links[f"{side}_ankle_roll_link"]
        sole = ankle.position + quat_to_matrix(ankle.quat_wxyz) @ (0.0, 0.0, g1().sole_height)
        wrench = robot.foot_wrenches[side]
        assert wrench[:3] == pytest.approx(forces.sum(axis=0), abs=0.1)
        # Contacts also twist the foot by friction about the vertical, which has no lever.
        moment = np.cross(points - sole, forces).sum(axis=0)
        assert wrench[3:5] == pytest.approx(moment[:2], abs=0.02)


def test_foot_wrenches_give_the_zmp(standing: MujocoSimulation) -> None:
    robot = standing.robot_state()
    moment, pressure = np.zeros(2), 0.0
    for side in SIDES:
        ankle = robot.links[f"{side}_ankle_roll_link"]
        x, y, _ = ankle.position + quat_to_matrix(ankle.quat_wxyz) @ (0, 0, g1().sole_height)
        _, _, fz, tx, ty, _ = robot.foot_wrenches[side]
        moment += (x * fz - ty, y * fz + tx)
        pressure += fz
    contacts = [floor_contacts(standing, side) for side in SIDES]
    points = np.concatenate([points for points, _ in contacts])
    normal = np.concatenate([forces for _, forces in contacts])[:, 2]
    assert moment / pressure == pytest.approx(normal @ points[:, :2] / normal.sum(), abs=1e-3)


def test_feet_in_the_air_feel_nothing() -> None:
    state = empty_world().reset(ready(Scene(), base=IN_THE_AIR))
    for side in SIDES:
        assert not state.robot.foot_wrenches[side].any()


@pytest.mark.parametrize("force", [(60.0, 0.0, 0.0), (0.0, -60.0, 0.0), (-30.0, 30.0, 40.0)])
def test_a_push_accelerates_the_robot_along_its_direction_until_it_ends(
    force: tuple[float, float, float],
) -> None:
    simulation, seconds = empty_world(), 0.2
    simulation.reset(ready(Scene(), base=IN_THE_AIR))
    hold = command(position=READY_POSITIONS, kp=100.0, kd=3.0)
    start = simulation.robot_state().links["torso_link"].position
    simulation.push(np.array(force))
    simulation.step(hold, round(seconds / STEP))
    pushed = simulation.robot_state().links["torso_link"].position - start
    pushed[2] += 0.5 * GRAVITY * seconds**2
    assert pushed @ force > 0.9 * np.linalg.norm(pushed) * np.linalg.norm(force)
    simulation.push(np.zeros(3))
    simulation.step(hold, round(seconds / STEP))
    momentum = center_of_mass_velocity(simulation) * sum(link.mass for link in g1().links)
    weight = sum(link.mass for link in g1().links) * GRAVITY
    expected = np.array(force) * seconds - [0.0, 0.0, 2.0 * seconds * weight]
    assert momentum == pytest.approx(expected, rel=0.01, abs=0.1)


def center_of_mass_velocity(simulation: MujocoSimulation) -> FloatArray:
    mujoco.mj_subtreeVel(simulation.model, simulation.data)
    return simulation.data.subtree_linvel[simulation.model.body("pelvis").id].copy()


def test_reset_ends_a_push() -> None:
    simulation = empty_world()
    simulation.reset(ready(Scene(), base=IN_THE_AIR))
    simulation.push(np.array([100.0, 0.0, 0.0]))
    simulation.reset(ready(Scene(), base=IN_THE_AIR))
    simulation.step(command(position=READY_POSITIONS, kp=100.0, kd=3.0), 50)
    assert simulation.robot_state().base.twist.linear[0] == pytest.approx(0.0, abs=0.05)
