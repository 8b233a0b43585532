from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from small_world import READY_POSITIONS, SCENE, body_state, command, ready

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES, g1, is_finger
from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.control.rotations import quat_to_matrix, rotation_error, rotvec_to_quat
from vla_humanoid.schema import REPORTED_LINKS, SIDES, FloatArray, RigidBodyState, WorldState
from vla_humanoid.sims.mujoco_simulation import ActuatorModel, MujocoSimulation
from vla_humanoid.sims.simulation import Simulation, SimulationDiverged

STEP = 0.002
GRAVITY = 9.81
IN_THE_AIR = body_state((0.0, 0.0, 3.0))
"""Nothing touches the robot there."""

LOW, HIGH = np.array([JOINT_RANGES[name] for name in JOINT_NAMES]).T


def vectors(bound: float) -> st.SearchStrategy[FloatArray]:
    return arrays(np.float64, 3, elements=st.floats(-bound, bound))


bodies = st.builds(
    lambda position, turn, linear, angular: body_state(
        position, rotvec_to_quat(turn), linear, angular
    ),
    vectors(2.0),
    vectors(3.0),
    vectors(5.0),
    vectors(10.0),
)


@cache
def table_world() -> MujocoSimulation:
    return MujocoSimulation(build_world(SCENE))


@cache
def empty_world() -> MujocoSimulation:
    return MujocoSimulation(build_world(Scene()))


def assert_same_body(read: RigidBodyState, written: RigidBodyState) -> None:
    assert read.pose.position == pytest.approx(written.pose.position)
    assert read.pose.quat_wxyz == pytest.approx(written.pose.quat_wxyz)
    assert read.twist.linear == pytest.approx(written.twist.linear)
    assert read.twist.angular == pytest.approx(written.twist.angular, abs=1e-9)


@given(
    base=bodies,
    cube=bodies,
    plate=bodies,
    share=arrays(np.float64, len(JOINT_NAMES), elements=st.floats(0.0, 1.0)),
    velocities=arrays(np.float64, len(JOINT_NAMES), elements=st.floats(-10.0, 10.0)),
    time=st.floats(0.0, 100.0),
)
@settings(max_examples=50, deadline=None)
def test_what_reset_writes_is_read_back(
    base: RigidBodyState,
    cube: RigidBodyState,
    plate: RigidBodyState,
    share: FloatArray,
    velocities: FloatArray,
    time: float,
) -> None:
    nominal = ready(base=base, positions=LOW + share * (HIGH - LOW), velocities=velocities)
    objects = {**nominal.objects, "red_cube": cube, "blue_plate": plate}
    written = replace(nominal, time=time, objects=objects)
    simulation = table_world()
    for read in (simulation.reset(written), simulation.state()):
        assert read.time == time
        assert set(read.objects) == {"red_cube", "green_can", "blue_plate"}
        for name, body in written.objects.items():
            assert_same_body(read.objects[name], body)
        assert_same_body(read.robot.base, base)
        assert read.robot.joint_positions == pytest.approx(written.robot.joint_positions)
        assert read.robot.joint_velocities == pytest.approx(velocities)
        assert set(read.robot.links) == set(REPORTED_LINKS)
        assert read.robot.links["pelvis"].position == pytest.approx(base.pose.position)


@given(vectors(3.0), vectors(8.0))
@settings(max_examples=30, deadline=None)
def test_velocities_are_those_with_which_a_body_flies_on_in_the_world_frame(
    turn: FloatArray, angular: FloatArray
) -> None:
    linear = np.array([0.5, -0.3, 0.2])
    flying = body_state((1.0, 0.5, 3.0), rotvec_to_quat(turn), linear, angular)
    simulation, state = table_world(), ready()
    simulation.reset(replace(state, objects={**state.objects, "red_cube": flying}))
    simulation.step(command(position=READY_POSITIONS, kp=50.0, kd=2.0), 1)
    landed = simulation.state().objects["red_cube"].pose
    moved = landed.position - flying.pose.position
    assert moved == pytest.approx(STEP * (linear - [0.0, 0.0, GRAVITY * STEP]), abs=1e-6)
    turned = rotation_error(landed.quat_wxyz, flying.pose.quat_wxyz)
    assert turned == pytest.approx(STEP * angular, abs=1e-4)


def test_it_is_an_engine_as_the_protocol_has_it() -> None:
    engine: Simulation = table_world()  # The type checker compares every signature.
    assert set(engine.state().objects) == {
        thing.name for thing in (*SCENE.objects, *SCENE.containers)
    }


def test_states_are_copies() -> None:
    simulation = table_world()
    before = simulation.reset(ready(base=IN_THE_AIR))
    height = before.robot.base.pose.position[2]
    cube = before.objects["red_cube"].pose.position.copy()
    simulation.step(command(), 50)
    assert before.robot.base.pose.position[2] == height
    assert np.array_equal(before.objects["red_cube"].pose.position, cube)
    assert np.array_equal(before.robot.joint_positions, READY_POSITIONS)
    assert simulation.robot_state().base.pose.position[2] < height


def test_a_state_that_lacks_an_object_is_refused_by_its_name() -> None:
    state = ready()
    objects = {name: body for name, body in state.objects.items() if name != "red_cube"}
    with pytest.raises(ValueError, match="no entry for red_cube"):
        table_world().reset(replace(state, objects=objects))


def test_a_simulation_without_cameras_says_that_it_cannot_render() -> None:
    with pytest.raises(RuntimeError, match="without cameras"):
        table_world().render("head")


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


def joint_torques(simulation: MujocoSimulation) -> FloatArray:
    return np.array([simulation.data.joint(name).qfrc_actuator[0] for name in JOINT_NAMES])


@pytest.mark.parametrize("varied", [False, True])
def test_motors_follow_their_pd_law_times_their_strength_within_their_limits(
    varied: bool,
) -> None:
    rng = np.random.default_rng(4)
    n = len(JOINT_NAMES)
    strength = rng.uniform(0.8, 1.1, n) if varied else np.ones(n)
    actuators = ActuatorModel(strength=tuple(strength.tolist())) if varied else None
    simulation = MujocoSimulation(build_world(Scene()), actuators=actuators)
    effort = np.array([joint.effort for joint in g1().joints])
    wanted, rates, torque = rng.uniform(-1.0, 1.0, (3, n))
    torque[:3] = 3.0 * effort[:3]
    speeds = rng.uniform(-1.0, 1.0, n)
    simulation.reset(ready(Scene(), base=IN_THE_AIR, velocities=speeds))
    simulation.step(command(position=wanted, velocity=rates, kp=2.0, kd=0.3, torque=torque), 1)
    law = 2.0 * (wanted - READY_POSITIONS) + 0.3 * (rates - speeds) + torque
    expected = np.clip(strength * law, -effort, effort)
    assert joint_torques(simulation) == pytest.approx(expected, abs=1e-9)
    simulation.step(command(), 1)  # Gains that have changed take effect as well.
    assert not joint_torques(simulation).any()


def coasting(friction_scale: float, joint: str) -> float:
    """How fast a freely turning joint still is after a moment without torque, from 3 rad/s."""
    actuators = ActuatorModel(friction_scale=friction_scale)
    simulation = MujocoSimulation(build_world(Scene()), actuators=actuators)
    speeds = 3.0 * np.array([float(name == joint) for name in JOINT_NAMES])
    simulation.reset(ready(Scene(), base=IN_THE_AIR, velocities=speeds))
    simulation.step(command(), 10)
    return float(simulation.robot_state().joint_velocities[JOINT_NAMES.index(joint)])


def test_friction_slows_a_joint_as_much_as_it_is_scaled() -> None:
    frictionless, nominal, doubled = (
        coasting(scale, "left_wrist_roll_joint") for scale in (0.0, 1.0, 2.0)
    )
    assert frictionless == pytest.approx(3.0, abs=0.15)
    lost = frictionless - nominal
    assert lost > 0.3
    assert frictionless - doubled == pytest.approx(2.0 * lost, rel=0.15)


def test_fingers_keep_their_friction() -> None:
    rough = MujocoSimulation(build_world(Scene()), actuators=ActuatorModel(friction_scale=2.0))
    for name in JOINT_NAMES:
        ours, nominal = rough.model.joint(name), empty_world().model.joint(name)
        factor = 1.0 if is_finger(name) else 2.0
        assert ours.damping == pytest.approx(factor * nominal.damping)
        assert ours.frictionloss == pytest.approx(factor * nominal.frictionloss)


def test_a_motion_that_no_body_can_make_is_an_error_that_names_what_moves() -> None:
    simulation = MujocoSimulation(build_world(SCENE))
    state = ready()
    fast = replace(state.objects["red_cube"].twist, linear=np.array([0.0, 0.0, 500.0]))
    thrown = replace(state.objects["red_cube"], twist=fast)
    simulation.reset(replace(state, objects={**state.objects, "red_cube": thrown}))
    with pytest.raises(SimulationDiverged, match=r"diverged at t = 0\.\d+ s: red_cube_joint moves"):
        simulation.step(command(position=READY_POSITIONS, kp=50.0, kd=2.0), 1)


def crate_and_robot() -> mujoco.MjSpec:
    spec = robot_spec("none")
    spec.option = build_world(Scene()).option
    crate = spec.worldbody.add_body(name="crate", pos=(0.4, 0.0, 3.0))
    crate.add_freejoint(name="crate_joint")
    crate.add_geom(type=mujoco.mjtGeom.mjGEOM_BOX, size=[0.03, 0.03, 0.03], mass=0.1)
    return spec


def reordered(spec: mujoco.MjSpec) -> mujoco.MjSpec:
    """The same world whose bodies, at every branch, and whose motors come in reverse."""
    spec.compile()
    root = ElementTree.fromstring(spec.to_xml())
    for parent in root.iter():
        if parent.tag in ("worldbody", "body", "actuator"):
            moved = [child for child in parent if child.tag in ("body", "general")]
            for child in moved:
                parent.remove(child)
            parent.extend(reversed(moved))
    return mujoco.MjSpec.from_string(ElementTree.tostring(root, encoding="unicode"))


def test_joints_and_motors_are_found_by_name_however_the_model_orders_them() -> None:
    shuffled = MujocoSimulation(reordered(crate_and_robot()))
    names = [shuffled.model.joint(i).name for i in range(shuffled.model.njnt)]
    assert names[:2] == ["crate_joint", "floating_base"]
    assert [name for name in names if name in JOINT_NAMES] != list(JOINT_NAMES)
    assert shuffled.model.actuator(0).name == JOINT_NAMES[-1]
    rng = np.random.default_rng(0)
    n = len(JOINT_NAMES)
    state = ready(Scene(), base=IN_THE_AIR, velocities=rng.uniform(-1.0, 1.0, n))
    state = replace(state, objects={"crate": body_state((0.4, 0.0, 3.0))})
    move = command(position=READY_POSITIONS + rng.uniform(-0.2, 0.2, n), kp=5.0, kd=0.3, torque=0.1)
    results: list[WorldState] = []
    for simulation in (MujocoSimulation(crate_and_robot()), shuffled):
        simulation.reset(state)
        simulation.step(move, 20)
        results.append(simulation.state())
    ordinary, other = results
    assert np.abs(ordinary.robot.joint_positions - READY_POSITIONS).max() > 0.01  # It has moved.
    assert other.robot.joint_positions == pytest.approx(ordinary.robot.joint_positions, abs=1e-6)
    assert other.robot.joint_velocities == pytest.approx(ordinary.robot.joint_velocities, abs=1e-4)
    for link in REPORTED_LINKS:
        there, here = other.robot.links[link], ordinary.robot.links[link]
        assert there.position == pytest.approx(here.position, abs=1e-6)
    thing, same = (result.objects["crate"].pose.position for result in results)
    assert thing == pytest.approx(same, abs=1e-6)


def test_links_are_up_to_date_after_a_step() -> None:
    simulation = empty_world()
    simulation.reset(ready(Scene(), base=IN_THE_AIR))
    simulation.step(command(), 5)
    robot = simulation.robot_state()
    data = mujoco.MjData(simulation.model)
    data.qpos[:] = simulation.data.qpos
    mujoco.mj_kinematics(simulation.model, data)
    for link in REPORTED_LINKS:
        assert robot.links[link].position == pytest.approx(data.body(link).xpos, abs=1e-12)


@pytest.mark.parametrize("gain", ["kp", "kd"])
@pytest.mark.parametrize("act", ["step", "apply"])
def test_a_gain_that_is_no_number_diverges(gain: str, act: str) -> None:
    simulation = empty_world()
    simulation.reset(ready(Scene()))
    bad = command(kp=50.0, kd=2.0)
    getattr(bad, gain)[3] = np.nan
    with pytest.raises(SimulationDiverged, match=f"command of {JOINT_NAMES[3]} is not finite"):
        simulation.step(bad, 1) if act == "step" else simulation.apply(bad)


def test_gains_that_were_changed_in_place_count() -> None:
    simulation, ends = empty_world(), []
    for changed in (True, False):
        order = command(position=READY_POSITIONS + 0.1, kp=20.0 if changed else 100.0, kd=2.0)
        simulation.reset(ready(Scene(), base=IN_THE_AIR))
        simulation.apply(order)
        order.kp[:] = 100.0
        simulation.step(order, 5)
        ends.append(simulation.robot_state().joint_positions)
    assert np.array_equal(*ends)


def test_states_and_pushes_that_are_no_numbers_are_refused() -> None:
    simulation = empty_world()
    positions = READY_POSITIONS.copy()
    positions[5] = np.nan
    with pytest.raises(ValueError, match=f"position of {JOINT_NAMES[5]} is not finite"):
        simulation.reset(ready(Scene(), positions=positions))
    with pytest.raises(ValueError, match="twist of floating_base is not finite"):
        simulation.reset(ready(Scene(), base=body_state((0.0, 0.0, 1.0), linear=(np.inf, 0, 0))))
    with pytest.raises(ValueError, match="three finite numbers"):
        simulation.push(np.array([np.nan, 0.0, 0.0]))


def test_a_spec_makes_more_than_one_world() -> None:
    spec = build_world(Scene())
    worlds = [MujocoSimulation(spec) for _ in range(2)]
    assert len(spec.sensors) < worlds[0].model.nsensor == worlds[1].model.nsensor
