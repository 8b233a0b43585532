"""Things on joints, and many balls, in USD and in PhysX."""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from engine_worlds import command, in_the_air, ready
from jointed_worlds import BALLS, JOINTS, RADIUS, add_balls, jointed_world

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Container, Fixture, Scene
from vla_humanoid.assets.usd.agreement import compare_with_model
from vla_humanoid.assets.usd.export import UsdFiles, export_usd
from vla_humanoid.assets.usd.figures import UNITS
from vla_humanoid.assets.world import build_world
from vla_humanoid.data_collection.layout import state_tree
from vla_humanoid.schema import WorldState
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.sims.physx.simulation import PhysxSimulation
from vla_humanoid.sims.simulation import SimulationDiverged

VALIDATOR = import_module("omni.asset_validator")
ALL_FIXTURES = Scene(
    fixtures=tuple(
        Fixture(f"fixture_{k}", kind, "red", COLORS["red"], (2.0 + k, 1.0, 0.5), yaw=0.4 * k)
        for k, kind in enumerate(FIXTURES)
    )
)
MOVED = {
    "drawer": (0.02, 0.5),
    "button": (0.01, 0.0),
    "door": (-0.2, -1.0),
    "latch": (0.8, 0.0),
    "lever": (-0.5, 0.0),
}
"""Position and velocity of each joint at first; every spring is out of its rest."""


@pytest.fixture(scope="module")
def physx() -> Iterator[PhysxSimulation]:
    simulation = PhysxSimulation(jointed_world())
    yield simulation
    simulation.close()


@pytest.fixture(scope="module")
def mujoco() -> MujocoSimulation:
    return MujocoSimulation(jointed_world())


@pytest.fixture(scope="module")
def start(mujoco: MujocoSimulation) -> WorldState:
    state = mujoco.state()
    fixtures = {
        name: replace(state.fixtures[name], position=position, velocity=velocity)
        for name, (position, velocity) in MOVED.items()
    }
    return replace(in_the_air(Scene()), objects=state.objects, fixtures=fixtures)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> UsdFiles:
    return export_usd(jointed_world(), tmp_path_factory.mktemp("usd") / "world")


def test_every_figure_of_every_joint_is_written(files: UsdFiles) -> None:
    assert set(files.fixtures) == {"cabinet", "frame", "lever"}
    differences = compare_with_model(files.scene, jointed_world().compile())
    assert {difference.quantity for difference in differences} == set(UNITS)
    for difference in differences:
        assert difference.largest < 1e-6, difference
    assert {d.count for d in differences if d.quantity == "stiffness"} == {43 + len(JOINTS)}


def test_the_asset_validator_finds_nothing(files: UsdFiles, tmp_path: Path) -> None:
    engine = VALIDATOR.ValidationEngine()
    ours = export_usd(build_world(ALL_FIXTURES), tmp_path / "fixtures")
    for file in (*files.all, *ours.all):
        issues = engine.validate(str(file)).issues
        assert [(issue.severity, issue.message) for issue in issues] == [], file


def test_joints_are_written_and_read_by_name(
    physx: PhysxSimulation, mujoco: MujocoSimulation, start: WorldState
) -> None:
    theirs, ours = (simulation.reset(start).fixtures for simulation in (mujoco, physx))
    assert set(ours) == set(theirs) == set(MOVED)
    for name, (position, velocity) in MOVED.items():
        assert ours[name].position == pytest.approx(position, abs=1e-6)
        assert ours[name].velocity == pytest.approx(velocity, abs=1e-6)
        for field in ("position", "quat_wxyz"):
            place, expected = (getattr(state[name].pose, field) for state in (ours, theirs))
            assert place == pytest.approx(expected, abs=1e-6), name


def test_joints_and_balls_move_as_in_mujoco(
    physx: PhysxSimulation, mujoco: MujocoSimulation, start: WorldState
) -> None:
    hold = command(position=start.robot.joint_positions, kp=100.0, kd=3.0)
    ends = []
    for simulation in (mujoco, physx):
        simulation.reset(start)
        simulation.step(hold, 250)
        ends.append(simulation.state())
    theirs, ours = ends
    for name, (position, _) in MOVED.items():
        there = theirs.fixtures[name].position
        assert abs(there - position) > 0.01
        assert ours.fixtures[name].position == pytest.approx(there, rel=0.02, abs=1e-3), name
    for name in BALLS:
        there = theirs.objects[name].pose.position
        # Whoever takes one step of 2 ms for sixteen falls 5 mm more in this time.
        assert ours.objects[name].pose.position[2] == pytest.approx(there[2], abs=6e-3), name


def test_balls_that_are_poured_into_a_bowl_come_to_rest_in_it() -> None:
    bowl = Container("bowl", "bowl", "blue", COLORS["blue"], (1.0, 0.0, 0.002))
    scene = Scene(containers=(bowl,))
    model = CONTAINERS["bowl"]
    places = [(0.98 + 0.04 * (k % 2), 0.02 * (k % 3), 0.1 + 0.03 * k) for k in range(len(BALLS))]
    for make in (MujocoSimulation, PhysxSimulation):
        spec = build_world(scene)
        add_balls(spec, places)
        simulation = make(spec)
        state = replace(in_the_air(scene), objects=simulation.state().objects)
        simulation.reset(state)
        simulation.step(command(position=state.robot.joint_positions, kp=100.0, kd=3.0), 600)
        objects = simulation.state().objects
        center = objects["bowl"].pose.position
        for name in BALLS:
            x, y, z = objects[name].pose.position - center
            assert model.inner.covers(float(x), float(y)), (make, name)
            assert model.floor_height < z < model.rim_height + RADIUS, (make, name)
            assert np.abs(objects[name].twist.linear).max() < 0.05, (make, name)
        simulation.close()


def test_the_record_has_every_fixture_as_isaac_lab_lays_articulations_out(
    physx: PhysxSimulation, start: WorldState
) -> None:
    tree = state_tree([physx.reset(start)] * 3)
    for name, (position, velocity) in MOVED.items():
        assert tree[f"articulation/{name}/joint_position"] == pytest.approx(position)
        assert tree[f"articulation/{name}/joint_velocity"] == pytest.approx(velocity)
        assert tree[f"articulation/{name}/root_pose"].shape == (3, 7)


def test_bad_states_and_wild_motions_name_the_fixture(
    physx: PhysxSimulation, start: WorldState
) -> None:
    def with_lever(position: float, velocity: float) -> WorldState:
        lever = replace(start.fixtures["lever"], position=position, velocity=velocity)
        return replace(start, fixtures={**start.fixtures, "lever": lever})

    with pytest.raises(ValueError, match="joint of lever is not finite"):
        physx.reset(with_lever(np.nan, 0.0))
    with pytest.raises(ValueError, match="no entry for button, door, drawer"):
        physx.reset(replace(start, fixtures={}))
    physx.reset(with_lever(0.0, 500.0))
    with pytest.raises(SimulationDiverged, match=r"lever_joint moves at"):
        physx.step(command(), 1)


@pytest.mark.parametrize("kind", FIXTURES)
def test_every_fixture_of_the_library_keeps_still_and_opens_as_in_mujoco(kind: str) -> None:
    (fixture,) = (one for one in ALL_FIXTURES.fixtures if one.kind == kind)
    scene = Scene(fixtures=(fixture,))
    low, high = FIXTURES[fixture.kind].limits
    ends: list[list[float]] = []
    for make in (MujocoSimulation, PhysxSimulation):
        simulation = make(build_world(scene))
        hold = command(position=ready(scene).robot.joint_positions, kp=100.0, kd=3.0)
        reached = []
        for position, velocity in ((0.0, 0.0), (low + 0.3 * (high - low), 0.5 * (high - low))):
            state = ready(scene)
            moved = replace(state.fixtures[fixture.name], position=position, velocity=velocity)
            simulation.reset(replace(state, fixtures={fixture.name: moved}))
            simulation.step(hold, 150)
            reached.append(simulation.state().fixtures[fixture.name].position)
        simulation.close()
        ends.append(reached)
    theirs, ours = ends
    assert ours[0] == pytest.approx(0.0, abs=1e-3)
    assert ours[1] == pytest.approx(theirs[1], abs=0.02 * (high - low))
