"""Errors about wheels name what to run; they need none of the wheels."""

import importlib.metadata
from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.assets.usd.requirements import NEEDED, UsdUnavailable, require_usd


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Distributions that seem to be installed; all that are needed to begin with."""
    names: set[str] = set(NEEDED)

    def version(name: str) -> str:
        if name not in names:
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    return names


@pytest.mark.parametrize("missing", [set(NEEDED), *({name} for name in NEEDED)])
def test_missing_wheels_are_named_with_the_extra(installed: set[str], missing: set[str]) -> None:
    installed -= missing
    with pytest.raises(UsdUnavailable, match=r"run: pip install 'vla-humanoid\[physx\]'") as error:
        require_usd()
    assert {name for name in NEEDED if name in str(error.value)} == missing


def test_usd_core_beside_usd_exchange_is_named_with_the_cure(installed: set[str]) -> None:
    require_usd()
    installed.add("usd-core")
    cure = "pip uninstall -y usd-core && pip install --force-reinstall --no-deps usd-exchange"
    with pytest.raises(UsdUnavailable, match="break each other") as error:
        require_usd()
    assert cure in str(error.value)


def test_the_command_says_so_in_one_line_and_writes_nothing(
    installed: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installed.clear()
    assert cli.main(["export-usd", "--output", str(tmp_path / "robot")]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("error: USD export needs usd-exchange and mujoco-usd-converter;")
    assert printed.count("\n") == 1
    assert not list(tmp_path.iterdir())
