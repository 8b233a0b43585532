import subprocess
import sys
from functools import cache
from typing import cast

import mujoco
import numpy as np
import pytest
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES, Link, g1
from vla_humanoid.assets.g1 import RobotLooks, control_spec, robot_spec
from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.assets.postures import READY

TOTAL_MASS = 36.165
CONTACT_TOLERANCE = 0.002


@cache
def robot(looks: RobotLooks = "primitives") -> mujoco.MjModel:
    return robot_spec(looks).compile()


def posed(model: mujoco.MjModel, posture: dict[str, float]) -> mujoco.MjData:
    data = mujoco.MjData(model)
    data.qpos[:7] = (0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0)
    for name, position in posture.items():
        data.joint(name).qpos[0] = position
    mujoco.mj_forward(model, data)
    return data


def visuals(model: mujoco.MjModel) -> NDArray[np.intp]:
    return np.flatnonzero(model.geom_group == VISIBLE_GROUP)


def vertices(model: mujoco.MjModel, geom: int) -> NDArray[np.float64]:
    """Vertices of a mesh geom in its link's frame, shape (n, 3)."""
    mesh = int(model.geom_dataid[geom])
    first = int(model.mesh_vertadr[mesh])
    points = model.mesh_vert[first : first + int(model.mesh_vertnum[mesh])].astype(np.float64)
    rotation = np.empty(9)
    mujoco.mju_quat2Mat(rotation, model.geom_quat[geom])
    return points @ rotation.reshape(3, 3).T + model.geom_pos[geom]


def test_the_figures_need_no_engine() -> None:
    code = (
        "import sys; sys.modules['mujoco'] = None; from vla_humanoid.assets.figures import g1; g1()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_robot_weighs_and_moves_as_the_manufacturer_says() -> None:
    model = robot()
    assert len(JOINT_NAMES) == model.nu == model.njnt - 1 == 43
    assert model.body_mass.sum() == pytest.approx(TOTAL_MASS, abs=1e-3)
    assert sum(link.mass for link in g1().links) == pytest.approx(TOTAL_MASS, abs=1e-3)


@pytest.mark.parametrize("link", g1().links, ids=lambda link: link.name)
def test_every_link_has_its_figures(link: Link) -> None:
    model = robot()
    body = model.body(link.name)
    assert body.mass[0] == pytest.approx(link.mass)
    assert body.ipos == pytest.approx(link.com)
    assert body.inertia == pytest.approx(link.inertia)
    assert abs(np.dot(body.iquat, link.inertia_quat_wxyz)) == pytest.approx(1.0, abs=1e-6)
    if link.joint is None:
        return
    joint = model.joint(link.joint.name)
    dof = int(joint.dofadr[0])
    assert joint.range == pytest.approx(link.joint.range)
    assert joint.axis == pytest.approx(link.joint.axis)
    assert model.jnt_actfrcrange[joint.id] == pytest.approx((-link.joint.effort, link.joint.effort))
    assert model.dof_armature[dof] == pytest.approx(link.joint.armature)
    actuator = model.actuator(link.joint.name)
    assert int(actuator.trnid[0]) == joint.id


LEFT_LINKS = [link for link in g1().links if link.name.startswith("left_")]


@pytest.mark.parametrize("left", LEFT_LINKS, ids=lambda link: link.name)
def test_the_right_side_mirrors_the_left(left: Link) -> None:
    right = next(k for k in g1().links if k.name == left.name.replace("left_", "right_"))
    mirror = np.array([1.0, -1.0, 1.0])
    assert right.mass == left.mass
    assert right.position == pytest.approx(mirror * left.position, abs=2e-5)
    assert right.com == pytest.approx(mirror * left.com, abs=2e-3)
    assert right.inertia == pytest.approx(left.inertia, rel=2e-3)
    # A reflection in y turns rotations about x and z round, and keeps those about y.
    assert left.joint is not None
    assert right.joint is not None
    low, high = left.joint.range if left.joint.axis[1] else -np.array(left.joint.range)[::-1]
    assert right.joint.range == pytest.approx((low, high))
    assert right.joint.axis == left.joint.axis
    assert (right.joint.effort, right.joint.speed) == (left.joint.effort, left.joint.speed)


def test_all_corners_of_both_soles_touch_the_floor_at_once() -> None:
    model = robot()
    data = posed(model, dict(READY))
    feet = [model.body(f"{side}_ankle_roll_link").id for side in ("left", "right")]
    collides = model.geom_contype > 0
    corners = np.flatnonzero(np.isin(model.geom_bodyid, feet) & collides)
    assert len(corners) == 8
    bottoms = data.geom_xpos[corners, 2] - model.geom_size[corners, 0]
    assert np.ptp(bottoms) < 1e-6
    assert data.site("left_sole").xpos[2] == pytest.approx(bottoms.mean(), abs=1e-3)


@pytest.mark.parametrize("posture", [dict(READY), {}], ids=["ready", "zero"])
def test_the_robot_does_not_touch_itself(posture: dict[str, float]) -> None:
    assert posed(robot(), posture).ncon == 0


def test_the_balance_layer_has_the_same_weight_without_fingers_or_geometry() -> None:
    model = control_spec().compile()
    assert (model.nv, model.nu, model.ngeom, model.nmesh) == (35, 29, 0, 0)
    assert model.body_mass.sum() == pytest.approx(robot().body_mass.sum())


def test_looks_are_few_and_change_neither_weight_nor_contacts() -> None:
    plain, dressed = robot("none"), robot()
    shown = visuals(dressed)
    assert len(visuals(plain)) == 0
    assert 40 < len(shown) <= 65
    assert not dressed.geom_contype[shown].any()
    assert not dressed.geom_conaffinity[shown].any()
    np.testing.assert_array_equal(dressed.body_mass, plain.body_mass)
    np.testing.assert_array_equal(dressed.body_inertia, plain.body_inertia)
    assert dressed.ngeom - len(shown) == plain.ngeom


def test_the_looks_of_the_right_side_mirror_the_left() -> None:
    model = robot()

    def looks(side: str) -> dict[str, NDArray[np.float64]]:
        points: dict[str, list[NDArray[np.float64]]] = {}
        for geom in visuals(model):
            link = model.body(int(model.geom_bodyid[geom])).name
            if link.startswith(side):
                points.setdefault(link.removeprefix(side), []).append(vertices(model, geom))
        return {link: np.concatenate(parts) for link, parts in points.items()}

    left, right = looks("left_"), looks("right_")
    assert left.keys() == right.keys()
    for link, points in left.items():
        reflected = points * (1.0, -1.0, 1.0)
        for mine, other in ((reflected, right[link]), (right[link], reflected)):
            gaps = np.linalg.norm(mine[:, None] - other, axis=2).min(axis=1)
            assert gaps.max() < 1e-6, link


def test_the_shoes_stand_on_the_soles() -> None:
    model = robot()
    for side in ("left", "right"):
        foot = model.body(f"{side}_ankle_roll_link").id
        shown = [geom for geom in visuals(model) if model.geom_bodyid[geom] == foot]
        points = np.concatenate([vertices(model, geom) for geom in shown])
        assert points[:, 2].min() == pytest.approx(g1().sole_height, abs=1e-6)
        ground = points[points[:, 2] < g1().sole_height + 1e-4]
        low, high = ground.min(axis=0), ground.max(axis=0)
        assert low[:2] == pytest.approx((-0.055, -0.035), abs=1e-6)
        assert high[:2] == pytest.approx((0.125, 0.035), abs=1e-6)


HAND_LINKS = [link.name for link in g1().links if "_hand_" in link.name] + [
    "left_wrist_yaw_link",
    "right_wrist_yaw_link",
]


@pytest.mark.parametrize("link", HAND_LINKS)
def test_what_looks_like_a_contact_is_one(link: str) -> None:
    """Convex sets are as far apart as their support functions, over all directions."""
    model = robot()
    body = model.body(link).id
    (solid,) = np.flatnonzero((model.geom_bodyid == body) & (model.geom_contype > 0))
    shown = [geom for geom in visuals(model) if model.geom_bodyid[geom] == body]
    points = np.concatenate([vertices(model, geom) for geom in shown])
    if link.endswith("wrist_yaw_link"):
        points = points[points[:, 0] > 0.044]  # The palm begins there.
    points = points - model.geom_pos[solid]
    rotation = np.empty(9)
    mujoco.mju_quat2Mat(rotation, model.geom_quat[solid])
    directions = np.random.default_rng(0).normal(size=(2000, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    local = np.abs(directions @ rotation.reshape(3, 3))
    size = model.geom_size[solid]
    if int(model.geom_type[solid]) == int(mujoco.mjtGeom.mjGEOM_BOX):
        reach = local @ size
    else:
        reach = size[0] + size[1] * local[:, 2]
    assert np.abs((points @ directions.T).max(axis=0) - reach).max() < CONTACT_TOLERANCE


def test_unknown_looks_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="choose primitives, menagerie or none"):
        robot_spec(cast(RobotLooks, "chrome"))
