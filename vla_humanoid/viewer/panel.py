"""The view-model of a viewer's panel: what its widgets hold, show and do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from vla_humanoid.tasks.core.randomization import AXES
from vla_humanoid.viewer.errors import InvalidSetting, ViewerError
from vla_humanoid.viewer.events import (
    Command,
    EpisodeSaved,
    Event,
    MomentRead,
    PhaseChanged,
    Told,
)
from vla_humanoid.viewer.reading import Reading
from vla_humanoid.viewer.report import Line, report
from vla_humanoid.viewer.session import Session
from vla_humanoid.viewer.settings import (
    SessionSettings,
    ordered_axes,
    parse_policy,
    parse_seed,
    plain_sentence,
)


@dataclass(frozen=True)
class Form:
    """What stands in the panel's input fields, as the user wrote it.

    Args:
        task: chosen from `vla_humanoid.tasks.task_names`.
        seed: text.
        sentence: text; empty for the episode's own sentence.
        policy: chosen from `vla_humanoid.viewer.settings.POLICIES`.
        location: of the policy: path or address, as text.
        randomization: the axes that are ticked.
        engine: chosen from `vla_humanoid.sims.engine_names.ENGINES`.
        recording: path of the file to record into, as text.
    """

    task: str = "PickPlace"
    seed: str = "0"
    sentence: str = ""
    policy: str = "expert"
    location: str = ""
    randomization: tuple[str, ...] = AXES
    engine: str = "mujoco"
    recording: str = "recorded.hdf5"

    def settings(self, like: SessionSettings) -> SessionSettings:
        """Return the settings that are written here, the others as they were.

        Raises:
            InvalidSetting: naming the first field that is wrong.
        """
        return replace(
            like,
            task=self.task,
            seed=parse_seed(self.seed),
            sentence=plain_sentence(self.sentence),
            policy=parse_policy(self.policy),
            location=self.location.strip(),
            randomization=ordered_axes(self.randomization or ("none",)),
            engine=self.engine,
        )


@dataclass(frozen=True)
class PanelView:
    """Everything that the panel shows.

    Args:
        message: the latest message to the user; empty for none.
        is_error: whether it says that something is wrong.
        wrong_field: of the `Form`, what is wrong with it; empty if nothing is.
        allowed: the commands that make sense now.
        lines: what is known about the episode, each with a caption.
        reading: the latest, with images and drawings; None where there is no episode.
    """

    message: str
    is_error: bool
    wrong_field: str
    allowed: frozenset[Command]
    lines: tuple[Line, ...]
    reading: Reading | None


Listener: TypeAlias = Callable[[PanelView], None]


class Panel:
    """Turns what a user writes and presses into what a session does, and back into a view.

    It raises nothing of what a user can cause: that becomes the message of the view.

    Args:
        session: what the panel shows; it is closed with the panel.
    """

    def __init__(self, session: Session) -> None:
        self.form = Form()
        """What the user has written; see `edit`."""
        self._session = session
        self._listeners: list[Listener] = []
        self._message, self._is_error, self._wrong_field = "Press Reset for an episode.", False, ""
        self._reading: Reading | None = None
        self._leave_session = session.subscribe(self._hear)

    @property
    def view(self) -> PanelView:
        """What the panel shows now."""
        session = self._session
        return PanelView(
            message=self._message,
            is_error=self._is_error,
            wrong_field=self._wrong_field,
            allowed=session.allowed,
            lines=report(session, self._reading),
            reading=self._reading,
        )

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell a listener of every view from now on; call what is returned to stop that."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:  # Leaving twice is leaving once.
                self._listeners.remove(listener)

        return leave

    def edit(self, form: Form) -> None:
        """Take what the user wrote; it counts from the next Reset, and is checked at once."""
        self.form = form
        if self._take_form() and self._is_error:
            self._say("")
        self._show()

    def press(self, command: Command) -> None:
        """Do what a button says."""
        session = self._session
        self._say("")
        match command:
            case Command.RESET:
                if self._take_form():
                    self._attempt(session.reset)
            case Command.STEP:
                self._attempt(session.step)
            case Command.RUN:
                self._attempt(session.run)
            case Command.PAUSE:
                self._attempt(session.pause)
            case Command.RECORD:
                self._attempt(self._start_recording)
            case Command.STOP_RECORDING:
                self._attempt(session.stop_recording)
        self._show()

    def tick(self) -> None:
        """Let a running episode go on; to be called whenever the viewer draws."""
        self._attempt(self._session.tick)

    def close(self) -> None:
        """Close the session, and complete what is recorded."""
        self._attempt(self._session.close)
        self._leave_session()

    def _start_recording(self) -> None:
        text = self.form.recording.strip()
        if not text:
            raise InvalidSetting("recording", "Write the path of a file, such as recorded.hdf5.")
        self._session.start_recording(Path(text).expanduser())

    def _take_form(self) -> bool:
        """Make the session's settings those of the form, if they are valid."""
        self._wrong_field = ""
        try:
            self._session.settings = self.form.settings(self._session.settings)
        except InvalidSetting as error:
            self._blame(error)
            return False
        return True

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except ViewerError as error:
            self._blame(error)
            self._show()

    def _blame(self, error: ViewerError) -> None:
        self._wrong_field = error.field if isinstance(error, InvalidSetting) else ""
        self._say(str(error), is_error=True)

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self._message, self._is_error = text, is_error

    def _hear(self, event: Event) -> None:
        match event:
            case MomentRead(reading):
                self._reading = reading
            case PhaseChanged():
                self._reading = self._reading if self._session.has_episode else None
            case EpisodeSaved(path, demo, success):
                kind = "success" if success else "failure"
                self._say(f"Recorded a {kind} as {demo} of {path}.")
            case Told(text):
                self._say(text)
            case _:
                return
        self._show()

    def _show(self) -> None:
        view = self.view
        for listener in tuple(self._listeners):
            listener(view)
