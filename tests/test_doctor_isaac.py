"""What the doctor says about the pieces of Isaac, on machines that have some of them."""

import ctypes
import importlib.metadata
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from packaging.requirements import Requirement

from vla_humanoid.assets.usd.requirements import NEEDED, RELEASES
from vla_humanoid.doctor import isaac
from vla_humanoid.doctor.check import Check
from vla_humanoid.sims import cuda
from vla_humanoid.sims.cuda import Gpu, NoGpu
from vla_humanoid.sims.isaaclab import release

Have = Callable[..., None]
FITTING = {
    "usd_exchange": "3.0.1",
    "mujoco_usd_converter": "0.8.0",
    "ovphysx": "0.7.0.7",
    "ovstage": "0.3.0.1",
    "physx_usd_schemas": "25.11.2",
    "warp_lang": "1.19.0",
}
"""What an environment with the extra ``physx`` has."""
NAMES = (
    "usd-exchange",
    "mujoco-usd-converter",
    "usd-core",
    "ovphysx",
    "isaaclab",
    "warp-lang",
    "isaacsim",
    "isaacsim-kernel",
)


@pytest.fixture
def have(monkeypatch: pytest.MonkeyPatch) -> Have:
    """Pretend that these distributions are installed, and no other of Isaac's."""

    def pretend(python: tuple[int, int] = (3, 11), **versions: str) -> None:
        found = {name.replace("_", "-"): version for name, version in versions.items()}

        def version(name: str) -> str:
            if name not in found:
                raise importlib.metadata.PackageNotFoundError(name)
            return found[name]

        def requires(name: str) -> list[str]:
            version(name)
            return ["ovstage==0.3.0.1"] if name == "ovphysx" else []

        monkeypatch.setattr(importlib.metadata, "version", version)
        monkeypatch.setattr(importlib.metadata, "requires", requires)
        monkeypatch.setattr(release, "version", version)
        monkeypatch.setattr(sys, "version_info", (*python, 0, "final", 0))

    monkeypatch.delenv("ISAAC_PATH", raising=False)
    monkeypatch.delitem(sys.modules, "omni.kit.app", raising=False)
    return pretend


def find(name: str) -> Check:
    (check,) = [check for check in isaac.isaac_checks() if check.name == name]
    return check


def test_a_bare_machine_is_told_what_each_piece_is_for(have: Have) -> None:
    have()
    checks = isaac.isaac_checks()
    assert len({check.name for check in checks}) == len(checks)
    assert all(check.status != "missing" for check in checks)  # Nothing of it is needed.
    assert all(check.remedy for check in checks if check.status == "optional")
    assert find("ovphysx").remedy == "pip install 'vla-humanoid[physx]'"
    assert "Python 3.12" in find("isaaclab").detail
    assert find("isaaclab").remedy.startswith("python3.12 -m venv")


def test_what_is_there_is_named_with_its_version_and_use(have: Have) -> None:
    have(**FITTING)
    assert find("ovphysx") == Check(
        "ovphysx", "ok", "0.7.0.7, for engine='physx', on a CPU as well"
    )
    assert find("usd-exchange").detail.startswith("3.0.1, for vla-humanoid export-usd")
    assert find("warp-lang").status == "ok"


@pytest.mark.parametrize(("name", "version"), [("physx-usd-schemas", "24.1"), ("ovstage", "0.2.1")])
def test_what_ovphysx_stands_on_is_named_where_it_does_not_fit(
    have: Have, name: str, version: str
) -> None:
    have(**{**FITTING, name.replace("-", "_"): version})
    check = find("ovphysx")
    assert check.status == "optional"
    assert name in check.detail
    assert f"and {version} is installed" in check.detail
    assert check.remedy == "pip install 'vla-humanoid[physx]'"


@pytest.mark.parametrize("name", [*NEEDED, "ovphysx"])
def test_a_release_that_does_not_fit_comes_with_the_command_for_one_that_does(
    have: Have, name: str
) -> None:
    have(**{name.replace("-", "_"): "9.0.1"})
    check = find(name)
    assert check.status == "optional"
    assert f"9.0.1 is not {RELEASES[name]}" in check.detail
    assert check.remedy == "pip install 'vla-humanoid[physx]'"


def test_the_releases_that_fit_are_those_of_the_extra() -> None:
    project = Path(__file__).parents[1] / "pyproject.toml"
    extra = tomllib.loads(project.read_text())["project"]["optional-dependencies"]["physx"]
    asked = {one.name: one.specifier for one in map(Requirement, extra)}
    for name, releases in RELEASES.items():
        assert asked[name] == releases


class Installed:
    """A distribution that was installed from somewhere."""

    def __init__(self, record: str | None) -> None:
        self.record = record

    def read_text(self, name: str) -> str | None:
        return self.record if name == "direct_url.json" else None


@pytest.mark.parametrize(
    ("record", "source"),
    [
        ('{"url": "file:///home/me/my%20code"}', "--editable '/home/me/my code[isaac]'"),
        (
            '{"url": "file:///tmp/x.whl", "archive_info": {}}',
            "'vla-humanoid[isaac] @ file:///tmp/x.whl'",
        ),
        ('{"url": "https://example.com/x.whl"}', "'vla-humanoid[isaac]'"),
        (None, "'vla-humanoid[isaac]'"),
    ],
)
def test_another_environment_gets_the_package_from_where_this_one_has_it(
    have: Have, monkeypatch: pytest.MonkeyPatch, record: str | None, source: str
) -> None:
    have(vla_humanoid="0.1.0")
    monkeypatch.setattr(importlib.metadata, "distribution", lambda name: Installed(record))
    command = f"python3.12 -m venv .venv-isaac && .venv-isaac/bin/pip install {source}"
    assert find("isaaclab").remedy == command


def test_usd_core_beside_usd_exchange_comes_with_the_command_against_it(have: Have) -> None:
    have(usd_exchange="3.0.1", mujoco_usd_converter="0.8.0", usd_core="26.11")
    check = find("usd-core")
    assert check.status == "optional"
    assert "26.11 breaks usd-exchange" in check.detail
    assert check.remedy.startswith("pip uninstall -y usd-core && pip install --force-reinstall")
    have(usd_exchange="3.0.1", usd_core="26.11")  # Also where the converter is missing.
    assert find("usd-core").remedy.startswith("pip uninstall -y usd-core")


def test_usd_core_alone_harms_nothing(have: Have) -> None:
    have(usd_core="26.11")
    assert find("usd-core").status == "ok"


def test_what_would_break_isaac_lab_is_installed_elsewhere(have: Have) -> None:
    have((3, 12), isaaclab="3.0.0", ovphysx="0.6.4.7", usd_exchange="3.0.1")
    assert find("isaaclab").status == "ok"
    assert "Isaac Lab's" in find("ovphysx").detail
    for name in ("ovphysx", "mujoco-usd-converter"):
        assert find(name).remedy.startswith("python3.12 -m venv .venv-physx")


def test_a_python_that_is_too_new_for_physx_gets_another(have: Have) -> None:
    have((3, 13))
    assert find("ovphysx").remedy.startswith("python3.12 -m venv .venv-physx")


def test_an_isaac_lab_of_isaac_sim_5_drives_kits_physx_alone(have: Have) -> None:
    have(isaaclab="2.3.2.post1")
    assert find("isaaclab") == Check(
        "isaaclab", "ok", "2.3.2.post1, for engine='isaaclab' with physics physx"
    )


def test_an_isaac_lab_that_is_too_old_comes_with_the_command_for_another(have: Have) -> None:
    have(isaaclab="2.1.0")
    check = find("isaaclab")
    assert check.status == "optional"
    assert "2.1.0 is too old" in check.detail
    assert check.remedy.startswith("pip install 'isaaclab==2.3.2")


@pytest.mark.parametrize(
    ("version", "python", "status"),
    [
        ("6.2.0.0", (3, 12), "ok"),
        ("5.1.0.0", (3, 11), "ok"),
        ("6.2.0.0", (3, 11), "optional"),
        ("5.1.0.0", (3, 12), "optional"),
        ("4.5.0.0", (3, 10), "optional"),
    ],
)
def test_isaac_sim_wants_its_own_python(
    have: Have, version: str, python: tuple[int, int], status: str
) -> None:
    have(python, isaacsim_kernel=version)
    check = find("isaacsim")
    assert check.status == status
    assert version in check.detail


def test_an_unpacked_isaac_sim_is_found_by_its_own_variable(
    have: Have, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    have((3, 11))
    (tmp_path / "VERSION").write_text("5.1.0-rc.19+release.26219\n")
    monkeypatch.setenv("ISAAC_PATH", str(tmp_path))
    assert find("isaacsim").status == "ok"
    assert "--enable vla_humanoid.isaac" in find("isaacsim").detail


def test_kit_in_this_process_is_named(have: Have, monkeypatch: pytest.MonkeyPatch) -> None:
    have()
    assert find("Kit").status == "ok"
    monkeypatch.setitem(sys.modules, "omni.kit.app", object())
    assert find("Kit").status == "optional"
    assert "in a terminal" in find("Kit").remedy


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("NVIDIA GeForce RTX 4090", "ok"),
        ("NVIDIA L40S", "ok"),
        ("NVIDIA H100 80GB HBM3", "optional"),
        ("NVIDIA A100-SXM4-80GB", "optional"),
        ("Tesla V100-SXM2-16GB", "optional"),
    ],
)
def test_a_gpu_without_rt_cores_is_no_gpu_for_isaac_sim(
    monkeypatch: pytest.MonkeyPatch, name: str, status: str
) -> None:
    monkeypatch.setattr(isaac, "first_gpu", lambda: Gpu(name, "13.0"))
    check = find("CUDA")
    assert check.status == status
    assert name in check.detail
    assert ("no RT cores" in check.detail) == (status != "ok")


def test_a_machine_without_a_driver_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> ctypes.CDLL:
        raise OSError(name)

    monkeypatch.setattr(cuda.ctypes, "CDLL", fail)
    with pytest.raises(NoGpu, match="no NVIDIA driver"):
        cuda.first_gpu()
    assert find("CUDA").status == "optional"
    assert "run on the CPU" in find("CUDA").detail


def fake_driver(initialized: int, count: int) -> SimpleNamespace:
    """What answers as NVIDIA's driver does."""

    def write(pointer: object, value: int) -> int:
        ctypes.cast(cast("ctypes.c_void_p", pointer), ctypes.POINTER(ctypes.c_int))[0] = value
        return 0

    def write_name(name: "ctypes.Array[ctypes.c_char]", length: int, device: object) -> int:
        name.value = b"NVIDIA GeForce RTX 5090"
        return 0

    return SimpleNamespace(
        cuInit=lambda flags: initialized,
        cuDeviceGetCount=lambda found: write(found, count),
        cuDeviceGet=lambda device, index: write(device, index),
        cuDeviceGetName=write_name,
        cuDriverGetVersion=lambda version: write(version, 12080),
    )


def test_the_driver_is_asked_for_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda.ctypes, "CDLL", lambda name: fake_driver(0, 1))
    assert cuda.first_gpu() == Gpu("NVIDIA GeForce RTX 5090", "12.8")
    for driver in (fake_driver(100, 1), fake_driver(0, 0)):
        monkeypatch.setattr(cuda.ctypes, "CDLL", lambda name, driver=driver: driver)
        with pytest.raises(NoGpu, match="shows no GPU"):
            cuda.first_gpu()
