from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from engine_worlds import JOINTS, MUG, SCENE, command, in_the_air, ready
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES, is_finger
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene, Shape, Table
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.rotations import rotation_error, rotvec_to_quat
from vla_humanoid.schema import (
    REPORTED_LINKS,
    FloatArray,
    Pose,
    RigidBodyState,
    Twist,
    WorldState,
)
from vla_humanoid.sims.mujoco_simulation import ActuatorModel, MujocoSimulation
from vla_humanoid.sims.physx.simulation import PhysxSimulation
from vla_humanoid.sims.simulation import Simulation, SimulationDiverged

LOW, HIGH = np.array([JOINT_RANGES[name] for name in JOINT_NAMES]).T


def vectors(bound: float) -> st.SearchStrategy[FloatArray]:
    return arrays(np.float64, 3, elements=st.floats(-bound, bound))


bodies = st.builds(
    lambda position, turn, linear, angular: RigidBodyState(
        Pose(position, rotvec_to_quat(turn)), Twist(linear, angular)
    ),
    vectors(2.0),
    vectors(3.0),
    vectors(5.0),
    vectors(10.0),
)


@pytest.fixture(scope="module")
def physx() -> Iterator[PhysxSimulation]:
    simulation = PhysxSimulation(build_world(SCENE))
    yield simulation
    simulation.close()


@pytest.fixture(scope="module")
def mujoco() -> MujocoSimulation:
    return MujocoSimulation(build_world(SCENE))


def assert_same(read: FloatArray, written: FloatArray) -> None:
    """PhysX computes in single precision."""
    assert read == pytest.approx(written, rel=1e-5, abs=2e-6)


def assert_same_body(read: RigidBodyState, written: RigidBodyState) -> None:
    assert_same(read.pose.position, written.pose.position)
    assert_same(read.pose.quat_wxyz, written.pose.quat_wxyz)
    assert_same(read.twist.linear, written.twist.linear)
    assert_same(read.twist.angular, written.twist.angular)


def test_it_is_an_engine_as_the_protocol_has_it(physx: PhysxSimulation) -> None:
    engine: Simulation = physx  # The type checker compares every signature.
    assert set(engine.reset(ready(SCENE)).objects) == {MUG.name}


@given(
    bodies,
    bodies,
    arrays(np.float64, JOINTS, elements=st.floats(0.0, 1.0)),
    arrays(np.float64, JOINTS, elements=st.floats(-10.0, 10.0)),
    st.floats(0.0, 100.0),
)
@settings(max_examples=30, deadline=None)
def test_what_reset_writes_is_read_back(
    physx: PhysxSimulation,
    base: RigidBodyState,
    mug: RigidBodyState,
    share: FloatArray,
    velocities: FloatArray,
    time: float,
) -> None:
    state = ready(SCENE)
    positions = LOW + share * (HIGH - LOW)
    robot = replace(state.robot, base=base, joint_positions=positions, joint_velocities=velocities)
    written = replace(state, time=time, robot=robot, objects={MUG.name: mug})
    for read in (physx.reset(written), physx.state()):
        assert read.time == time
        assert_same_body(read.objects[MUG.name], mug)
        assert_same_body(read.robot.base, base)
        assert_same(read.robot.joint_positions, positions)
        assert_same(read.robot.joint_velocities, velocities)


@given(arrays(np.float64, JOINTS, elements=st.floats(0.0, 1.0)), vectors(3.0), vectors(2.0))
@settings(max_examples=15, deadline=None)
def test_links_are_where_mujoco_has_them(
    physx: PhysxSimulation,
    mujoco: MujocoSimulation,
    share: FloatArray,
    turn: FloatArray,
    position: FloatArray,
) -> None:
    state = in_the_air(SCENE, quat_wxyz=rotvec_to_quat(turn), positions=LOW + share * (HIGH - LOW))
    theirs, ours = mujoco.reset(state).robot.links, physx.reset(state).robot.links
    assert set(ours) == set(REPORTED_LINKS)
    for name, link in ours.items():
        assert link.position == pytest.approx(theirs[name].position, abs=1e-6)
        turned = rotation_error(link.quat_wxyz, theirs[name].quat_wxyz)
        assert turned == pytest.approx(np.zeros(3), abs=2e-6)


@given(vectors(3.0), vectors(8.0))
@settings(max_examples=15, deadline=None)
def test_velocities_are_those_with_which_a_body_flies_on_in_the_world_frame(
    physx: PhysxSimulation, turn: FloatArray, angular: FloatArray
) -> None:
    linear, step = np.array([0.5, -0.3, 0.2]), 0.002
    start = RigidBodyState(
        Pose(np.array([1.0, 0.5, 3.0]), rotvec_to_quat(turn)), Twist(linear, angular)
    )
    physx.reset(replace(in_the_air(SCENE), objects={MUG.name: start}))
    physx.step(command(kp=50.0, kd=2.0), 1)
    landed = physx.state().objects[MUG.name].pose
    moved = landed.position - start.pose.position
    # Off by at most what gravity and the turning of the lever do within a step.
    assert moved == pytest.approx(step * linear, abs=5e-5)
    turned = rotation_error(landed.quat_wxyz, start.pose.quat_wxyz)
    assert turned == pytest.approx(step * angular, abs=2e-4)


@pytest.mark.parametrize("varied", [False, True])
def test_motors_move_the_robot_as_those_of_mujoco_do(varied: bool) -> None:
    rng = np.random.default_rng(4)
    strength = tuple(rng.uniform(0.8, 1.1, JOINTS).tolist()) if varied else ()
    actuators = ActuatorModel(strength=strength, friction_scale=1.7 if varied else 1.0)
    torque = rng.uniform(-1.0, 1.0, JOINTS)
    torque[:2] = 500.0, -500.0  # Far beyond what these motors can do.
    turn = Twist(np.zeros(3), np.array([1.0, -2.0, 0.5]))
    # Limits are soft in MuJoCo and hard in PhysX: keep away from them.
    fingers = np.array([is_finger(name) for name in JOINT_NAMES])
    q = np.where(fingers, 0.5 * (LOW + HIGH), ready(Scene()).robot.joint_positions)
    velocities = rng.uniform(-1.0, 1.0, JOINTS)
    state = in_the_air(Scene(), twist=turn, positions=q, velocities=velocities)
    phases = (
        command(position=q + 0.1, velocity=0.3, kp=20.0, kd=0.5, torque=torque),
        command(velocity=-0.5, kd=0.3, torque=0.2 * torque),
        command(torque=0.05 * torque),
    )
    fine, steps = 20, 3  # PhysX divides its steps as well.
    spec = build_world(Scene())
    spec.option.timestep /= fine
    theirs = MujocoSimulation(spec, actuators=actuators)
    ours = PhysxSimulation(build_world(Scene()), actuators=actuators)
    theirs.reset(state)
    ours.reset(state)
    for phase in phases:
        theirs.step(phase, steps * fine)
        ours.step(phase, steps)
        there = theirs.robot_state().joint_velocities
        off = np.abs(ours.robot_state().joint_velocities - there)
        assert np.abs(there).max() > 5.0
        assert off.max() < 0.04 * np.abs(there).max()
        assert np.median(off) < 0.06
    ours.close()


def coasting(friction_scale: float, joint: str) -> float:
    """How fast a freely turning joint still is after a moment without torque, from 3 rad/s."""
    actuators = ActuatorModel(friction_scale=friction_scale)
    simulation = PhysxSimulation(build_world(Scene()), actuators=actuators)
    speeds = 3.0 * np.array([float(name == joint) for name in JOINT_NAMES])
    simulation.reset(in_the_air(Scene(), velocities=speeds))
    simulation.step(command(), 10)
    left = float(simulation.robot_state().joint_velocities[JOINT_NAMES.index(joint)])
    simulation.close()
    return left


def test_friction_slows_a_joint_as_much_as_it_is_scaled() -> None:
    frictionless, nominal, doubled = (
        coasting(scale, "left_wrist_roll_joint") for scale in (0.0, 1.0, 2.0)
    )
    assert frictionless == pytest.approx(3.0, abs=0.15)
    lost = frictionless - nominal
    assert lost > 0.3
    assert frictionless - doubled == pytest.approx(2.0 * lost, rel=0.15)


def test_states_are_copies(physx: PhysxSimulation) -> None:
    before = physx.reset(in_the_air(SCENE))
    height = before.robot.base.pose.position[2]
    positions = before.robot.joint_positions.copy()
    physx.step(command(), 50)
    assert before.robot.base.pose.position[2] == height
    assert np.array_equal(before.robot.joint_positions, positions)
    assert physx.robot_state().base.pose.position[2] < height


def test_a_state_that_lacks_an_object_is_refused_by_its_name(physx: PhysxSimulation) -> None:
    with pytest.raises(ValueError, match=f"no entry for {MUG.name}"):
        physx.reset(replace(ready(SCENE), objects={}))


def thrown_up(speed: float) -> WorldState:
    state = ready(SCENE)
    mug = state.objects[MUG.name]
    thrown = replace(mug, twist=replace(mug.twist, linear=np.array([0.0, 0.0, speed])))
    return replace(state, objects={MUG.name: thrown})


def test_a_motion_that_no_body_can_make_is_an_error_that_names_what_moves(
    physx: PhysxSimulation,
) -> None:
    physx.reset(thrown_up(500.0))
    with pytest.raises(SimulationDiverged, match=rf"t = 0\.\d+ s: {MUG.name}_joint moves at"):
        physx.step(command(kp=50.0, kd=2.0), 1)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_gets_no_further(physx: PhysxSimulation, value: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        physx.reset(thrown_up(value))
    physx.reset(ready(SCENE))
    torque = np.zeros(JOINTS)
    torque[3] = value
    with pytest.raises(SimulationDiverged, match=f"command of {JOINT_NAMES[3]} is not finite"):
        physx.step(command(kp=50.0, torque=torque), 1)


@pytest.mark.parametrize("gain", ["kp", "kd"])
@pytest.mark.parametrize("act", ["step", "apply"])
def test_a_gain_that_is_no_number_diverges(physx: PhysxSimulation, gain: str, act: str) -> None:
    physx.reset(ready(SCENE))
    good = physx.apply(command(kp=50.0, kd=2.0))
    physx.reset(ready(SCENE))
    bad = command(kp=50.0, kd=2.0)
    getattr(bad, gain)[3] = np.nan
    with pytest.raises(SimulationDiverged, match=f"command of {JOINT_NAMES[3]} is not finite"):
        physx.step(bad, 1) if act == "step" else physx.apply(bad)
    again = physx.apply(command(kp=50.0, kd=2.0))  # Nothing of it was written.
    assert np.array_equal(again.robot.foot_wrenches["left"], good.robot.foot_wrenches["left"])


@pytest.mark.parametrize("what", ["joint_positions", "joint_velocities"])
def test_a_joint_state_that_is_no_number_changes_nothing(physx: PhysxSimulation, what: str) -> None:
    before = physx.reset(ready(SCENE))
    state = thrown_up(1.0)
    values = np.zeros(JOINTS)
    values[5] = np.nan
    with pytest.raises(ValueError, match=f"of {JOINT_NAMES[5]} is not finite"):
        physx.reset(replace(state, robot=replace(state.robot, **{what: values})))
    after = physx.state()
    assert np.array_equal(after.robot.joint_positions, before.robot.joint_positions)
    assert not after.objects[MUG.name].twist.linear.any()


def test_a_push_that_is_no_number_is_refused(physx: PhysxSimulation) -> None:
    with pytest.raises(ValueError, match="three finite numbers"):
        physx.push(np.array([np.nan, 0.0, 0.0]))


def test_gains_that_were_changed_in_place_count(physx: PhysxSimulation) -> None:
    ends = []
    for changed in (True, False):
        order = command(position=0.1, kp=20.0 if changed else 100.0, kd=2.0)
        physx.reset(in_the_air(SCENE))
        physx.apply(order)
        order.kp[:] = 100.0
        physx.step(order, 5)
        ends.append(physx.robot_state().joint_positions)
    assert np.array_equal(*ends)


def test_a_world_has_a_state_before_it_is_reset_and_leaves_its_spec_alone() -> None:
    spec = build_world(Scene())
    sensors = len(spec.sensors)
    simulation = PhysxSimulation(spec)
    assert len(spec.sensors) == sensors
    state = simulation.state()
    assert state.time == 0.0
    assert state.robot.joint_positions == pytest.approx(0.0, abs=1e-9)
    simulation.close()


def test_closing_twice_is_closing_once() -> None:
    simulation = PhysxSimulation(build_world(Scene()))
    simulation.close()
    simulation.close()


def test_a_simulation_without_cameras_says_that_it_cannot_render(physx: PhysxSimulation) -> None:
    with pytest.raises(RuntimeError, match="without cameras"):
        physx.render("head")


def test_every_thing_is_the_one_of_its_name() -> None:
    """Things that fall on the table come to rest at heights of their own."""
    shapes: dict[str, Shape] = {"zebra": "cube", "apple": "bottle", "mango": "can"}
    things = tuple(
        GraspableObject(name, shape, "red", (1.0, 0.0, 0.0), (0.45, 0.3 * k - 0.3, 0.85), mass=0.1)
        for k, (name, shape) in enumerate(shapes.items())
    )
    scene = Scene(table=Table(), objects=things)
    simulation = PhysxSimulation(build_world(scene))
    state = in_the_air(scene)
    simulation.reset(state)
    simulation.step(command(position=state.robot.joint_positions, kp=100.0, kd=3.0), 250)
    landed = simulation.state().objects
    for thing in things:
        height = Table().height + OBJECTS[thing.shape].half_height
        assert landed[thing.name].pose.position[2] == pytest.approx(height, abs=2e-3)
        assert landed[thing.name].pose.position[1] == pytest.approx(thing.position[1], abs=0.02)
    simulation.close()
