import mujoco
import numpy as np
import pytest

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES, is_finger
from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.control.collision_capsules import CAPSULES, PAIRS
from vla_humanoid.control.hands import HAND_INDICES, finger_positions
from vla_humanoid.schema import SIDES, FloatArray

GRID = np.linspace(-1.0, 1.0, 9)
BOX = np.stack(np.meshgrid(GRID, GRID, GRID), axis=-1).reshape(-1, 3)


def skeleton(model: mujoco.MjModel, geom: int) -> tuple[FloatArray, float]:
    """Points of a geom in its own frame and the radius of the spheres around them that fill it."""
    size = model.geom_size[geom]
    match int(model.geom_type[geom]):
        case 2:
            return np.zeros((1, 3)), float(size[0])
        case 3:
            return np.linspace([0.0, 0.0, -size[1]], [0.0, 0.0, size[1]], 9), float(size[0])
        case kind:
            assert kind == int(mujoco.mjtGeom.mjGEOM_BOX)
            return BOX * size, 0.0


def outside(points: FloatArray, data: mujoco.MjData) -> FloatArray:
    """How far points lie outside all capsules [m]."""
    distances = []
    for capsule in CAPSULES.values():
        body = data.body(capsule.link)
        ends = np.array([capsule.start, capsule.end]) @ body.xmat.reshape(3, 3).T + body.xpos
        span = ends[1] - ends[0]
        along = np.clip((points - ends[0]) @ span / (span @ span), 0.0, 1.0)
        nearest = ends[0] + along[:, None] * span
        distances.append(np.linalg.norm(points - nearest, axis=1) - capsule.radius)
    return np.min(distances, axis=0)


@pytest.mark.parametrize("grip", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_the_capsules_cover_the_collision_geometry_to_within_a_centimetre(grip: float) -> None:
    model = robot_spec("none").compile()
    data = mujoco.MjData(model)
    rng = np.random.default_rng(0)
    for name in JOINT_NAMES:
        data.joint(name).qpos[0] = 0.0 if is_finger(name) else rng.uniform(*JOINT_RANGES[name])
    for side in SIDES:
        for index, position in zip(HAND_INDICES[side], finger_positions(side, grip), strict=True):
            data.joint(JOINT_NAMES[index]).qpos[0] = position
    mujoco.mj_kinematics(model, data)
    for geom in range(model.ngeom):
        points, radius = skeleton(model, geom)
        placed = points @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom]
        link = model.body(int(model.geom_bodyid[geom])).name
        tolerance = 0.02 if "wrist_pitch" in link else 0.011
        assert outside(placed, data).max() + radius < tolerance, link


def test_pairs_name_two_different_capsules_each_once() -> None:
    assert all(first in CAPSULES and second in CAPSULES for first, second in PAIRS)
    assert len({frozenset(pair) for pair in PAIRS}) == len(PAIRS)
    assert all(CAPSULES[first].link != CAPSULES[second].link for first, second in PAIRS)


def test_both_sides_keep_clear_of_the_same_things() -> None:
    def mirrored(name: str) -> str:
        swapped = {"left": "right", "right": "left"}
        return "_".join(swapped.get(word, word) for word in name.split("_"))

    pairs = {frozenset(pair) for pair in PAIRS}
    assert {frozenset(map(mirrored, pair)) for pair in pairs} == pairs
