"""Keeps episodes that were recorded by hand in a dataset file, each as soon as it is over."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from vla_humanoid.data_collection.attempts import AttemptResult, PartsFolder
from vla_humanoid.data_collection.dataset_index import write_index, write_merged
from vla_humanoid.data_collection.environment import DemonstrationWorld
from vla_humanoid.data_collection.errors import CollectionError
from vla_humanoid.data_collection.layout import demo_name
from vla_humanoid.data_collection.output_file import check_output
from vla_humanoid.data_collection.recorder import EpisodeRecord
from vla_humanoid.data_collection.rollout import Outcome
from vla_humanoid.data_collection.run_config import GenerationConfig, check_same, describe_run
from vla_humanoid.viewer.errors import RecordingError
from vla_humanoid.viewer.settings import SessionSettings

_VARYING = ("episodes", "seed")
"""Of a run's configuration, what recording by hand leaves open."""


def check_recording(path: Path) -> None:
    """Refuse a file that cannot be recorded into; one that a crash left unfinished can be.

    Raises:
        RecordingError: saying what to do instead.
    """
    if path.suffix not in (".hdf5", ".h5"):
        raise RecordingError(f"{path} must end in .hdf5, such as {path.with_suffix('.hdf5')}.")
    if path.exists() and not PartsFolder(path).exists():
        raise RecordingError(f"{path} exists already and stays as it is; name another file.")
    try:
        check_output(path, "resume")
    except CollectionError as error:
        raise RecordingError(str(error)) from error


class RecordingFile:
    """A dataset file that grows by one episode at a time.

    Until `close`, the file links to the folder ``<path>.parts``, as while a dataset is generated:
    what is recorded survives a crash, and recording goes on where it stopped.

    Args:
        path: of the file.
        settings: of its episodes, which all share them but for seed, sentence and policy.
        world: the environment that the episodes are recorded in.

    Raises:
        RecordingError: if it cannot be written, or holds episodes made with other settings.
    """

    def __init__(self, path: Path, settings: SessionSettings, world: DemonstrationWorld) -> None:
        check_recording(path)
        self.path = path
        self._config = settings.run_config()
        self._description = describe_run(world, settings.engine)
        self._parts = PartsFolder(path)
        try:
            self._parts.open()
        except (CollectionError, OSError) as error:
            raise RecordingError(f"Nothing can be recorded into {path}: {error}") from error
        try:
            self._results = self._begin()
        except (CollectionError, OSError) as error:
            self._parts.close()
            raise RecordingError(
                f"Recording into {path} cannot go on: {_without_advice(error)}"
            ) from error

    def __enter__(self) -> "RecordingFile":
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    @property
    def episodes(self) -> int:
        """Number of episodes that it holds."""
        return len(self._results)

    @property
    def next_attempt(self) -> int:
        """Number of the next episode."""
        return max(self._results, default=-1) + 1

    def check(self, settings: SessionSettings) -> None:
        """Refuse episodes made with other settings than those that the file holds.

        Raises:
            RecordingError: naming the first setting that differs.
        """
        try:
            check_same(
                f"{self.path} holds episodes",
                _comparable(self._config),
                _comparable(settings.run_config()),
            )
        except CollectionError as error:
            raise RecordingError(_without_advice(error)) from error

    def add(self, record: EpisodeRecord, outcome: Outcome, seed: int) -> str:
        """Keep an episode that is over, and return its name in the file.

        Raises:
            RecordingError: if it cannot be written.
        """
        attempt = self.next_attempt
        result = AttemptResult(
            attempt, seed, outcome.success, outcome.failure, outcome.steps, recorded=True
        )
        try:
            self._parts.store(result, record)
            self._results[attempt] = result
            self._write_index()
        except OSError as error:
            raise RecordingError(f"The episode cannot be written to {self.path}: {error}.") from (
                error
            )
        return demo_name(len(self._results) - 1)

    def close(self) -> None:
        """Put all episodes into the one file; without any, leave no file.

        Raises:
            RecordingError: if that fails; the episodes stay in the folder then.
        """
        results = list(self._results.values())
        try:
            if results:
                write_merged(self.path, self._parts, self._config, self._description, results)
            else:
                self.path.unlink(missing_ok=True)
            self._parts.remove()
        except OSError as error:
            raise RecordingError(
                f"{self.path} cannot be completed: {error}. Its episodes are in {self._parts.path}."
            ) from error
        finally:
            self._parts.close()

    def _begin(self) -> dict[int, AttemptResult]:
        """Take over what a crash left, or begin anew; return what there is."""
        saved = self._parts.read_run()
        if saved is not None:
            what = "It holds episodes"
            check_same(what, _without(saved["config"]), _comparable(self._config))
            check_same(what, saved["description"], asdict(self._description))
            return self._parts.results()
        self._parts.clear()
        run = {"config": asdict(self._config), "description": asdict(self._description)}
        self._parts.write_run(run)
        return {}

    def _write_index(self) -> None:
        results = list(self._results.values())
        write_index(self.path, self._parts, self._config, self._description, results)


def _comparable(config: GenerationConfig) -> dict[str, object]:
    return _without(asdict(config))


def _without(config: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in config.items() if key not in _VARYING}


def _without_advice(error: Exception) -> str:
    """Return what differs; how to go on from there on the command line is no advice here."""
    return f"{str(error).partition(';')[0]}; name another file."
