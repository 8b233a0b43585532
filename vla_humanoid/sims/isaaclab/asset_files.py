"""What the assets of the catalogue are called, and where their USD files are."""

import os
from pathlib import Path

VARIABLE = "VLA_HUMANOID_USD"
"""Environment variable that names the files' folder."""
TABLE = "table"
"""The table's asset."""


class AssetsMissing(FileNotFoundError):
    """The catalogue's files are not there; the message says how to make them."""


def default_folder() -> Path:
    """Return the folder that is used where the user names none."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return Path(os.environ.get(VARIABLE, cache / "vla-humanoid" / "usd"))


def find_assets(folder: str | Path | None = None) -> Path:
    """Return the folder of the catalogue's files.

    Args:
        folder: where to look; None for `default_folder`.

    Raises:
        AssetsMissing: if they are not there.
    """
    found = default_folder() if folder is None else Path(folder)
    if not robot_file(found).is_file() or not asset_file(found, TABLE).is_file():
        raise AssetsMissing(
            f"{found} holds no USD files of the robot and its objects. They are written with the "
            "extra 'physx', in an environment of its own, and only read here. Run there: "
            f"vla-humanoid export-usd --catalogue --output {found}; then name the folder by "
            f"assets=... or {VARIABLE}=..."
        )
    return found


def robot_file(folder: Path) -> Path:
    """Return the robot's file in a folder."""
    return folder / "robot.usd"


def asset_file(folder: Path, asset: str) -> Path:
    """Return the file of an asset of the catalogue in a folder."""
    return folder / "objects" / f"{asset}.usd"


def object_asset(shape: str) -> str:
    """Return the name of a graspable shape or a container in the catalogue."""
    return shape.replace(" ", "_")


def landmark_asset(shape: str) -> str:
    """Return the name of a landmark in the catalogue."""
    return f"landmark_{shape}"
