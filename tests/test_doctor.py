import importlib.metadata

import pytest

from vla_humanoid import doctor
from vla_humanoid.sims.graphics import GraphicsUnavailable


@pytest.fixture
def pretend_installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Versions to pretend; None for a distribution that is not there."""
    versions: dict[str, str | None] = {}
    real = importlib.metadata.version

    def version(name: str) -> str:
        found = versions[name] if name in versions else real(name)
        if found is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(
        importlib.metadata, "requires", lambda _: ["mujoco>=3.12,<5", "ruff; extra == 'dev'"]
    )
    return versions


def find(name: str) -> doctor.Check:
    return next(check for check in doctor.run_doctor() if check.name == name)


def test_everything_needed_works_here() -> None:
    checks = doctor.run_doctor()
    assert [check for check in checks if check.status == "missing"] == []
    assert len({check.name for check in checks}) == len(checks)
    assert {"mujoco", "graphics", "balance solver", "dataset files"} <= {c.name for c in checks}
    assert all(check.remedy for check in checks if check.status != "ok")


@pytest.mark.parametrize(
    ("version", "status"),
    [("3.11.0", "missing"), ("3.12.0", "ok"), ("4.1.0rc1", "ok"), ("5.0", "missing")],
)
def test_versions_are_held_against_the_packages_own_metadata(
    pretend_installed: dict[str, str | None], version: str, status: str
) -> None:
    pretend_installed["mujoco"] = version
    check = find("mujoco")
    assert check.status == status
    assert version in check.detail
    assert "ruff" not in {check.name for check in doctor.run_doctor()}


def test_what_is_not_installed_comes_with_the_command_that_installs_it(
    pretend_installed: dict[str, str | None],
) -> None:
    pretend_installed |= {"mujoco": None, "robomimic": None}
    assert find("mujoco").status == "missing"
    assert find("mujoco").remedy == "pip install 'mujoco<5,>=3.12'"
    assert find("robomimic").status == "optional"
    assert find("robomimic").remedy == "pip install robomimic"


def test_a_missing_graphics_library_is_explained_not_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise GraphicsUnavailable("egl: libEGL.so.1 is missing\nInstall one of them:\n  libegl1")

    monkeypatch.setattr(doctor, "select_backend", fail)
    assert find("graphics") == doctor.Check(
        "graphics", "missing", "egl: libEGL.so.1 is missing", "Install one of them:\n  libegl1"
    )


def test_a_full_disk_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 10_000_000

    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Usage)
    assert find("disk").status == "missing"
