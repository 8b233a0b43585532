"""The formats there are. What one needs is imported when it is used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
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


def _lerobot(source: Source, target: Path, options: ExportOptions) -> None:
    require_pyarrow()
    from vla_humanoid.data_collection.export import lerobot

    lerobot.write(source, target, options)


def _gr00t(source: Source, target: Path, options: ExportOptions) -> None:
    require_pyarrow()
    from vla_humanoid.data_collection.export import gr00t

    gr00t.write(source, target, options)


def _rlds(source: Source, target: Path, options: ExportOptions) -> None:
    from vla_humanoid.data_collection.export import rlds

    rlds.write(source, target, options)


def _robomimic(source: Source, target: Path, options: ExportOptions) -> None:
    from vla_humanoid.data_collection.export import robomimic

    robomimic.write(source, target, options)


def _isaaclab(source: Source, target: Path, options: ExportOptions) -> None:
    from vla_humanoid.data_collection.export import isaaclab

    isaaclab.write(source, target, options)


def require_pyarrow() -> None:
    """Refuse to go on without the extra that LeRobot datasets need.

    Raises:
        ConfigurationError: saying how to install it.
    """
    if find_spec("pyarrow") is None:
        raise ConfigurationError(
            "LeRobot datasets need the extra [export]: pip install 'vla-humanoid[export]'"
        )


FORMATS: Mapping[str, Format] = {
    "lerobot": Format("LeRobot v3.0: lerobot 0.4 and later", _lerobot, "meta/info.json"),
    "gr00t": Format("LeRobot v2.1 with modality.json", _gr00t, "meta/modality.json"),
    "rlds": Format("TensorFlow Datasets: OpenVLA, Octo", _rlds, "1.0.0/dataset_info.json"),
    "robomimic": Format("a checked copy", _robomimic),
    "isaaclab": Format("a checked copy", _isaaclab),
}


def find_format(name: str) -> Format:
    """Return a format by name.

    Raises:
        ConfigurationError: if there is none of that name; the message lists those there are.
    """
    if name not in FORMATS:
        raise ConfigurationError(f"Unknown format {name!r}; choose one of {', '.join(FORMATS)}.")
    return FORMATS[name]
