"""What PhysX gets and gives through the real assets of 2.3.2, when our worlds write and read."""

from unittest.mock import create_autospec

import mujoco
import numpy as np
import pytest
import torch
from isaaclab.scene import InteractiveScene
from physx_views import (
    View,
    bodies_view,
    make_articulation,
    make_collection,
    robot_view,
    stand_in_for_physx,
)

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.schema import (
    REPORTED_LINKS,
    SIDES,
    FloatArray,
    JointCommand,
    Pose,
    RigidBodyState,
    RobotState,
    Twist,
)
from vla_humanoid.sims.isaaclab.bodies import Bodies
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.properties import JointFriction, Masses
from vla_humanoid.sims.isaaclab.robots import Robots

WORLDS = 3
ORIGINS = np.array([[0.0, 0.0, 0.0], [5.0, 0.0, 0.0], [0.0, 5.0, 0.0]])
RNG = np.random.default_rng(1)
ENGINE_JOINTS = [JOINT_NAMES[k] for k in RNG.permutation(len(JOINT_NAMES))]
LINKS = ["pelvis", "torso_link", *(link for link in REPORTED_LINKS if link != "pelvis")]
LINKS = list(dict.fromkeys(LINKS))


@pytest.fixture(autouse=True)
def _physx(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in_for_physx(monkeypatch)


@pytest.fixture
def view() -> View:
    return robot_view(WORLDS, ENGINE_JOINTS, LINKS)


@pytest.fixture
def robots(view: View) -> Robots:
    robot = make_articulation(view)
    joints = dialect().joint_wrenches(create_autospec(InteractiveScene, instance=True), robot)
    return Robots(robot, joints, ORIGINS)


def body_state(seed: int) -> RigidBodyState:
    rng = np.random.default_rng(seed)
    quat = rng.normal(size=4)
    quat /= np.linalg.norm(quat)
    return RigidBodyState(
        Pose(rng.normal(size=3), quat), Twist(rng.normal(size=3), rng.normal(size=3))
    )


def robot_state(seed: int) -> RobotState:
    rng = np.random.default_rng(seed)
    return RobotState(
        base=body_state(seed),
        joint_positions=rng.normal(size=len(JOINT_NAMES)),
        joint_velocities=rng.normal(size=len(JOINT_NAMES)),
        foot_wrenches={side: np.zeros(6) for side in SIDES},
        links={},
    )


def command(seed: int) -> JointCommand:
    rng = np.random.default_rng(seed)
    return JointCommand(*rng.uniform(0.0, 1.0, size=(5, len(JOINT_NAMES))))


def in_engine_order(values: FloatArray) -> list[float]:
    return [float(np.float32(values[JOINT_NAMES.index(name)])) for name in ENGINE_JOINTS]


def test_a_robots_state_reaches_physx_and_comes_back(robots: Robots, view: View) -> None:
    states = {0: robot_state(10), 2: robot_state(12)}
    before = {name: tensor.clone() for name, tensor in view.tensors.items()}
    robots.write(states)
    for k, state in states.items():
        w, x, y, z = state.base.pose.quat_wxyz
        xyz = state.base.pose.position + ORIGINS[k]
        row = view.tensors["root_transforms"][k]
        assert row.tolist() == pytest.approx([*xyz, x, y, z, w], abs=1e-6)
        assert view.tensors["dof_positions"][k].tolist() == in_engine_order(state.joint_positions)
        assert view.tensors["dof_velocities"][k].tolist() == in_engine_order(state.joint_velocities)
    for name, tensor in view.tensors.items():
        assert torch.equal(tensor[1], before[name][1]), f"world 1 keeps its {name}"

    read = robots.read()
    for k, state in states.items():
        base = read[k].base
        assert base.pose.position == pytest.approx(state.base.pose.position, abs=1e-6)
        assert base.pose.quat_wxyz == pytest.approx(state.base.pose.quat_wxyz, abs=1e-6)
        assert base.twist.linear == pytest.approx(state.base.twist.linear, abs=1e-6)
        assert base.twist.angular == pytest.approx(state.base.twist.angular, abs=1e-6)
        assert read[k].joint_positions == pytest.approx(state.joint_positions, abs=1e-6)
        assert read[k].links["pelvis"].quat_wxyz == pytest.approx(base.pose.quat_wxyz, abs=1e-6)


def test_commands_reach_physx_through_implicit_motors(robots: Robots, view: View) -> None:
    commands = {0: command(20), 2: command(22)}
    robots.command(commands)
    robots.articulation.write_data_to_sim()
    for k, given in commands.items():
        for name, values in (
            ("dof_position_targets", given.position),
            ("dof_velocity_targets", given.velocity),
            ("dof_actuation_forces", given.torque),
            ("dof_stiffnesses", given.kp),
            ("dof_dampings", given.kd),
        ):
            assert view.tensors[name][k].tolist() == in_engine_order(values), name
    assert not view.tensors["dof_position_targets"][1].any()


def test_pushes_stay_in_the_worlds_frame_while_the_torso_turns(robots: Robots, view: View) -> None:
    force = np.array([30.0, -20.0, 5.0])
    torso = LINKS.index("torso_link")
    for seed in (30, 31):
        w, x, y, z = quat = body_state(seed).pose.quat_wxyz
        view.tensors["link_transforms"][1, torso, 3:] = torch.tensor([x, y, z, w])
        robots.articulation.update(0.005)
        robots.push({1: force})
        robots.articulation.write_data_to_sim()
        local = view.pushes.reshape(WORLDS, len(LINKS), 3)
        turned = np.empty(3)
        mujoco.mju_rotVecQuat(turned, local[1, torso].double().numpy(), quat)
        assert turned == pytest.approx(force, abs=1e-4)
        assert not local[[0, 2]].any()


def test_feet_feel_what_the_ankles_do_not(robots: Robots, view: View) -> None:
    weight = 100.0
    for side in SIDES:
        foot = LINKS.index(f"{side}_ankle_roll_link")
        # The leg presses the foot down; the foot rests, so the ground holds both.
        view.tensors["link_incoming_joint_force"][:, foot, 2] = -weight
    wrenches = robots.read()[0].foot_wrenches
    for side in SIDES:
        assert wrenches[side][:3] == pytest.approx([0.0, 0.0, weight + 9.81], abs=1e-4)


def test_joint_friction_is_scaled_in_the_worlds_that_are_asked_for(
    robots: Robots, view: View
) -> None:
    before = view.tensors["dof_friction_properties"].clone()
    JointFriction(robots.articulation).scale({1: 2.0})
    after = view.tensors["dof_friction_properties"]
    knee = ENGINE_JOINTS.index("left_knee_joint")
    assert after[1, knee, 0] == pytest.approx(2 * before[1, knee, 0])
    assert after[1, knee, 2] == pytest.approx(2 * before[1, knee, 2])
    assert torch.equal(after[[0, 2]], before[[0, 2]])


NAMES = ("mug_0", "box_0")


@pytest.fixture
def things() -> View:
    return bodies_view(WORLDS, len(NAMES))


def test_bodies_reach_physx_and_come_back(things: View) -> None:
    bodies = Bodies(make_collection(things, NAMES), ORIGINS, fixtures=False)
    state = body_state(40)
    bodies.place({2: {"box_0": state}})
    row = NAMES.index("box_0") * WORLDS + 2
    w, x, y, z = state.pose.quat_wxyz
    expected = [*(state.pose.position + ORIGINS[2]), x, y, z, w]
    assert things.tensors["transforms"][row].tolist() == pytest.approx(expected, abs=1e-6)
    assert things.tensors["transforms"][NAMES.index("mug_0") * WORLDS + 2, 2] < -10.0, "put away"
    assert torch.equal(things.tensors["transforms"][1], torch.tensor([0.0] * 6 + [1.0]))

    read = bodies.read([{}, {}, {"target": "box_0"}])[2]["target"]
    assert read.pose.position == pytest.approx(state.pose.position, abs=1e-6)
    assert read.pose.quat_wxyz == pytest.approx(state.pose.quat_wxyz, abs=1e-6)
    assert read.twist.linear == pytest.approx(state.twist.linear, abs=1e-6)


def test_masses_of_bodies_change_with_their_inertias(things: View) -> None:
    before = things.tensors["masses"].clone()
    Masses(make_collection(things, NAMES)).set({1: {"box_0": 10.0}})
    row = NAMES.index("box_0") * WORLDS + 1
    assert things.tensors["masses"][row].item() == 10.0
    assert things.tensors["inertias"][row].tolist() == pytest.approx(
        [10.0 / before[row].item()] * 9
    )
    others = [k for k in range(len(before)) if k != row]
    assert torch.equal(things.tensors["masses"][others], before[others])
