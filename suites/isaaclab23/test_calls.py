"""Each call of the dialect against the signature of the real 2.3.2, which a wrong name breaks."""

import inspect
from unittest.mock import NonCallableMagicMock, create_autospec

import pytest
import torch
from isaaclab.assets import Articulation, RigidObjectCollection
from isaaclab.assets.articulation.articulation_data import ArticulationData
from isaaclab.assets.rigid_object_collection.rigid_object_collection_data import (
    RigidObjectCollectionData,
)
from isaaclab.utils.wrench_composer import WrenchComposer

from vla_humanoid.sims.isaaclab.dialect import Dialect
from vla_humanoid.sims.isaaclab.lab23 import Lab23

LAB = Lab23()
IDS = torch.tensor([0, 2])
SOME = torch.zeros(2, 3)


@pytest.fixture
def robot() -> NonCallableMagicMock:
    made = create_autospec(Articulation, instance=True)
    made.data = create_autospec(ArticulationData, instance=True)
    made.permanent_wrench_composer = create_autospec(WrenchComposer, instance=True)
    return made


@pytest.fixture
def collection() -> NonCallableMagicMock:
    made = create_autospec(RigidObjectCollection, instance=True)
    made.data = create_autospec(RigidObjectCollectionData, instance=True)
    return made


def test_the_stand_in_refuses_names_of_other_releases(
    robot: NonCallableMagicMock, collection: NonCallableMagicMock
) -> None:
    with pytest.raises(TypeError):
        robot.write_root_link_pose_to_sim(pose=SOME, env_ids=IDS)
    with pytest.raises(AttributeError):
        robot.write_root_link_pose_to_sim_index(root_pose=SOME, env_ids=IDS)
    with pytest.raises(AttributeError):
        _ = robot.data.body_mass
    with pytest.raises(AttributeError):
        _ = collection.data.body_link_pose_w


def test_robots_are_placed(robot: NonCallableMagicMock) -> None:
    LAB.write_root(robot, SOME, SOME + 1, IDS)
    LAB.write_joints(robot, SOME, SOME + 1, IDS)
    robot.write_root_link_pose_to_sim.assert_called_once_with(root_pose=SOME, env_ids=IDS)
    robot.write_joint_state_to_sim.assert_called_once()


def test_motors_are_commanded(robot: NonCallableMagicMock) -> None:
    LAB.write_gains(robot, SOME, SOME, IDS)
    LAB.command(robot, SOME, SOME + 1, SOME + 2, [0, 2])
    for setter, offset in (("position", 0), ("velocity", 1), ("effort", 2)):
        call = getattr(robot, f"set_joint_{setter}_target").call_args
        assert torch.equal(call.kwargs["target"], SOME + offset)
        assert torch.equal(call.kwargs["env_ids"], IDS)


def test_pushes_are_turned_by_the_pose_of_now(robot: NonCallableMagicMock) -> None:
    LAB.push(robot, torch.ones(2, 1, 3), torch.zeros(2, 1, 3), 5)
    names = [call[0] for call in robot.permanent_wrench_composer.method_calls]
    assert names == ["reset", "set_forces_and_torques"]


def test_robots_are_read(robot: NonCallableMagicMock) -> None:
    robot.data.default_mass = SOME
    robot.body_names = ["foot"]
    robot.data.body_incoming_joint_wrench_b = torch.arange(6.0).reshape(1, 1, 6)
    wrenches = LAB.joint_wrenches(create_autospec(object), robot)
    force, torque = wrenches.read()
    assert LAB.masses(robot) is SOME
    assert wrenches.body_names == ["foot"]
    assert force.tolist() == [[[0.0, 1.0, 2.0]]]
    assert torque.tolist() == [[[3.0, 4.0, 5.0]]]


def test_bodies_are_read_and_placed(collection: NonCallableMagicMock) -> None:
    collection.object_names = ["mug"]
    assert LAB.body_names(collection) == ["mug"]
    assert LAB.body_states(collection) == (
        collection.data.object_link_pose_w,
        collection.data.object_link_vel_w,
    )
    LAB.write_bodies(collection, SOME, None, IDS)
    collection.write_object_link_velocity_to_sim.assert_not_called()
    LAB.write_bodies(collection, SOME, SOME, IDS)
    collection.write_object_link_velocity_to_sim.assert_called_once()


MEMBERS = [name for name in vars(Dialect) if not name.startswith("_")]


@pytest.mark.parametrize("name", [name for name in MEMBERS if callable(getattr(Dialect, name))])
def test_the_dialect_has_the_methods_that_are_asked_for(name: str) -> None:
    wanted = inspect.signature(getattr(Dialect, name)).parameters.values()
    found = inspect.signature(getattr(Lab23, name)).parameters.values()
    assert [(p.name, p.kind) for p in wanted] == [(p.name, p.kind) for p in found]


@pytest.mark.parametrize("name", Dialect.__annotations__)
def test_the_dialect_has_the_figures_that_are_asked_for(name: str) -> None:
    assert hasattr(LAB, name)
