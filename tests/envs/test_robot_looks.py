import sys

import gymnasium
import mujoco
import numpy as np
import pytest
from mujoco_worlds import mujoco_of

from vla_humanoid.assets import g1
from vla_humanoid.envs import humanoid_env
from vla_humanoid.envs.humanoid_env import HumanoidEnv

PICK_PLACE = "VLAHumanoid-PickPlace-v0"


def test_the_robot_is_drawn_with_our_own_shells_unless_asked_otherwise() -> None:
    env = gymnasium.make(PICK_PLACE, cameras=())
    assert env.get_wrapper_attr("config").robot == "primitives"
    env.close()


def test_an_unknown_robot_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(ValueError, match="Unknown robot 'h1'; choose one of primitives, menagerie"):
        gymnasium.make(PICK_PLACE, cameras=(), robot="h1")


def test_missing_meshes_are_an_error_when_the_environment_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "mujoco_menagerie", None)
    with pytest.raises(ValueError, match="pip install mujoco-menagerie"):
        gymnasium.make(PICK_PLACE, cameras=(), robot="menagerie")


def test_what_the_robot_is_drawn_with_changes_no_physics(monkeypatch: pytest.MonkeyPatch) -> None:
    def add_a_mesh(spec: mujoco.MjSpec, directory: str) -> None:
        corners = [0.0, 0.0, 0.0, 0.1, 0.0, 0.0, 0.0, 0.1, 0.0, 0.0, 0.0, 0.1]
        faces = [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]
        spec.add_mesh(name="theirs", uservert=corners, userface=faces)
        kind = mujoco.mjtGeom.mjGEOM_MESH
        torso = spec.body("torso_link")
        torso.add_geom(type=kind, meshname="theirs", contype=0, conaffinity=0, group=2)

    for module in (humanoid_env, g1):
        monkeypatch.setattr(module, "menagerie_directory", lambda: "on disk")
    monkeypatch.setattr(g1, "add_menagerie_looks", add_a_mesh)
    states = []
    for robot in ("primitives", "menagerie"):
        env = HumanoidEnv("PickPlace", cameras=("head",), robot=robot)
        observation, _ = env.reset(seed=3)
        meshes = {mujoco_of(env).model.mesh(i).name for i in range(mujoco_of(env).model.nmesh)}
        assert ("theirs" in meshes) == (robot == "menagerie")
        for _ in range(3):
            observation, *_ = env.step(np.zeros(18, dtype=np.float32))
        states.append(observation["state"])
        env.close()
    np.testing.assert_array_equal(*states)
