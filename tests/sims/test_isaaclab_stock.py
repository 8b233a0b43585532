from dataclasses import replace
from pathlib import Path

import pytest

from vla_humanoid.assets.scene import Container, GraspableObject, Landmark, Scene, Shape, Table
from vla_humanoid.sims.isaaclab.asset_files import AssetsMissing, find_assets
from vla_humanoid.sims.isaaclab.engines import checked_physics
from vla_humanoid.sims.isaaclab.stock import NotInStock, Stock


def thing(name: str, shape: Shape = "cup") -> GraspableObject:
    return GraspableObject(name, shape, "red", (1.0, 0.0, 0.0), (0.3, 0.0, 0.8))


TWO_CUPS = Scene(
    table=Table(),
    objects=(thing("red_cup"), thing("blue_cup"), thing("red_prism", "hexagonal prism")),
    containers=(Container("red_bowl", "bowl", "red", (1.0, 0.0, 0.0), (0.3, 0.1, 0.7)),),
)
CONES = Scene(landmarks=(Landmark("red_cone", "cone", "red", (1.0, 0.0, 0.0), (2.0, 0.0)),))


def test_stock_suffices_for_each_scene_alone():
    stock = Stock.of([TWO_CUPS, CONES])
    assert stock.things == {"bowl": 1, "cup": 2, "hexagonal_prism": 1}
    assert stock.landmarks == {"landmark_cone": 1}
    assert stock.table


def test_copies_are_added_to_what_scenes_need():
    stock = Stock.of([TWO_CUPS], {"cup": 1, "egg": 3, "landmark_ball": 2})
    assert stock.things["cup"] == 2
    assert stock.things["egg"] == 3
    assert stock.landmarks == {"landmark_ball": 2}


def test_every_thing_of_a_scene_gets_a_body_of_its_own():
    stock = Stock.of([TWO_CUPS])
    casting = stock.cast(TWO_CUPS)
    assert casting.things == {
        "red_cup": "cup_0",
        "blue_cup": "cup_1",
        "red_prism": "hexagonal_prism_0",
        "red_bowl": "bowl_0",
    }
    assert set(casting.things.values()) <= set(stock.thing_bodies)
    assert stock.thing_bodies["cup_1"] == "cup"


def test_a_scene_that_needs_more_is_refused_by_name():
    stock = Stock.of([TWO_CUPS])
    more = replace(TWO_CUPS, objects=(*TWO_CUPS.objects, thing("green_cup")))
    with pytest.raises(NotInStock, match="needs 3 of cup and these worlds have 2"):
        stock.cast(more)
    with pytest.raises(NotInStock, match="landmark_cone"):
        stock.cast(CONES)
    with pytest.raises(NotInStock, match="table"):
        Stock.of([CONES]).cast(TWO_CUPS)


def test_missing_files_name_the_command_that_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(AssetsMissing, match=r"vla-humanoid export-usd --catalogue --output"):
        find_assets(tmp_path)
    monkeypatch.setenv("VLA_HUMANOID_USD", str(tmp_path / "elsewhere"))
    with pytest.raises(AssetsMissing, match="elsewhere"):
        find_assets()


def test_unknown_physics_lists_what_there_is():
    with pytest.raises(ValueError, match="ovphysx, newton, physx"):
        checked_physics("bullet")
