"""Errors about wheels name what to run; they need none of the wheels."""

import importlib.metadata
import sys
from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.assets.usd.requirements import NEEDED, UsdUnavailable, require_usd

FITTING = {"usd-exchange": "3.0.1", "mujoco-usd-converter": "0.8.0"}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Versions of what seems to be installed; all that is needed to begin with."""
    names = dict(FITTING)

    def version(name: str) -> str:
        if name not in names:
            raise importlib.metadata.PackageNotFoundError(name)
        return names[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: [])
    monkeypatch.setattr(sys, "version_info", (3, 11, 0, "final", 0))
    return names


@pytest.mark.parametrize("missing", [set(NEEDED), *({name} for name in NEEDED)])
def test_missing_wheels_are_named_with_the_extra(
    installed: dict[str, str], missing: set[str]
) -> None:
    for name in missing:
        del installed[name]
    with pytest.raises(UsdUnavailable, match=r"run: pip install 'vla-humanoid\[physx\]'") as error:
        require_usd()
    assert {name for name in NEEDED if name in str(error.value)} == missing


def test_usd_core_beside_usd_exchange_is_named_with_the_cure(installed: dict[str, str]) -> None:
    require_usd()
    installed["usd-core"] = "26.11"
    cure = "pip uninstall -y usd-core && pip install --force-reinstall --no-deps usd-exchange"
    with pytest.raises(UsdUnavailable, match="break each other") as error:
        require_usd()
    assert cure in str(error.value)


@pytest.mark.parametrize("name", NEEDED)
def test_a_release_that_does_not_fit_is_named(installed: dict[str, str], name: str) -> None:
    installed[name] = "9.1"
    with pytest.raises(UsdUnavailable, match=rf"{name} <.*, and 9\.1 is installed; run: pip inst"):
        require_usd()


def test_where_isaac_lab_is_the_wheels_go_elsewhere(installed: dict[str, str]) -> None:
    installed["isaaclab"] = "3.0.0"
    require_usd()
    del installed["mujoco-usd-converter"]
    with pytest.raises(UsdUnavailable, match=r"Isaac Lab.*: python3.12 -m venv .venv-physx"):
        require_usd()


def test_the_command_says_so_in_one_line_and_writes_nothing(
    installed: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installed.clear()
    assert cli.main(["export-usd", "--output", str(tmp_path / "robot")]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("error: USD export needs usd-exchange and mujoco-usd-converter;")
    assert printed.count("\n") == 1
    assert not list(tmp_path.iterdir())
