import json
import re
from collections.abc import Iterator
from dataclasses import asdict

import mujoco
import numpy as np
import pytest
from mujoco_worlds import mujoco_of
from numpy.typing import NDArray

from vla_humanoid.assets.cameras import MOUNTINGS
from vla_humanoid.assets.figures import JOINT_NAMES, is_finger
from vla_humanoid.assets.g1 import JOINT_DAMPING, JOINT_FRICTION
from vla_humanoid.assets.postures import READY
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.textures import TEXTURES
from vla_humanoid.control.rotations import quat_conjugate, quat_multiply, quat_to_rotvec
from vla_humanoid.envs.dynamics import JOINT_POSITION_NOISE, JOINT_VELOCITY_NOISE, Push
from vla_humanoid.envs.episode import Episode, sample_episode
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import CONTROL_RATE, PHYSICS_RATE, JointCommand
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.randomization import AXES
from vla_humanoid.tasks.core.task import Task

TASK = load_task("PickPlace")
ON_FOOT = load_task("StandStill")
OF_WALKING = ("floor_friction", "floor_slope", "payload")
"""Axes that PickPlace has no use for."""
SEEDS = range(6)

BODIES = r"scene\.(objects|containers)\.\d+\."
MAY_CHANGE = {
    "lighting": r"scene\.lighting\..*",
    "colors": rf"scene\.(floor_rgb|table\.rgb)\.\d|{BODIES}rgb\.\d",
    "textures": r"scene\.(floor_texture|table\.texture)",
    "camera": r"scene\.cameras\..*",
    "object_pose": rf"{BODIES}(position|quat_wxyz)\.\d",
    "object_size": rf"{BODIES}(scale|position\.2)",
    "object_mass": rf"{BODIES}mass",
    "object_friction": rf"{BODIES}friction",
    "table_height": rf"scene\.table\.height|{BODIES}position\.2",
    "distractors": r"scene\.objects\.[2-4]\..*",
    "actuator_strength": r"dynamics\.strength\.\d+",
    "joint_friction": r"dynamics\.friction_scale",
    "initial_posture": r"dynamics\.posture\.\d+",
    "pushes": r"dynamics\.pushes\..*",
    "observation_noise": r"dynamics\.joint_(position|velocity)_noise",
    "floor_friction": r"scene\.floor_friction",
    "floor_slope": r"scene\.floor_slope\.\d",
    "payload": r"dynamics\.payload\..*",
}
"""What each axis is allowed to change, as patterns of where that stands in the record."""


def episode(seed: int, *axes: str, task: Task[object] = TASK) -> Episode:
    return sample_episode(task, seed, axes, goal_index=0)


def task_of(axis: str) -> Task[object]:
    return ON_FOOT if axis in OF_WALKING else TASK


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every plain value of nested data, with where it stands."""
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list | tuple):
        children = enumerate(value)
    else:
        yield path, value
        return
    for key, child in children:
        yield from leaves(child, f"{path}.{key}" if path else str(key))


def drawn(episode: Episode) -> dict[str, object]:
    record = dict(leaves({"scene": asdict(episode.scene), "dynamics": asdict(episode.dynamics)}))
    assert record
    return record


def changes(one: Episode, other: Episode) -> set[str]:
    a, b = drawn(one), drawn(other)
    return {path for path in a.keys() | b.keys() if a.get(path) != b.get(path)}


def said_alike(one: Episode, other: Episode, axis: str) -> bool:
    """Whether the same is said; a noun alone is enough where there is nothing else of its kind."""
    if axis != "distractors":
        return one.instruction == other.instruction
    return one.instruction.templates == other.instruction.templates


def test_every_axis_is_accounted_for() -> None:
    assert set(MAY_CHANGE) == set(AXES)


@pytest.mark.parametrize("axis", AXES)
def test_an_axis_alone_changes_what_it_says_and_nothing_else(axis: str) -> None:
    changed: set[str] = set()
    for seed in SEEDS:
        nominal, varied = (episode(seed, *on, task=task_of(axis)) for on in ((), (axis,)))
        changed |= changes(nominal, varied)
        assert varied.goal == nominal.goal
        assert said_alike(nominal, varied, axis)
    assert changed  # In one of the episodes, at least.
    assert not [path for path in changed if not re.fullmatch(MAY_CHANGE[axis], path)]


@pytest.mark.parametrize("axis", AXES)
def test_an_axis_that_is_left_out_takes_along_nothing_else(axis: str) -> None:
    others = [other for other in AXES if other != axis]
    changed: set[str] = set()
    for seed in SEEDS:
        whole, without = (episode(seed, *on, task=task_of(axis)) for on in (AXES, others))
        changed |= changes(whole, without)
        assert without.goal == whole.goal
        assert said_alike(whole, without, axis)
    assert changed
    assert not [path for path in changed if not re.fullmatch(MAY_CHANGE[axis], path)]


def test_axes_of_walking_change_nothing_on_a_tabletop() -> None:
    others = [axis for axis in AXES if axis not in OF_WALKING]
    for seed in SEEDS:
        assert not changes(episode(seed, *AXES), episode(seed, *others))


def test_without_axes_the_robot_is_what_its_figures_say() -> None:
    dynamics = episode(3).dynamics
    assert dynamics.strength == ()
    assert dynamics.friction_scale == 1.0
    assert dynamics.pushes == ()
    assert dynamics.posture == tuple(READY[name] for name in JOINT_NAMES)
    assert dynamics.joint_position_noise == dynamics.joint_velocity_noise == 0.0
    assert episode(3, task=ON_FOOT).dynamics.payload.mass == 0.0


@pytest.mark.parametrize("task", [TASK, ON_FOOT], ids=lambda task: task.name)
def test_what_was_drawn_is_recorded_as_json(task: Task[object]) -> None:
    sampled = episode(1, *AXES, task=task)
    record = sampled.randomization
    read = json.loads(json.dumps(record))
    assert set(read) == {"axes", "scene", "dynamics"}
    assert read["axes"] == list(AXES)
    assert dict(leaves({key: read[key] for key in ("scene", "dynamics")})) == drawn(sampled)


@pytest.fixture(scope="module", params=[1, 7])
def env(request: pytest.FixtureRequest) -> Iterator[HumanoidEnv]:
    """An environment at the start of an episode in which everything varies, and is to be seen."""
    env = HumanoidEnv("PickPlace", cameras=("head",))
    env.reset(seed=request.param)
    yield env
    env.close()


def scene_and_model(env: HumanoidEnv) -> tuple[Scene, mujoco.MjModel]:
    return env.episode.scene, mujoco_of(env).model


def test_things_have_the_mass_friction_and_pose_that_were_drawn(env: HumanoidEnv) -> None:
    scene, model = scene_and_model(env)
    objects = env.world_state().objects
    assert set(objects) == {thing.name for thing in (*scene.objects, *scene.containers)}
    for thing in (*scene.objects, *scene.containers):
        body = model.body(thing.name)
        assert body.mass[0] == pytest.approx(thing.mass)
        geoms = slice(int(body.geomadr[0]), int(body.geomadr[0]) + int(body.geomnum[0]))
        assert model.geom_friction[geoms, 0] == pytest.approx(thing.friction)
        assert objects[thing.name].pose.position == pytest.approx(thing.position)
        assert objects[thing.name].pose.quat_wxyz == pytest.approx(thing.quat_wxyz)


def test_the_room_looks_and_stands_as_was_drawn(env: HumanoidEnv) -> None:
    scene, model = scene_and_model(env)
    assert scene.table is not None
    top = model.geom("table_top")
    data = mujoco_of(env).data
    assert data.geom("table_top").xpos[2] + top.size[2] == pytest.approx(scene.table.height)
    direction = np.array(scene.lighting.direction)
    light = model.light("key_light")
    assert light.dir == pytest.approx(direction / np.linalg.norm(direction), abs=1e-6)
    assert light.diffuse == pytest.approx(scene.lighting.diffuse, abs=1e-6)
    assert model.vis.headlight.ambient == pytest.approx(scene.lighting.ambient, abs=1e-6)
    surfaces = {
        "floor": (scene.floor_texture, scene.floor_rgb),
        "table": (scene.table.texture, scene.table.rgb),
    }
    for name, (texture, rgb) in surfaces.items():
        image = TEXTURES[texture](rgb).ravel()
        start = int(model.tex_adr[model.texture(name).id])
        np.testing.assert_array_equal(model.tex_data[start : start + image.size], image)
    for thing in scene.objects:
        body = model.body(thing.name)
        geoms = slice(int(body.geomadr[0]), int(body.geomadr[0]) + int(body.geomnum[0]))
        assert np.isclose(model.geom_rgba[geoms, :3], thing.rgb, atol=1e-6).all(axis=1).any()


def test_cameras_are_off_their_mountings_by_what_was_drawn(env: HumanoidEnv) -> None:
    scene, model = scene_and_model(env)
    nominal = HumanoidEnv("PickPlace", cameras=(), randomization="none")
    nominal.reset(seed=0)
    for name, offset in scene.cameras.items():
        camera, mounted = model.cam(name), mujoco_of(nominal).model.cam(name)
        assert camera.pos == pytest.approx(np.add(MOUNTINGS[name].position, offset.position))
        assert camera.fovy[0] == pytest.approx(MOUNTINGS[name].fovy + offset.fovy)
        turn = quat_multiply(camera.quat, quat_conjugate(mounted.quat))
        assert quat_to_rotvec(turn) == pytest.approx(offset.rotation, abs=1e-6)
    nominal.close()


def test_the_robot_has_the_motors_joints_and_posture_that_were_drawn(env: HumanoidEnv) -> None:
    dynamics, model = env.episode.dynamics, mujoco_of(env).model
    gains = [model.actuator(name).gainprm[0] for name in JOINT_NAMES]
    assert gains == pytest.approx(dynamics.strength)
    for name in JOINT_NAMES:
        if not is_finger(name):
            joint = model.joint(name)
            assert joint.frictionloss[0] == pytest.approx(dynamics.friction_scale * JOINT_FRICTION)
            assert joint.damping[0] == pytest.approx(dynamics.friction_scale * JOINT_DAMPING)
    assert env.world_state().robot.joint_positions == pytest.approx(dynamics.posture)


STILL = np.array([0.0] * 6 + [-1.0], dtype=np.float32)
"""A right_arm action that moves nothing."""


def standing_env(axes: str, seed: int) -> HumanoidEnv:
    env = HumanoidEnv("PickPlace", control_mode="right_arm", cameras=(), randomization=axes)
    env.reset(seed=seed)
    return env


def torso(env: HumanoidEnv) -> NDArray[np.float64]:
    return env.world_state().robot.links["torso_link"].position


def early_push() -> tuple[int, Push]:
    """A seed of an episode with one push, which comes early, and that push."""
    for seed in range(200):
        pushes = episode(seed, "pushes").dynamics.pushes
        if len(pushes) == 1 and pushes[0].start < 1.5:
            return seed, pushes[0]
    raise AssertionError("No episode is pushed early.")


def test_pushes_act_when_and_as_they_were_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    seed, push = early_push()
    env = standing_env("pushes", seed)
    simulation, applied = mujoco_of(env), []
    body, step = simulation.model.body("torso_link").id, simulation.step

    def recorded_step(command: JointCommand, steps: int) -> None:
        force = simulation.data.xfrc_applied[body, :3].copy()
        applied.extend((simulation.data.time + k / PHYSICS_RATE, force) for k in range(steps))
        step(command, steps)

    monkeypatch.setattr(simulation, "step", recorded_step)
    end = push.start + push.duration
    while simulation.data.time < end + 0.1:
        env.step(STILL)
    for time, force in applied:
        if force.any():
            assert force == pytest.approx(push.force)
            assert push.start - 1e-9 <= time < end + 1.0 / CONTROL_RATE
    seconds = sum(force.any() for _, force in applied) / PHYSICS_RATE
    assert seconds == pytest.approx(push.duration, abs=1.0 / CONTROL_RATE + 1e-9)
    env.close()


def test_a_push_moves_the_robot_along_its_direction_and_not_before() -> None:
    seed, push = early_push()
    pushed, still = (standing_env(axes, seed) for axes in ("pushes", "none"))
    moved = np.zeros(3)
    while pushed.world_state().time < push.start + push.duration + 0.1:
        assert not moved.any() or pushed.world_state().time > push.start
        for env in (pushed, still):
            env.step(STILL)
        moved = torso(pushed) - torso(still)
    assert moved @ push.force > 0.9 * np.linalg.norm(moved) * np.linalg.norm(push.force)
    assert np.linalg.norm(moved) > 1e-3
    for env in (pushed, still):
        env.close()


@pytest.mark.parametrize("axes", ["observation_noise", "none"])
def test_encoders_are_as_noisy_as_was_drawn(axes: str) -> None:
    env = standing_env(axes, seed=0)
    n, errors = len(JOINT_NAMES), []
    for _ in range(20):
        observation, *_ = env.step(STILL)
        state, robot = observation["state"], env.world_state().robot
        assert isinstance(state, np.ndarray)
        truth = np.concatenate([robot.joint_positions, robot.joint_velocities])
        errors.append(state[: 2 * n] - truth)
    noise = np.array(errors)
    is_on = float(axes != "none")
    for part, sigma in ((noise[:, :n], JOINT_POSITION_NOISE), (noise[:, n:], JOINT_VELOCITY_NOISE)):
        assert part.std() == pytest.approx(is_on * sigma, rel=0.1, abs=1e-6)
        assert abs(part.mean()) < 0.2 * sigma
    env.close()
