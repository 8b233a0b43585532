"""What PhysX makes of an export: the same figures, and contacts like MuJoCo's."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import mujoco
import numpy as np
import pytest
from usd_worlds import everything, task_world, thing, without_robot

from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.usd.export import export_usd
from vla_humanoid.assets.usd.figures import model_figures
from vla_humanoid.assets.usd.parts import WorldParts
from vla_humanoid.schema import FloatArray
from vla_humanoid.sims.physx.interface import Physx
from vla_humanoid.sims.physx.library import load_library

STEP = 0.002
ROOT = "/World/Robot/pelvis"


class PhysxWorld:
    """A world in PhysX, read and written by names."""

    def __init__(self, physx: Physx) -> None:
        self._physx = physx

    def read(self, quantity: str, paths: Sequence[str]) -> FloatArray:
        binding = load_library().quantity(self._physx, quantity, list(paths))
        values = np.zeros(binding.shape, np.float32)
        binding.read(values)
        binding.destroy()
        return values.astype(np.float64)

    def write(self, quantity: str, paths: Sequence[str], values: FloatArray) -> None:
        binding = load_library().quantity(self._physx, quantity, list(paths))
        binding.write(np.asarray(values, np.float32).reshape(binding.shape))
        binding.destroy()

    def articulation(self) -> tuple[list[str], list[str]]:
        """Return the names of joints and of links, in the order of PhysX."""
        binding = load_library().quantity(self._physx, "ARTICULATION_DOF_POSITION", [ROOT])
        names = list(binding.dof_names), list(binding.body_names)
        binding.destroy()
        return names

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP)):
            self._physx.step_sync(STEP)


@contextmanager
def in_physx(spec: mujoco.MjSpec, folder: Path) -> Iterator[PhysxWorld]:
    physx, stage = load_library().open(export_usd(spec, folder / "world").scene)
    physx.warmup()
    world = PhysxWorld(physx)
    objects = [f"/World/{body.name}" for body in spec.bodies if body.joints]
    if "/World/pelvis" not in objects:
        # The warm-up is a step of next to no time, in which bodies that touch push each other off.
        world.write("RIGID_BODY_VELOCITY", objects, np.zeros(6 * len(objects)))
    yield world
    physx.wait_task(physx.detach_ovstage())
    stage.destroy()
    physx.destroy()


def in_mujoco(spec: mujoco.MjSpec, seconds: float) -> mujoco.MjData:
    model = spec.copy().compile()
    data = mujoco.MjData(model)
    mujoco.mj_step(model, data, nstep=round(seconds / model.opt.timestep))
    return data


def test_the_robot_has_the_figures_of_the_model(tmp_path: Path) -> None:
    spec = task_world("WalkToTarget")
    parts = WorldParts(spec.copy().compile())
    figures = model_figures(parts)
    with in_physx(spec, tmp_path) as world:
        joints, links = world.articulation()
        masses = world.read("ARTICULATION_BODY_MASS", [ROOT])[0]
        poses = world.read("ARTICULATION_LINK_POSE", [ROOT])[0]
        limits = world.read("ARTICULATION_DOF_LIMIT", [ROOT])[0]
        efforts = world.read("ARTICULATION_DOF_MAX_FORCE", [ROOT])[0]
        armatures = world.read("ARTICULATION_DOF_ARMATURE", [ROOT])[0]
        friction = world.read("ARTICULATION_DOF_FRICTION_PROPERTIES", [ROOT])[0]

    def wanted(quantity: str, names: Sequence[str]) -> FloatArray:
        return np.array([figures[quantity][name] for name in names])

    assert set(links) == {parts.name(link) for link in parts.links} > {"payload", "pelvis"}
    assert masses.ravel() == pytest.approx(wanted("mass", links), rel=1e-6)
    assert poses[:, :3] == pytest.approx(wanted("position", links), abs=1e-6)
    assert limits == pytest.approx(wanted("limits", joints), abs=1e-6)
    assert efforts == pytest.approx(wanted("effort", joints), rel=1e-6)
    assert armatures == pytest.approx(wanted("armature", joints), rel=1e-6)
    assert friction[:, 0] == pytest.approx(wanted("dry friction", joints), rel=1e-6)
    assert friction[:, 1] == pytest.approx(wanted("dry friction", joints), rel=1e-6)
    assert friction[:, 2] == pytest.approx(wanted("viscous friction", joints), rel=1e-6)


def test_everything_comes_to_rest_where_it_does_in_mujoco(tmp_path: Path) -> None:
    spec = everything()
    names = [body.name for body in spec.bodies if body.joints]
    data = in_mujoco(spec, 1.0)
    with in_physx(spec, tmp_path) as world:
        world.run(1.0)
        positions = world.read("RIGID_BODY_POSE", [f"/World/{name}" for name in names])[:, :3]
        speeds = world.read("RIGID_BODY_VELOCITY", [f"/World/{name}" for name in names])
    for name, position in zip(names, positions, strict=True):
        assert position == pytest.approx(data.body(name).xpos, abs=1e-4), name
    assert np.abs(speeds[:, :3]).max() < 1e-3


@pytest.mark.parametrize("priority", [0, 1])
@pytest.mark.parametrize("floor_friction", [0.3, 1.0])
@pytest.mark.parametrize("friction", [0.45, 0.6, 1.1])
def test_surfaces_hold_each_other_as_in_mujoco(
    tmp_path: Path, friction: float, floor_friction: float, priority: int
) -> None:
    """On a slope of 0.5: things have priority; robot and room, as fingers of 1.0, have none."""
    angle = math.atan(0.5)
    cube = thing("cube", 0.0, 0.0)
    height = cube.position[2]
    start = (-height * math.sin(angle), 0.0, height * math.cos(angle))
    turn = (math.cos(0.5 * angle), 0.0, -math.sin(0.5 * angle), 0.0)
    tilted = replace(cube, position=start, quat_wxyz=turn, friction=friction)
    spec = without_robot(Scene(objects=(tilted,), floor_slope=(angle, 0.0)))
    spec.geom("floor").friction[0] = floor_friction
    for geom in spec.body("cube").geoms:
        geom.priority = priority
    data = in_mujoco(spec, 0.5)
    with in_physx(spec, tmp_path) as world:
        world.run(0.5)
        (position,) = world.read("RIGID_BODY_POSE", ["/World/cube"])[:, :3]
    governing = friction if priority else max(friction, floor_friction)
    moved = float(np.linalg.norm(position - start))
    assert (moved > 0.02) == (governing < 0.5)
    assert position == pytest.approx(data.body("cube").xpos, abs=0.1 * moved + 1e-4)


def test_a_ball_rolls_as_far_as_in_mujoco(tmp_path: Path) -> None:
    spec = without_robot(Scene(objects=(thing("ball", 0.0, 0.0),)))
    model = spec.copy().compile()
    data = mujoco.MjData(model)
    speed, radius = 0.2, 0.5 * OBJECTS["ball"].size[2]
    data.qvel[0], data.qvel[4] = speed, speed / radius
    mujoco.mj_step(model, data, nstep=500)
    with in_physx(spec, tmp_path) as world:
        motion = np.array([speed, 0.0, 0.0, 0.0, speed / radius, 0.0])
        world.write("RIGID_BODY_VELOCITY", ["/World/ball"], motion)
        world.run(1.0)
        (position,) = world.read("RIGID_BODY_POSE", ["/World/ball"])[:, :3]
    assert position[0] == pytest.approx(float(data.body("ball").xpos[0]), rel=0.1)


def test_an_arm_does_not_pass_through_the_body(tmp_path: Path) -> None:
    """The left upper arm is pressed against the trunk; only excluded pairs may overlap."""
    spec = robot_spec("none")
    spec.option.gravity[:] = 0.0
    spec.option.timestep = STEP
    motor = spec.actuator("left_shoulder_roll_joint")
    motor.gainprm[0], motor.biasprm[1], motor.biasprm[2] = 20.0, -20.0, -1.0
    goal = -1.0
    model = spec.copy().compile()
    data = mujoco.MjData(model)
    data.ctrl[model.actuator("left_shoulder_roll_joint").id] = goal
    mujoco.mj_step(model, data, nstep=1000)
    reached = float(data.joint("left_shoulder_roll_joint").qpos[0])
    with in_physx(spec, tmp_path) as world:
        joints, _ = world.articulation()
        target = np.zeros(len(joints))
        target[joints.index("left_shoulder_roll_joint")] = goal
        world.write("ARTICULATION_DOF_POSITION_TARGET", [ROOT], target)
        world.run(2.0)
        angles = world.read("ARTICULATION_DOF_POSITION", [ROOT])[0]
    angle = float(angles[joints.index("left_shoulder_roll_joint")])
    assert reached > goal + 0.3
    assert angle == pytest.approx(reached, abs=0.1)
