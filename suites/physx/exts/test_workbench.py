"""The whole extension in a stand-in of Kit, on real physics and a real USD stage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pxr import Usd, UsdGeom

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.tasks.stand_still import StandStill
from vla_humanoid.viewer.overlay import COLORS

if TYPE_CHECKING:
    from vla_humanoid_isaac import VlaHumanoidExtension


@pytest.fixture
def stage(kit: None) -> Iterator[Usd.Stage]:
    import omni.usd

    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    UsdGeom.SetStageUpAxis(stage, "Z")
    omni.usd.get_context().stage = stage
    yield stage
    omni.usd.get_context().stage = None


@pytest.fixture
def extension(kit: None) -> Iterator[VlaHumanoidExtension]:
    from vla_humanoid_isaac import VlaHumanoidExtension

    extension = VlaHumanoidExtension()
    extension.on_startup("vla_humanoid.isaac-0.1.0")
    yield extension
    extension.on_shutdown()


def click(text: str) -> None:
    import omni.ui as ui

    (window,) = ui.windows_
    for widget in window.frame.all_():
        if isinstance(widget, ui.Button) and widget.text == text:
            widget.click_()


def type_into(caption: str, text: str) -> None:
    import omni.ui as ui

    (window,) = ui.windows_
    for row in window.frame.all_():
        if not isinstance(row, ui.HStack):
            continue
        label, *fields = row.children_
        if isinstance(label, ui.Label) and label.text == caption:
            (field,) = [child for child in fields if isinstance(child, ui.StringField)]
            field.type_(text)


def shown(stage: Usd.Stage, body: str) -> bool:
    return bool(stage.GetPrimAtPath(f"/VlaHumanoid/{body}"))


def test_an_episode_is_shown_and_drawn(stage: Usd.Stage, extension: VlaHumanoidExtension) -> None:
    import omni.kit.app
    from isaacsim.util.debug_draw import _debug_draw

    drawn = _debug_draw.acquire_debug_draw_interface()
    click("Reset")
    assert shown(stage, "pelvis")
    assert {color for _, color, _ in drawn.points} >= {COLORS["ZMP"], COLORS["CoM"]}
    click("Run")
    before = UsdGeom.XformCache().GetLocalToWorldTransform(
        stage.GetPrimAtPath("/VlaHumanoid/left_wrist_yaw_link")
    )
    while len(drawn.lines) < 8:  # Wrist targets come with the first action.
        omni.kit.app.get_app().update()
    after = UsdGeom.XformCache().GetLocalToWorldTransform(
        stage.GetPrimAtPath("/VlaHumanoid/left_wrist_yaw_link")
    )
    assert after != before


def test_a_panel_without_a_stage_still_works(extension: VlaHumanoidExtension) -> None:
    import omni.ui as ui

    click("Reset")
    (window,) = ui.windows_
    texts = [widget.text for widget in window.frame.all_() if isinstance(widget, ui.Label)]
    assert "ready" in texts


def test_disabling_leaves_nothing_behind(
    stage: Usd.Stage, kit: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import omni.kit.app
    import omni.ui as ui
    from isaacsim.util.debug_draw import _debug_draw
    from vla_humanoid_isaac import VlaHumanoidExtension

    monkeypatch.setattr(StandStill, "time_limit", 0.1)
    empty = stage.GetSessionLayer().ExportToString()
    extension = VlaHumanoidExtension()
    extension.on_startup("vla_humanoid.isaac-0.1.0")
    (window,) = ui.windows_
    for row in window.frame.all_():
        if isinstance(row, ui.ComboBox) and "StandStill" in row.items_:
            row.choose_("StandStill")
    type_into("Record into", str(tmp_path / "mine.hdf5"))
    click("Record")
    click("Reset")
    click("Step")
    click("Step")
    updates = omni.kit.app.get_app().get_update_event_stream()
    assert updates.names == ["vla_humanoid.isaac"]
    extension.on_shutdown()
    del extension
    gc.collect()
    assert updates.names == []
    assert ui.windows_ == []
    drawn = _debug_draw.acquire_debug_draw_interface()
    assert drawn.points == drawn.lines == []
    assert not shown(stage, "pelvis")
    assert stage.GetSessionLayer().ExportToString() == empty
    with open_dataset(tmp_path / "mine.hdf5") as dataset:
        assert dataset.complete
        assert dataset.demo("demo_0").text("failure") == "timeout"


def test_a_stage_opened_later_is_used(extension: VlaHumanoidExtension, stage: Usd.Stage) -> None:
    import omni.usd

    click("Reset")
    other = Usd.Stage.CreateInMemory()
    omni.usd.get_context().stage = other
    click("Step")
    assert shown(other, "pelvis")


def test_physx_is_refused_inside_of_kit(stage: Usd.Stage, extension: VlaHumanoidExtension) -> None:
    import omni.ui as ui

    (window,) = ui.windows_
    for widget in window.frame.all_():
        if isinstance(widget, ui.ComboBox) and "physx" in widget.items_:
            widget.choose_("physx")
    click("Reset")
    texts = [widget.text for widget in window.frame.all_() if isinstance(widget, ui.Label)]
    assert any("cannot share a process with Omniverse Kit" in text for text in texts)
