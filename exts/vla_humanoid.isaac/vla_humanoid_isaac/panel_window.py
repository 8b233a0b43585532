"""The panel: widgets for what `vla_humanoid.viewer.panel` holds, shows and does."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import omni.ui as ui

from vla_humanoid.sims.engine_names import ENGINES
from vla_humanoid.tasks import task_names
from vla_humanoid.tasks.core.randomization import AXES
from vla_humanoid.viewer.events import Command
from vla_humanoid.viewer.overlay import COLORS
from vla_humanoid.viewer.panel import Panel, PanelView
from vla_humanoid.viewer.report import CAPTIONS
from vla_humanoid.viewer.settings import POLICIES
from vla_humanoid_isaac.camera_image import CameraImage
from vla_humanoid_isaac.style import CAPTION, ERROR, PLAIN, ROW, TITLE, packed

IMAGE = 320
"""Height and width of a camera image on the screen [px]."""


class PanelWindow:
    """A window of the panel; what is typed goes to the view-model at once, key by key.

    Args:
        panel: the view-model.
        cameras: whose images are shown.
    """

    def __init__(self, panel: Panel, cameras: Sequence[str]) -> None:
        self._panel = panel
        self._buttons: dict[Command, ui.Button] = {}
        self._report: dict[str, ui.Label] = {}
        self._images: dict[str, CameraImage] = {}
        self._window = ui.Window(TITLE, width=460, height=900)
        with self._window.frame, ui.ScrollingFrame(), ui.VStack(height=0, spacing=6):
            self._build_choices()
            self._build_axes()
            self._build_buttons()
            self._message = ui.Label("", word_wrap=True, height=0)
            self._build_report()
            for camera in cameras:
                self._images[camera] = CameraImage(IMAGE)
            self._build_legend()
        self._window.set_visibility_changed_fn(self._on_visibility)
        self._leave = panel.subscribe(self._show)
        self._show(panel.view)

    def close(self) -> None:
        """Close the window."""
        self._leave()
        self._window.destroy()

    def _build_choices(self) -> None:
        form = self._panel.form
        self._combo("Task", task_names(), form.task, self._set_task)
        self._field("Seed", form.seed, self._set_seed)
        self._field("Sentence", form.sentence, self._set_sentence)
        self._combo("Policy", POLICIES, form.policy, self._set_policy)
        self._field("Path or address", form.location, self._set_location)
        self._combo("Engine", ENGINES, form.engine, self._set_engine)
        self._field("Record into", form.recording, self._set_recording)

    def _build_axes(self) -> None:
        with (
            ui.CollapsableFrame("Domain randomization", collapsed=True, height=0),
            ui.VGrid(column_count=2, row_height=ROW),
        ):
            for axis in AXES:
                with ui.HStack(spacing=6):
                    box = ui.CheckBox(width=18)
                    box.model.set_value(axis in self._panel.form.randomization)
                    box.model.add_value_changed_fn(partial(self._set_axis, axis))
                    ui.Label(axis)

    def _build_buttons(self) -> None:
        with ui.VGrid(column_count=3, row_height=ROW + 6):
            for command in Command:
                self._buttons[command] = ui.Button(
                    command.value, clicked_fn=partial(self._panel.press, command)
                )

    def _build_report(self) -> None:
        for caption in CAPTIONS:
            with ui.HStack(height=0, spacing=6):
                ui.Label(caption, width=CAPTION)
                self._report[caption] = ui.Label("", word_wrap=True)

    def _build_legend(self) -> None:
        with ui.VGrid(column_count=3, row_height=ROW):
            for name, color in COLORS.items():
                ui.Label(name, style={"color": packed(color)})

    def _combo(
        self, caption: str, items: Sequence[str], chosen: str, on_choice: Callable[[str], None]
    ) -> None:
        def changed(model: ui.AbstractItemModel, item: ui.AbstractItem | None) -> None:
            on_choice(items[model.get_item_value_model().get_value_as_int()])

        with ui.HStack(height=ROW, spacing=6):
            ui.Label(caption, width=CAPTION)
            combo = ui.ComboBox(items.index(chosen), *items)
            combo.model.add_item_changed_fn(changed)

    def _field(self, caption: str, text: str, on_text: Callable[[str], None]) -> None:
        with ui.HStack(height=ROW, spacing=6):
            ui.Label(caption, width=CAPTION)
            field = ui.StringField()
            field.model.set_value(text)
            field.model.add_value_changed_fn(lambda model: on_text(model.get_value_as_string()))

    def _set_task(self, task: str) -> None:
        self._panel.edit(replace(self._panel.form, task=task))

    def _set_seed(self, seed: str) -> None:
        self._panel.edit(replace(self._panel.form, seed=seed))

    def _set_sentence(self, sentence: str) -> None:
        self._panel.edit(replace(self._panel.form, sentence=sentence))

    def _set_policy(self, policy: str) -> None:
        self._panel.edit(replace(self._panel.form, policy=policy))

    def _set_location(self, location: str) -> None:
        self._panel.edit(replace(self._panel.form, location=location))

    def _set_engine(self, engine: str) -> None:
        self._panel.edit(replace(self._panel.form, engine=engine))

    def _set_recording(self, recording: str) -> None:
        self._panel.edit(replace(self._panel.form, recording=recording))

    def _set_axis(self, axis: str, model: ui.AbstractValueModel) -> None:
        ticked = set(self._panel.form.randomization) - {axis}
        if model.get_value_as_bool():
            ticked.add(axis)
        chosen = tuple(name for name in AXES if name in ticked)
        self._panel.edit(replace(self._panel.form, randomization=chosen))

    def _on_visibility(self, visible: bool) -> None:
        """Let the episode wait while nobody can see it."""
        if not visible and Command.PAUSE in self._panel.view.allowed:
            self._panel.press(Command.PAUSE)

    def _show(self, view: PanelView) -> None:
        for command, button in self._buttons.items():
            button.enabled = command in view.allowed
        self._message.text = view.message
        self._message.set_style({"color": ERROR if view.is_error else PLAIN})
        for line in view.lines:
            self._report[line.caption].text = line.text
        if view.reading is not None:
            for camera, image in view.reading.images.items():
                self._images[camera].show(image)
