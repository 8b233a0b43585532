import sys
from pathlib import Path
from types import ModuleType

import mujoco
import numpy as np
import pytest

from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.g1_menagerie import add_menagerie_looks
from vla_humanoid.assets.lofts import loft

XML = """
<mujoco>
  <compiler angle="radian" meshdir="assets"/>
  <default>
    <default class="visual">
      <geom type="mesh" contype="0" conaffinity="0" group="2" material="black"/>
    </default>
  </default>
  <asset>
    <material name="black" rgba="0.2 0.3 0.4 1"/>
    <mesh file="pelvis.STL"/>
    <mesh name="torso_link" file="torso.STL"/>
  </asset>
  <worldbody>
    <body name="pelvis" pos="0 0 0.8">
      <freejoint/>
      <geom class="visual" mesh="pelvis"/>
      <geom type="mesh" mesh="pelvis"/>
      <body name="waist_yaw_link">
        <body name="waist_roll_link" pos="-0.004 0 0.044">
          <body name="torso_link">
            <geom class="visual" mesh="torso_link" pos="0 0 0.1"/>
          </body>
        </body>
      </body>
    </body>
  </worldbody>
</mujoco>
"""


class FakeCache:
    """Stands in for ``mujoco_menagerie.Cache``."""

    root: Path | None = None
    directory = Path()

    def is_cached(self, robot: str) -> bool:
        return (self.model_path(robot) / ".complete").is_file()

    def model_path(self, robot: str) -> Path:
        return self.directory / "models" / f"{robot}-0123"


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installed package whose cache is empty: the directory its G1 would have."""
    module = ModuleType("mujoco_menagerie")
    module.__dict__.update(Cache=FakeCache, get=lambda name: name)
    monkeypatch.setattr(FakeCache, "directory", tmp_path)
    monkeypatch.setitem(sys.modules, "mujoco_menagerie", module)
    return tmp_path / "models" / "unitree_g1-0123"


def fill(directory: Path) -> None:
    (directory / "assets").mkdir(parents=True)
    (directory / "g1_with_hands.xml").write_text(XML)
    (directory / ".complete").touch()
    vertices, faces = loft("z", [(0.0, 0.0, 0.0, 0.1, 0.1), (0.1, 0.0, 0.0, 0.05, 0.05)], 1.0, 2)
    record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    triangles = np.zeros(len(faces), dtype=record)
    triangles["corners"] = vertices[faces]
    stl = bytes(80) + len(faces).to_bytes(4, "little") + triangles.tobytes()
    for name in ("pelvis.STL", "torso.STL"):
        (directory / "assets" / name).write_bytes(stl)


def test_meshes_on_disk_dress_the_links(package: Path) -> None:
    fill(package)
    model = robot_spec("menagerie").compile()
    plain = robot_spec("none").compile()
    shown = np.flatnonzero(model.geom_group == 2)
    links = [model.body(int(model.geom_bodyid[geom])).name for geom in shown]
    assert links == ["pelvis", "torso_link"]
    assert model.geom_rgba[shown] == pytest.approx(np.tile([0.2, 0.3, 0.4, 1.0], (2, 1)))
    assert not model.geom_contype[shown].any()
    np.testing.assert_array_equal(model.body_mass, plain.body_mass)


def test_meshes_stay_in_place_where_revisions_differ(package: Path) -> None:
    fill(package)
    theirs = mujoco.MjModel.from_xml_path(str(package / "g1_with_hands.xml"))
    ours = robot_spec("menagerie").compile()

    def lowest(model: mujoco.MjModel) -> float:
        data = mujoco.MjData(model)
        mujoco.mj_kinematics(model, data)
        (geom,) = np.flatnonzero(
            (model.geom_bodyid == model.body("torso_link").id) & (model.geom_group == 2)
        )
        mesh = model.mesh(int(model.geom_dataid[geom]))
        first = int(mesh.vertadr[0])
        points = model.mesh_vert[first : first + int(mesh.vertnum[0])]
        upward = data.geom_xmat[geom].reshape(3, 3)[2]
        return (points @ upward).min() + data.geom_xpos[geom, 2] - data.body("pelvis").xpos[2]

    assert lowest(ours) == pytest.approx(0.044 + 0.1)
    assert lowest(theirs) == pytest.approx(0.044 + 0.1)


def test_a_checkout_may_stand_in_for_the_cache(
    package: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(FakeCache, "root", tmp_path)
    fill(tmp_path / "unitree_g1")
    assert robot_spec("menagerie").compile().nmesh == 2


def test_an_empty_cache_is_an_error_that_says_how_to_fill_it(package: Path) -> None:
    with pytest.raises(ValueError, match="mujoco-menagerie prefetch unitree_g1"):
        robot_spec("menagerie")


def test_a_missing_package_is_an_error_that_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "mujoco_menagerie", None)
    with pytest.raises(ValueError, match="pip install mujoco-menagerie"):
        robot_spec("menagerie")


def test_a_lost_mesh_is_named(package: Path) -> None:
    fill(package)
    (package / "assets" / "torso.STL").unlink()
    with pytest.raises(ValueError, match=r"torso\.STL on torso_link"):
        add_menagerie_looks(robot_spec("none"), package)
