"""Exports dataset files to another format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.export.formats import find_format
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.source import Source
from vla_humanoid.data_collection.export.staging import staged


@dataclass(frozen=True)
class ExportSummary:
    """What an export has come to.

    Args:
        output: where it is.
        episodes: in it.
        steps: of all of them.
        size: [bytes].
    """

    output: Path
    episodes: int
    steps: int
    size: int


def export(
    files: Sequence[Path],
    output: Path,
    format_name: str,
    *,
    options: ExportOptions | None = None,
    overwrite: bool = False,
    on_episode: Callable[[int, int], None] = lambda done, total: None,
) -> ExportSummary:
    """Export dataset files to another format.

    The output appears complete or not at all. The same files give the same bytes.

    Args:
        files: dataset files, at least one, alike in actions, state and cameras.
        output: file or folder to make.
        format_name: one of `FORMATS`.
        options: what one may choose.
        overwrite: replace an earlier export.
        on_episode: called with the episodes done so far and those there are.

    Raises:
        ConfigurationError: if the request cannot be carried out; nothing is left behind then.
        DatasetError: if a file cannot be read; likewise.
    """
    if not files:
        raise ConfigurationError("There is no file to export; name at least one.")
    target_format, options = find_format(format_name), options or ExportOptions()
    try:
        with staged(output, target_format.marker, overwrite, files) as target:
            source = Source(files, options.failures, on_episode)
            target_format.write(source, target, options)
    except OSError as error:
        raise ConfigurationError(f"{output} cannot be written: {error}.") from error
    return ExportSummary(output, len(source.keys), source.steps, _size(output))


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
