"""Which Isaac Lab is installed, told without importing it."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from packaging.version import Version

from vla_humanoid.sims.isaaclab.engines import Physics, checked_physics


class IsaacLabUnavailable(ImportError):
    """Isaac Lab is not installed here, or cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Release:
    """A line of releases that can be used alike.

    Args:
        name: its number.
        physics: the engines that it drives, the default one first.
        kit_start: how a script starts Isaac Sim.
    """

    name: str
    physics: tuple[Physics, ...]
    kit_start: str


LAB_3 = Release(
    name="3",
    physics=("ovphysx", "newton", "physx"),
    kit_start="from isaaclab.app import launch_simulation; with launch_simulation(cfg): ...",
)
LAB_23 = Release(
    name="2.3",
    physics=("physx",),
    kit_start="from isaaclab.app import AppLauncher; "
    "AppLauncher(headless=True, enable_cameras=True), before any other import of Isaac Lab.",
)
_OLDEST = Version("2.3.2")
_OLDEST_CHECKOUT, _NEWEST_CHECKOUT = Version("0.54"), Version("1")
"""What checkouts of Isaac Lab 2.3.2 and later call themselves; wheels have the release's number."""


def installed_release() -> Release | None:
    """Return the installed release, or None where there is none.

    Raises:
        IsaacLabUnavailable: if it is older than any that can be used.
    """
    try:
        found = Version(version("isaaclab"))
    except PackageNotFoundError:
        return None
    if found >= Version("3"):
        return LAB_3
    if found >= _OLDEST or _OLDEST_CHECKOUT <= found < _NEWEST_CHECKOUT:
        return LAB_23
    raise IsaacLabUnavailable(
        f"Isaac Lab {found} is too old: engine='isaaclab' needs 3.0, or 2.3.2 inside Isaac Sim "
        "5.1. Run there: pip install 'isaaclab==2.3.2.post1'"
    )


def usable_release() -> Release:
    """Return the installed release, or the newest one where there is none.

    Raises:
        IsaacLabUnavailable: as `installed_release`.
    """
    return installed_release() or LAB_3


def choose_physics(name: str | None) -> Physics:
    """Return an engine that the installed Isaac Lab drives.

    Args:
        name: which; None for its default.

    Raises:
        ValueError: if there is none of that name; the message lists the valid ones.
        IsaacLabUnavailable: as `installed_release`.
    """
    release = usable_release()
    if name is None:
        return release.physics[0]
    physics = checked_physics(name)
    if physics not in release.physics:
        raise ValueError(
            f"Isaac Lab {release.name} does not drive physics={name!r}; choose one of "
            f"{', '.join(release.physics)}, or install Isaac Lab 3."
        )
    return physics
