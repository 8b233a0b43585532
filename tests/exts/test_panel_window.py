"""The panel's widgets, built and used through a stand-in of omni.ui."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.sims.engine_names import ENGINES
from vla_humanoid.tasks import task_names
from vla_humanoid.tasks.core.randomization import AXES
from vla_humanoid.tasks.stand_still import StandStill
from vla_humanoid.viewer.events import Command, Phase
from vla_humanoid.viewer.panel import Panel
from vla_humanoid.viewer.report import CAPTIONS
from vla_humanoid.viewer.session import Session
from vla_humanoid.viewer.settings import SessionSettings

if TYPE_CHECKING:
    import omni.ui as ui

    WidgetT = TypeVar("WidgetT", bound=ui.Widget)

CAMERA = SessionSettings(cameras=("head",), image_size=32)


class User:
    """Looks at the panel and uses it."""

    def __init__(self, settings: SessionSettings) -> None:
        import omni.ui as ui
        from vla_humanoid_isaac.panel_window import PanelWindow

        self._ui = ui
        self.now = 0.0
        self.session = Session(settings, clock=lambda: self.now)
        self.panel = Panel(self.session)
        self.window = PanelWindow(self.panel, settings.cameras)
        (self.shown,) = ui.windows_

    def widgets(self, kind: type[WidgetT]) -> list[WidgetT]:
        return [widget for widget in self.shown.frame.all_() if isinstance(widget, kind)]

    def beside(self, caption: str, kind: type[WidgetT]) -> WidgetT:
        """The widget in the same row as a label."""
        for row in self.widgets(self._ui.HStack):
            labels = [child for child in row.children_ if isinstance(child, self._ui.Label)]
            found = [child for child in row.children_ if isinstance(child, kind)]
            if labels and labels[0].text == caption and found:
                return found[-1]
        raise AssertionError(f"Nothing of kind {kind.__name__} beside {caption!r}.")

    def click(self, text: str) -> None:
        (button,) = [button for button in self.widgets(self._ui.Button) if button.text == text]
        button.click_()

    def enabled(self) -> set[str]:
        return {button.text for button in self.widgets(self._ui.Button) if button.enabled}

    def report(self, caption: str) -> str:
        return self.beside(caption, self._ui.Label).text

    def type(self, caption: str, text: str) -> None:
        self.beside(caption, self._ui.StringField).type_(text)

    def choose(self, caption: str, item: str) -> None:
        self.beside(caption, self._ui.ComboBox).choose_(item)

    def message(self) -> tuple[str, object]:
        captions = {
            label.text
            for row in self.widgets(self._ui.HStack)
            for label in row.children_
            if isinstance(label, self._ui.Label)
        }
        (label,) = [
            label
            for label in self.widgets(self._ui.Label)
            if label.style_ and label.text not in captions
        ]
        return label.text, label.style_["color"]

    def close(self) -> None:
        self.panel.close()
        self.window.close()


@pytest.fixture
def user(kit: None) -> Iterator[User]:
    user = User(CAMERA)
    user.choose("Task", "StandStill")
    yield user
    user.close()
    assert user._ui.windows_ == []


def test_the_panel_offers_every_choice(user: User) -> None:
    ui = user._ui
    assert user.beside("Task", ui.ComboBox).items_ == list(task_names())
    assert user.beside("Policy", ui.ComboBox).items_ == ["expert", "checkpoint", "server"]
    assert user.beside("Engine", ui.ComboBox).items_ == list(ENGINES)
    assert user.beside("Seed", ui.StringField).model.get_value_as_string() == "0"
    boxes = {axis: user.beside(axis, ui.CheckBox) for axis in AXES}
    assert all(box.model.get_value_as_bool() for box in boxes.values())
    assert {button.text for button in user.widgets(ui.Button)} == {c.value for c in Command}
    for caption in CAPTIONS:
        assert user.report(caption)


def test_the_choices_reach_the_episode(user: User) -> None:
    ui = user._ui
    user.choose("Task", "TurnToFace")
    user.type("Seed", "12")
    for axis in AXES[2:]:
        user.beside(axis, ui.CheckBox).model.set_value(False)
    user.choose("Engine", "mujoco")
    user.click("Reset")
    settings = user.session.settings
    assert (settings.task, settings.seed) == ("TurnToFace", 12)
    assert settings.randomization == AXES[:2]
    assert user.report("State") == "ready"
    assert user.report("Instruction") != "-"
    user.beside(AXES[0], ui.CheckBox).model.set_value(False)
    user.beside(AXES[0], ui.CheckBox).model.set_value(True)
    assert user.panel.form.randomization == AXES[:2]


def test_buttons_are_enabled_only_while_they_make_sense(user: User) -> None:
    assert user.enabled() == {"Reset", "Record"}
    user.click("Step")  # Not enabled, so nothing happens.
    user.click("Reset")
    assert user.enabled() == {"Reset", "Step", "Run", "Record"}
    user.click("Run")
    assert user.enabled() == {"Reset", "Pause", "Record"}
    user.now += 0.1
    user.panel.tick()
    assert user.report("Time") == "0.05 s, step 1"
    user.click("Pause")
    assert user.enabled() == {"Reset", "Step", "Run", "Record"}


def test_the_camera_image_is_the_one_that_the_policy_sees(user: User) -> None:
    user.click("Reset")
    (image,) = user.widgets(user._ui.ImageWithProvider)
    shown, reading = image.provider_.image_, user.panel.view.reading
    assert shown is not None
    assert reading is not None
    assert (shown[..., :3] == reading.images["head"]).all()
    assert (shown[..., 3] == 255).all()
    user.click("Step")
    assert image.provider_.image_ is not shown


def test_mistakes_are_shown_in_red_while_typing(user: User) -> None:
    from vla_humanoid_isaac.style import ERROR, PLAIN

    user.type("Seed", "twelve")
    text, color = user.message()
    assert text.startswith("The seed must be a whole number")
    assert color == ERROR
    user.type("Seed", "12")
    assert user.message() == ("", PLAIN)
    user.choose("Policy", "checkpoint")
    user.type("Path or address", "/no/such/checkpoint")
    user.click("Reset")
    assert user.message()[0].startswith("There is no checkpoint /no/such/checkpoint")


def test_a_sentence_can_be_typed(user: User) -> None:
    user.type("Sentence", "please stand still")
    user.click("Reset")
    assert user.report("Instruction") == "please stand still"


def test_episodes_are_recorded(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StandStill, "time_limit", 0.1)
    path = tmp_path / "mine.hdf5"
    user.type("Record into", str(path))
    user.click("Record")
    assert user.enabled() == {"Reset", "Stop recording"}
    user.click("Reset")
    user.click("Step")
    user.click("Step")
    assert user.report("Recording") == f"1 episode in {path}"
    user.click("Stop recording")
    with open_dataset(path) as dataset:
        assert dataset.demo("demo_0").cameras == ("head",)


def test_an_episode_waits_while_its_window_is_hidden(user: User) -> None:
    user.shown.hide_()
    user.click("Reset")
    user.click("Run")
    user.shown.hide_()
    assert user.session.phase is Phase.PAUSED


def test_the_stand_in_refuses_a_wrong_argument(kit: None) -> None:
    import omni.ui as ui

    with ui.Window("window").frame:
        with pytest.raises(TypeError, match="LabelOptions has no 'wordwrap'"):
            ui.Label("text", wordwrap=True)  # pyright: ignore[reportCallIssue]
        with pytest.raises(TypeError, match="height must be"):
            ui.VStack(height="tall")  # pyright: ignore[reportArgumentType]
    with pytest.raises(AssertionError, match="outside of any container"):
        ui.Label("lost")
