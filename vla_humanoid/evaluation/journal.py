"""The episodes that are over, a line each, in a file that a crash leaves whole."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult, JournalError


class Journal:
    """A file whose first line is the configuration and every other one an episode.

    Args:
        path: of the file.
        config: of the evaluation.

    Raises:
        JournalError: if the file is there and is that of another evaluation, or damaged beyond a
            last line that was cut off.
    """

    def __init__(self, path: Path, config: EvaluationConfig) -> None:
        self._path = path
        header = json.dumps(config.to_json())
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(header + "\n")
        lines = path.read_bytes().split(b"\n")
        if lines[-1]:  # A line that was being written when the power went.
            os.truncate(path, path.stat().st_size - len(lines[-1]))
        _check_header(path, lines[0], header)
        self.episodes = list(_episodes(path, lines))
        """Those that are over, in the order in which they ended."""

    def append(self, episodes: Iterable[EpisodeResult]) -> Iterator[EpisodeResult]:
        """Write episodes as they end, and pass them on."""
        with self._path.open("a") as file:
            for episode in episodes:
                file.write(episode.to_json() + "\n")
                file.flush()
                self.episodes.append(episode)
                yield episode


def read_journal(path: Path) -> tuple[EpisodeResult, ...]:
    """Return the episodes of a journal, whatever was evaluated.

    Raises:
        JournalError: if it is none.
    """
    return tuple(_episodes(path, _lines(path)))


def read_config(path: Path) -> Mapping[str, object]:
    """Return the configuration in a journal, as plain data.

    Raises:
        JournalError: if it is none.
    """
    return _header(path, _lines(path)[0])


def _lines(path: Path) -> list[bytes]:
    if not path.is_file():
        raise JournalError(f"{path.parent} is no output of an evaluation: it has no {path.name}.")
    return path.read_bytes().split(b"\n")


def _episodes(path: Path, lines: list[bytes]) -> Iterator[EpisodeResult]:
    """Read all lines but the first, which is the configuration, and the last, which is cut off."""
    for number, line in enumerate(lines[1:-1], 2):
        try:
            yield EpisodeResult.from_json(line.decode())
        except (JournalError, UnicodeDecodeError) as error:
            raise JournalError(f"{path}, line {number}, {error}.") from error


def _header(path: Path, line: bytes) -> Mapping[str, object]:
    try:
        there: object = json.loads(line)
    except ValueError as error:
        raise JournalError(f"{path} is no journal of an evaluation: {error}.") from error
    return {str(key): value for key, value in there.items()} if isinstance(there, dict) else {}


def _check_header(path: Path, line: bytes, header: str) -> None:
    known = _header(path, line)
    wanted: dict[str, object] = json.loads(header)
    if known == wanted:
        return
    changed = [
        f"{key} was {known.get(key)!r}, now {value!r}"
        for key, value in wanted.items()
        if known.get(key) != value
    ]
    raise JournalError(
        f"{path} is that of another evaluation: {'; '.join(changed)}. Choose another --output."
    )
