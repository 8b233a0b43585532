from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from typing import TypeAlias

import pytest

from vla_humanoid.sims.isaaclab import release
from vla_humanoid.sims.isaaclab.release import (
    LAB_3,
    LAB_23,
    IsaacLabUnavailable,
    Release,
    choose_physics,
    installed_release,
)

Install: TypeAlias = Callable[[str | None], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    def pretend(version: str | None) -> None:
        def found(package: str) -> str:
            assert package == "isaaclab"
            if version is None:
                raise PackageNotFoundError(package)
            return version

        monkeypatch.setattr(release, "version", found)

    return pretend


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("3.0.0", LAB_3),
        ("3.1.0.dev1", LAB_3),
        ("2.3.2", LAB_23),
        ("2.3.2.post1", LAB_23),
        ("0.54.2", LAB_23),  # A checkout of 2.3.2.
        (None, None),
    ],
)
def test_the_installed_release_is_told_by_its_version(
    install: Install, version: str | None, expected: Release | None
) -> None:
    install(version)
    assert installed_release() is expected


@pytest.mark.parametrize("version", ["2.3.1", "2.2.0", "1.4.1", "0.47.1"])
def test_releases_that_are_too_old_are_refused_with_what_to_do(
    install: Install, version: str | None
) -> None:
    install(version)
    with pytest.raises(IsaacLabUnavailable, match=rf"{version} is too old.*pip install") as error:
        choose_physics(None)
    assert "2.3.2" in str(error.value)


def test_each_release_has_a_default_engine_of_its_own(install: Install) -> None:
    install("3.0.0")
    assert choose_physics(None) == "ovphysx"
    assert choose_physics("newton") == "newton"
    install("2.3.2")
    assert choose_physics(None) == "physx"
    assert choose_physics("physx") == "physx"


def test_engines_that_a_release_lacks_are_refused(install: Install) -> None:
    install("2.3.2")
    with pytest.raises(ValueError, match=r"2\.3 does not drive physics='newton'.*choose .*physx"):
        choose_physics("newton")


def test_unknown_engines_are_refused_by_every_release(install: Install) -> None:
    install(None)
    with pytest.raises(ValueError, match=r"Unknown physics 'bullet'.*ovphysx, newton, physx"):
        choose_physics("bullet")
