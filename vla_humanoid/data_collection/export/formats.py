"""The formats there are. What one needs is imported when it is used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.export.options import ExportOptions
from vla_humanoid.data_collection.export.source import Source


@dataclass(frozen=True)
class Format:
    """A format that dataset files can be exported to.

    Args:
        summary: what it is, in a few words.
        write: makes a file or a folder at a path where nothing is yet.
        marker: a file that every folder of this format holds, relative to it; empty where the
            export is a single file. Only what has it is replaced by ``--overwrite``.
    """

    summary: str
    write: Callable[[Source, Path, ExportOptions], None]
    marker: str = ""


FORMATS: Mapping[str, Format] = {}


def find_format(name: str) -> Format:
    """Return a format by name.

    Raises:
        ConfigurationError: if there is none of that name; the message lists those there are.
    """
    if name not in FORMATS:
        raise ConfigurationError(f"Unknown format {name!r}; choose one of {', '.join(FORMATS)}.")
    return FORMATS[name]
