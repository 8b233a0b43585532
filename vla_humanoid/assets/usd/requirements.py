"""The wheels that USD files and PhysX need, and the command that installs them where they fit."""

import importlib.metadata
import json
import sys
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlparse

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

DISTRIBUTION = "vla-humanoid"
NEEDED = ("usd-exchange", "mujoco-usd-converter")
"""Distributions that writing USD needs; both come with the extra ``physx``."""
NEWEST_PYTHON = (3, 12)
"""For which there are such wheels."""
RELEASES: Mapping[str, str] = {
    "usd-exchange": "<4,>=3.0",
    "mujoco-usd-converter": "<0.9,>=0.8",
    "ovphysx": "<0.8,>=0.7",
    "physx-usd-schemas": ">=25.11",
}
"""What the extra ``physx`` asks for; written here because old metadata may lie beside new code."""
WITHOUT_USD_CORE = (
    "pip uninstall -y usd-core && pip install --force-reinstall --no-deps usd-exchange"
)


class UsdExportError(Exception):
    """An export that cannot be carried out; the message says what to do about it."""


class UsdUnavailable(UsdExportError):
    """Wheels are missing, do not fit or break each other; the message has the command."""


def require_usd() -> None:
    """Check what writes USD, by name and before any of it is imported.

    Raises:
        UsdUnavailable: if a wheel is missing or of another release, or usd-core lies beside it.
    """
    require_wheels("USD export", NEEDED)


def require_wheels(use: str, names: Iterable[str]) -> None:
    """Check some wheels by name, before any of them is imported.

    Args:
        use: what needs them, to begin a message with.
        names: their distributions.

    Raises:
        UsdUnavailable: if one is missing or of another release, or usd-core lies beside them.
    """
    names = tuple(names)
    if missing := [name for name in names if not is_installed(name)]:
        wheels = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
        raise UsdUnavailable(f"{use} needs {wheels}; {_way()}: {install_command()}")
    for name in names:
        if fault := _fault(name):
            raise UsdUnavailable(f"{use} needs {fault}; {_way()}: {install_command()}")
    if is_installed("usd-core"):
        # Both install the same pxr modules, so removing one leaves holes in the other.
        raise UsdUnavailable(
            "usd-core is installed beside usd-exchange, and they break each other; run: "
            f"{WITHOUT_USD_CORE}"
        )


def _fault(name: str) -> str | None:
    """Return which release is needed of a wheel, or by it, where another is installed."""
    found = installed(name)
    if found is not None and not fits(name, found):
        return f"{name} {RELEASES[name]}, and {found} is installed"
    return next(iter(unmet(name)), None)


def unmet(name: str) -> tuple[str, ...]:
    """Return what an installed wheel asks for itself and has not got, such as its own ovstage."""
    lines = importlib.metadata.requires(name) if is_installed(name) else None
    faults: list[str] = []
    for wanted in map(Requirement, lines or ()):
        found = installed(wanted.name)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        if found is None or not wanted.specifier.contains(found, prereleases=True):
            there = "none" if found is None else found
            faults.append(f"{wanted}, and {there} is installed")
    return tuple(faults)


def installed(distribution: str) -> str | None:
    """Return the version of a distribution, or None if it is not installed."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def is_installed(distribution: str) -> bool:
    """Tell whether a distribution is installed."""
    return installed(distribution) is not None


def fits(distribution: str, version: str) -> bool:
    """Tell whether a release is one that the extra ``physx`` asks for."""
    return SpecifierSet(RELEASES.get(distribution, "")).contains(version, prereleases=True)


def install_command() -> str:
    """Return the command that installs the extra ``physx``, where it breaks nothing."""
    if _obstacle():
        return elsewhere(".venv-physx", "physx")
    return f"pip install {_source('physx')}"


def elsewhere(folder: str, extra: str) -> str:
    """Return the command that installs this package with an extra into an environment of its own.

    Args:
        folder: of the environment.
        extra: such as ``physx``.
    """
    return f"python3.12 -m venv {folder} && {folder}/bin/pip install {_source(extra)}"


def _obstacle() -> str:
    """Return why the extra cannot go into this environment; empty if it can."""
    if is_installed("isaaclab"):
        return "Isaac Lab, which is installed here, needs other releases"
    if sys.version_info[:2] > NEWEST_PYTHON:
        here, newest = (".".join(map(str, v[:2])) for v in (sys.version_info, NEWEST_PYTHON))
        return f"this is Python {here}, and {newest} is the newest with such wheels"
    return ""


def _way() -> str:
    obstacle = _obstacle()
    return f"{obstacle}, so make an environment of its own" if obstacle else "run"


def _source(extra: str) -> str:
    """Return this package with an extra, as pip takes it from where it was installed from.

    No index is asked where that was a folder or a file: none may have it.
    """
    here = is_installed(DISTRIBUTION)
    distribution = importlib.metadata.distribution
    record = distribution(DISTRIBUTION).read_text("direct_url.json") if here else None
    origin = json.loads(record) if record else {"url": ""}
    url = urlparse(str(origin["url"]))
    if url.scheme != "file":
        return f"'{DISTRIBUTION}[{extra}]'"
    if "archive_info" in origin:
        return f"'{DISTRIBUTION}[{extra}] @ {origin['url']}'"
    return f"--editable '{unquote(url.path)}[{extra}]'"
