import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from events_heard import QUICK, ManualClock

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.tasks.core.randomization import AXES
from vla_humanoid.tasks.stand_still import StandStill
from vla_humanoid.viewer.events import Command
from vla_humanoid.viewer.panel import Form, Panel, PanelView
from vla_humanoid.viewer.report import CAPTIONS
from vla_humanoid.viewer.session import Session

STANDING = Form(task="StandStill", randomization=())


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def panel(clock: ManualClock) -> Iterator[Panel]:
    panel = Panel(Session(QUICK, clock=clock))
    panel.edit(STANDING)
    yield panel
    panel.close()


def text(view: PanelView, caption: str) -> str:
    return next(line.text for line in view.lines if line.caption == caption)


def test_the_form_begins_with_the_default_settings() -> None:
    session = Session()
    assert Form().settings(session.settings) == session.settings


def test_closing_twice_is_closing_once() -> None:
    panel = Panel(Session())
    panel.close()
    panel.close()
    assert panel.view.reading is None


def test_a_new_panel_says_what_to_press() -> None:
    view = Panel(Session()).view
    assert view.message == "Press Reset for an episode."
    assert [line.caption for line in view.lines] == list(CAPTIONS)
    assert text(view, "State") == "idle"
    assert text(view, "Instruction") == "-"
    assert view.reading is None


def test_the_buttons_drive_an_episode(panel: Panel, clock: ManualClock) -> None:
    panel.press(Command.RESET)
    assert text(panel.view, "State") == "ready"
    assert text(panel.view, "Time") == "0.00 s, step 0"
    assert text(panel.view, "Latency") == "-"
    panel.press(Command.STEP)
    assert text(panel.view, "State") == "paused"
    panel.press(Command.RUN)
    clock.now += 0.05
    panel.tick()
    assert text(panel.view, "Time") == "0.10 s, step 2"
    assert text(panel.view, "Latency").startswith("policy ")
    assert text(panel.view, "Sub-goal") == "1 of 1: keep standing"
    assert text(panel.view, "Result") == "open"
    assert text(panel.view, "DCM margin").endswith(" cm")
    assert text(panel.view, "Balance") == "follows"
    panel.press(Command.PAUSE)
    assert panel.view.allowed == {Command.RESET, Command.STEP, Command.RUN, Command.RECORD}
    assert panel.view.message == ""


def test_an_address_that_is_none_is_marked(panel: Panel) -> None:
    panel.edit(replace(STANDING, policy="server", location="nowhere"))
    panel.press(Command.RESET)
    assert panel.view.is_error
    assert panel.view.wrong_field == "location"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(STANDING, seed="seven"), "seed"),
        (replace(STANDING, sentence="jump @ once"), "sentence"),
        (replace(STANDING, policy="oracle"), "policy"),
        (replace(STANDING, task="Juggle"), "task"),
        (replace(STANDING, randomization=("gravity",)), "randomization"),
        (replace(STANDING, engine="bullet"), "engine"),
    ],
)
def test_what_is_wrong_shows_at_once_and_goes_when_it_is_right(
    panel: Panel, wrong: Form, field: str
) -> None:
    panel.edit(wrong)
    assert panel.view.is_error
    assert panel.view.wrong_field == field
    panel.press(Command.RESET)
    assert panel.view.is_error
    assert text(panel.view, "State") == "idle"
    panel.edit(STANDING)
    assert not panel.view.is_error
    assert panel.view.message == panel.view.wrong_field == ""
    panel.press(Command.RESET)
    assert text(panel.view, "State") == "ready"


def test_a_sentence_that_means_nothing_here_is_answered_with_those_that_do(panel: Panel) -> None:
    panel.edit(replace(STANDING, sentence="juggle"))
    assert not panel.view.is_error  # Only the scene can tell.
    panel.press(Command.RESET)
    assert panel.view.is_error
    assert panel.view.wrong_field == "sentence"
    assert "Say:" in panel.view.message


def test_a_policy_that_is_not_there_is_explained(panel: Panel) -> None:
    panel.edit(replace(STANDING, policy="server", location=" localhost:9 "))
    panel.press(Command.RESET)
    assert "ws://localhost:9 cannot be reached" in panel.view.message
    assert panel.view.is_error


def test_a_button_that_makes_no_sense_says_so(panel: Panel) -> None:
    panel.press(Command.PAUSE)
    assert panel.view.message == "Pause makes no sense now. Press Reset for an episode."
    panel.press(Command.RESET)
    panel.press(Command.PAUSE)
    assert panel.view.message == "Pause makes no sense now. The episode is ready."


def test_recording_is_shown(
    panel: Panel, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StandStill, "time_limit", 0.2)
    path = tmp_path / "mine.hdf5"
    panel.edit(replace(STANDING, recording=""))
    panel.press(Command.RECORD)
    assert panel.view.wrong_field == "recording"
    panel.edit(replace(STANDING, recording=f" {path} "))
    assert text(panel.view, "Recording") == "off"
    panel.press(Command.RECORD)
    assert text(panel.view, "Recording") == f"0 episodes in {path}"
    assert Command.STOP_RECORDING in panel.view.allowed
    panel.press(Command.RESET)
    panel.press(Command.RUN)
    for _ in range(4):
        clock.now += 0.05
        panel.tick()
    assert text(panel.view, "Result") == "timeout"
    assert panel.view.message == f"Recorded a failure as demo_0 of {path}."
    assert text(panel.view, "Recording") == f"1 episode in {path}"
    panel.press(Command.STOP_RECORDING)
    assert text(panel.view, "Recording") == "off"
    with open_dataset(path) as dataset:
        assert dataset.complete


def test_closing_the_panel_completes_the_recording(
    clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StandStill, "time_limit", 0.1)
    panel = Panel(Session(QUICK, clock=clock))
    panel.edit(replace(STANDING, recording=str(tmp_path / "mine.hdf5")))
    panel.press(Command.RECORD)
    panel.press(Command.RESET)
    panel.press(Command.STEP)
    panel.press(Command.STEP)
    panel.close()
    with open_dataset(tmp_path / "mine.hdf5") as dataset:
        assert dataset.complete


def test_listeners_hear_every_view_until_they_leave(panel: Panel) -> None:
    views: list[PanelView] = []
    leave = panel.subscribe(views.append)
    panel.press(Command.RESET)
    assert views[-1] == panel.view
    assert views[-1].reading is not None
    heard = len(views)
    leave()
    panel.press(Command.STEP)
    assert len(views) == heard


def test_a_failed_reset_leaves_nothing_on_show(panel: Panel) -> None:
    panel.press(Command.RESET)
    assert panel.view.reading is not None
    panel.edit(replace(STANDING, sentence="juggle"))
    panel.press(Command.RESET)
    assert panel.view.reading is None
    assert text(panel.view, "Instruction") == "-"


def test_the_default_form_ticks_every_axis() -> None:
    assert Form().randomization == AXES


def test_a_panel_needs_neither_an_engine_nor_a_user_interface_to_be_imported() -> None:
    code = (
        "import sys; import vla_humanoid.viewer.panel; "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"mujoco", "omni", "carb", "pxr", "torch"} & set(loaded)
