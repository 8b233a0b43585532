"""A session: one environment that a user resets, steps, runs, pauses and records."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import gymnasium.error

from vla_humanoid.data_collection.environment import DemonstrationEnv, make_env
from vla_humanoid.data_collection.recorder import Recorder
from vla_humanoid.schema import POLICY_RATE
from vla_humanoid.sims.graphics import GraphicsUnavailable
from vla_humanoid.sims.kit import kit_is_running
from vla_humanoid.viewer.errors import CommandRefused, EpisodeUnavailable, RecordingError
from vla_humanoid.viewer.events import (
    Command,
    EpisodeBegan,
    EpisodeSaved,
    Event,
    MomentRead,
    Phase,
    PhaseChanged,
    Told,
)
from vla_humanoid.viewer.reading import Reading
from vla_humanoid.viewer.recording import RecordingFile, check_recording
from vla_humanoid.viewer.settings import SessionSettings

if TYPE_CHECKING:
    from vla_humanoid.viewer.live_episode import LiveEpisode

Listener: TypeAlias = Callable[[Event], None]
Make: TypeAlias = Callable[[str, Mapping[str, object]], DemonstrationEnv]

_PERIOD = 1.0 / POLICY_RATE
_ALLOWED: Mapping[Phase, frozenset[Command]] = {
    Phase.IDLE: frozenset({Command.RESET}),
    Phase.READY: frozenset({Command.RESET, Command.STEP, Command.RUN}),
    Phase.RUNNING: frozenset({Command.RESET, Command.PAUSE}),
    Phase.PAUSED: frozenset({Command.RESET, Command.STEP, Command.RUN}),
    Phase.DONE: frozenset({Command.RESET}),
    Phase.FAILED: frozenset({Command.RESET}),
}


class Session:
    """Owns an environment and what acts in it, and tells its subscribers what happens.

    Everything happens in the thread that calls. Whoever shows the session calls `tick` often.

    Args:
        settings: to begin with.
        make: makes an environment from its id and arguments.
        clock: seconds that only grow; paces a running episode.
    """

    def __init__(
        self,
        settings: SessionSettings | None = None,
        *,
        make: Make = make_env,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.settings = settings or SessionSettings()
        """Of the next episode; they count from the next `reset`."""
        self.phase = Phase.IDLE
        """What the session is doing."""
        self._make = make
        self._clock = clock
        self._listeners: list[Listener] = []
        self._env: DemonstrationEnv | None = None
        self._made_for: tuple[object, ...] = ()
        self._live: LiveEpisode | None = None
        self._begun_with = self.settings
        self._due = 0.0
        self._recording_path: Path | None = None
        self._file: RecordingFile | None = None

    @property
    def allowed(self) -> frozenset[Command]:
        """The commands that make sense now."""
        record = Command.RECORD if self._recording_path is None else Command.STOP_RECORDING
        return _ALLOWED[self.phase] | {record}

    @property
    def reading(self) -> Reading | None:
        """The present moment of the episode; None where there is none."""
        return None if self._live is None else self._live.read()

    @property
    def has_episode(self) -> bool:
        """Whether there is something to see."""
        return self._live is not None

    @property
    def recording_path(self) -> Path | None:
        """Where episodes are recorded; None while they are not."""
        return self._recording_path

    @property
    def recorded_episodes(self) -> int:
        """Number of episodes in the file that is being recorded."""
        return 0 if self._file is None else self._file.episodes

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell a listener of every event from now on; call what is returned to stop that."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:  # Leaving twice is leaving once.
                self._listeners.remove(listener)

        return leave

    def reset(self) -> None:
        """Begin the episode of the settings, whatever was going on.

        Raises:
            InvalidSetting: if the sentence asks for nothing that there is in the scene.
            PolicyUnavailable: if the policy cannot be run.
            EpisodeUnavailable: if the environment does not start, or the seed gives no episode.
            RecordingError: if the episode cannot be recorded into the chosen file.
        """
        self._leave_episode()
        settings = self.settings
        env = self._environment(settings)
        recorder = self._recorder(env, settings)
        # Only now: the environment has seen to it that mujoco can be imported, or said why not.
        from vla_humanoid.viewer.live_episode import LiveEpisode

        self._live = LiveEpisode(env, settings, recorder, self._clock)
        self._begun_with = settings
        self._tell(EpisodeBegan(self._live.episode))
        self._enter(Phase.READY)
        self._tell(MomentRead(self._live.read()))

    def step(self) -> None:
        """Take one step of the episode, and pause.

        Raises:
            CommandRefused: unless the episode waits.
        """
        self._require(Command.STEP)
        self._advance(then=Phase.PAUSED)

    def run(self) -> None:
        """Let the episode go on, in real time as far as the machine keeps up.

        Raises:
            CommandRefused: unless the episode waits.
        """
        self._require(Command.RUN)
        self._due = self._clock()
        self._enter(Phase.RUNNING)

    def pause(self) -> None:
        """Let the episode wait.

        Raises:
            CommandRefused: unless it is running.
        """
        self._require(Command.PAUSE)
        self._enter(Phase.PAUSED)

    def tick(self) -> None:
        """Take the next step of a running episode if it is due; never more than one."""
        now = self._clock()
        if self.phase is not Phase.RUNNING or now < self._due:
            return
        # A machine that is too slow shows slow motion, not bursts.
        self._due = max(self._due + _PERIOD, now)
        self._advance(then=Phase.RUNNING)

    def start_recording(self, path: Path) -> None:
        """Record every episode that begins from now on, failures as well.

        An episode that waits for its first step begins anew, so that it is recorded, too.

        Raises:
            CommandRefused: if episodes are recorded already.
            RecordingError: if the file cannot be recorded into.
        """
        self._require(Command.RECORD)
        check_recording(path)
        self._recording_path = path
        if self.phase is Phase.READY:
            self.reset()
        elif self.phase in (Phase.RUNNING, Phase.PAUSED):
            self._tell(Told("Recording begins with the next Reset; an episode is recorded whole."))

    def stop_recording(self) -> None:
        """Complete the file; an episode that is not over goes on, but is not part of it.

        Raises:
            CommandRefused: if nothing is recorded.
            RecordingError: if the file cannot be completed.
        """
        self._require(Command.STOP_RECORDING)
        if self._live is not None and self._is_recording_now:
            self._live.stop_recording()
        file, path = self._file, self._recording_path
        self._file = self._recording_path = None
        if file is None or file.episodes == 0:
            self._tell(Told(f"No episode was recorded into {path}."))
        if file is not None:
            file.close()

    def close(self) -> None:
        """End the episode, complete the recording and release the environment.

        Raises:
            RecordingError: if the recorded file cannot be completed.
        """
        self._leave_episode()
        if self._env is not None:
            self._env.close()
            self._env = None
        if self._recording_path is not None:
            self.stop_recording()

    @property
    def _is_recording_now(self) -> bool:
        live = self._live
        return live is not None and live.is_recorded and live.outcome is None

    def _require(self, command: Command) -> None:
        if command in self.allowed:
            return
        over = self.phase in (Phase.IDLE, Phase.DONE, Phase.FAILED)
        hint = "Press Reset for an episode." if over else f"The episode is {self.phase.value}."
        raise CommandRefused(f"{command.value} makes no sense now. {hint}")

    def _environment(self, settings: SessionSettings) -> DemonstrationEnv:
        """Return an environment for the settings; the one there is, if it fits."""
        config = settings.run_config()
        wanted = (config.env_name, *config.env_kwargs.values())
        if self._env is not None:
            if wanted == self._made_for:
                return self._env
            self._env.close()
            self._env = None
        if settings.engine == "physx" and kit_is_running():
            raise EpisodeUnavailable(
                "The engine physx cannot share a process with Omniverse Kit, which has a PhysX of "
                "its own. Choose the engine mujoco, or leave Isaac Sim."
            )
        try:
            env = self._make(config.env_name, config.env_kwargs)
        except (gymnasium.error.Error, GraphicsUnavailable, ImportError, ValueError) as error:
            raise EpisodeUnavailable(f"The environment does not start: {error}") from error
        self._env, self._made_for = env, wanted
        return env

    def _recorder(self, env: DemonstrationEnv, settings: SessionSettings) -> Recorder | None:
        path = self._recording_path
        if path is None:
            return None
        try:
            if self._file is None:
                self._file = RecordingFile(path, settings, env.unwrapped)
            self._file.check(settings)
        except RecordingError:
            if self._file is None:
                self._recording_path = None
            raise
        return Recorder(settings.task, self._file.next_attempt)

    def _advance(self, then: Phase) -> None:
        """Take a step; ``then`` is what follows it unless the episode is over."""
        live = self._live
        assert live is not None  # Every phase that gets here has an episode.
        went_well = False
        try:
            live.step()
            outcome = live.outcome
            ended = None if outcome is None else Phase.DONE if outcome.success else Phase.FAILED
            self._enter(ended or then)
            self._tell(MomentRead(live.read()))
            went_well = True
        finally:
            if not went_well:  # Whoever ticks must not meet the same error again and again.
                self._enter(Phase.FAILED)
        if ended is not None:
            self._save(live)

    def _save(self, live: "LiveEpisode") -> None:
        """Record an episode that has just ended."""
        outcome, file = live.outcome, self._file
        if not live.is_recorded or file is None or outcome is None:
            return
        if outcome.steps == 0:
            self._tell(Told("The episode took no step, so it is not recorded."))
            return
        demo = file.add(live.record(), outcome, self._begun_with.seed)
        self._tell(EpisodeSaved(file.path, demo, outcome.success))

    def _leave_episode(self) -> None:
        """Forget the episode there is."""
        if self._is_recording_now and self.phase is not Phase.READY:
            self._tell(Told("The episode was left before its end, so it is not recorded."))
        if self._live is not None:
            self._live.close()
        self._live = None
        self._enter(Phase.IDLE)

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self._tell(PhaseChanged(phase))

    def _tell(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)
