from dataclasses import replace

import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from small_world import (
    CUBE,
    GRAVITY,
    IN_THE_AIR,
    READY_POSITIONS,
    SCENE,
    STEP,
    body_state,
    command,
    empty_world,
    ready,
    table_world,
)

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.rotations import rotation_error, rotvec_to_quat
from vla_humanoid.schema import REPORTED_LINKS, FloatArray, RigidBodyState
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.sims.simulation import Simulation, SimulationDiverged

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


def test_a_motion_that_no_body_can_make_is_an_error_that_names_what_moves() -> None:
    simulation = MujocoSimulation(build_world(SCENE))
    state = ready()
    fast = replace(state.objects["red_cube"].twist, linear=np.array([0.0, 0.0, 500.0]))
    thrown = replace(state.objects["red_cube"], twist=fast)
    simulation.reset(replace(state, objects={**state.objects, "red_cube": thrown}))
    with pytest.raises(SimulationDiverged, match=r"diverged at t = 0\.\d+ s: red_cube_joint moves"):
        simulation.step(command(position=READY_POSITIONS, kp=50.0, kd=2.0), 1)


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


def test_what_lies_still_sleeps_until_something_touches_it() -> None:
    simulation, state = table_world(), ready(base=IN_THE_AIR)
    x, y, z = CUBE.position
    falling = body_state((x + 0.01, y, z + 1.2))
    simulation.reset(replace(state, objects={**state.objects, "green_can": falling}))
    hold = command(position=READY_POSITIONS, kp=100.0, kd=3.0)
    simulation.step(hold, 200)
    asleep = simulation.state().objects["red_cube"]
    assert not asleep.twist.linear.any()
    assert not asleep.twist.angular.any()
    assert asleep.pose.position == pytest.approx(CUBE.position, abs=2e-3)
    simulation.step(hold, 100)
    hit = simulation.state().objects["red_cube"].pose.position
    assert not np.array_equal(hit, asleep.pose.position)


def test_what_sleeps_stays_where_it_is_put() -> None:
    simulation = table_world()
    simulation.reset(ready(base=IN_THE_AIR))
    hold = command(position=READY_POSITIONS, kp=100.0, kd=3.0)
    simulation.step(hold, 100)
    joint = simulation.data.joint("red_cube_joint")
    joint.qpos[2] += 0.2
    lifted = simulation.state().objects["red_cube"].pose.position.copy()
    simulation.step(hold, 50)
    dropped = simulation.state().objects["red_cube"].pose.position
    assert lifted[2] - dropped[2] == pytest.approx(0.5 * GRAVITY * (50 * STEP) ** 2, rel=0.05)


def test_a_spec_makes_more_than_one_world() -> None:
    spec = build_world(Scene())
    worlds = [MujocoSimulation(spec) for _ in range(2)]
    assert len(spec.sensors) < worlds[0].model.nsensor == worlds[1].model.nsensor
