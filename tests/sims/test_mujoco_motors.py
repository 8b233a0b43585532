from dataclasses import replace
from xml.etree import ElementTree

import mujoco
import numpy as np
import pytest
from small_world import (
    IN_THE_AIR,
    READY_POSITIONS,
    body_state,
    command,
    empty_world,
    ready,
)

from vla_humanoid.assets.figures import JOINT_NAMES, g1, is_finger
from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.schema import REPORTED_LINKS, FloatArray, WorldState
from vla_humanoid.sims.mujoco_simulation import ActuatorModel, MujocoSimulation
from vla_humanoid.sims.simulation import SimulationDiverged


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
    now = simulation.robot_state().joint_velocities
    assert simulation.motor_power() == pytest.approx(np.abs(expected * now).sum())
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
