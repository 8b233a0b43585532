"""Which engines there are, and what is said where one is not installed."""

import sys
from importlib import metadata
from types import ModuleType

import gymnasium
import pytest

from vla_humanoid.sims.cuda import NoGpu
from vla_humanoid.sims.engines import simulation_maker
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.sims.physx import library
from vla_humanoid.sims.physx.library import PhysxUnavailable, check_installation


def test_mujoco_is_always_there() -> None:
    assert simulation_maker("mujoco") is MujocoSimulation


@pytest.fixture
def wheels(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Versions of what seems to be installed; all that PhysX needs to begin with."""
    names = {
        "ovphysx": "0.7.0.1",
        "ovstage": "0.3",
        "physx-usd-schemas": "25.11",
        "newton-usd-schemas": "0.6",
        "usd-exchange": "3.0.1",
        "mujoco-usd-converter": "0.8.0",
    }

    def version(name: str) -> str:
        if name not in names:
            raise metadata.PackageNotFoundError(name)
        return names[name]

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(metadata, "requires", lambda name: [])
    monkeypatch.setattr(sys, "version_info", (3, 11, 0, "final", 0))
    return names


def test_without_its_wheels_physx_names_them_and_the_extra(wheels: dict[str, str]) -> None:
    check_installation()
    del wheels["ovphysx"], wheels["ovstage"]
    with pytest.raises(
        PhysxUnavailable, match=r"needs ovphysx and ovstage; run: pip install 'vla-humanoid\[physx"
    ):
        gymnasium.make("VLAHumanoid-PickPlace-v0", engine="physx", cameras=())


def test_another_release_of_physx_is_named_with_the_right_one(wheels: dict[str, str]) -> None:
    wheels["ovphysx"] = "0.8.1"
    with pytest.raises(PhysxUnavailable, match=r"ovphysx <0.8,>=0.7, and 0\.8\.1 is installed"):
        simulation_maker("physx")


def test_what_would_break_an_isaac_lab_goes_elsewhere(wheels: dict[str, str]) -> None:
    wheels |= {"isaaclab": "3.0.0", "ovphysx": "0.6.4"}
    del wheels["physx-usd-schemas"]
    with pytest.raises(PhysxUnavailable, match=r"Isaac Lab.*own: python3.12 -m venv .venv-physx"):
        simulation_maker("physx")


def test_a_python_without_such_wheels_is_named(
    wheels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels.clear()
    monkeypatch.setattr(sys, "version_info", (3, 13, 0, "final", 0))
    with pytest.raises(PhysxUnavailable, match=r"this is Python 3\.13, and 3\.12.*: python3.12 -m"):
        simulation_maker("physx")


def test_usd_wheels_that_break_each_other_are_named(wheels: dict[str, str]) -> None:
    wheels["usd-core"] = "26.11"
    with pytest.raises(PhysxUnavailable, match="usd-core is installed beside usd-exchange"):
        simulation_maker("physx")


def test_kit_in_the_same_process_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "omni.kit.app", ModuleType("omni.kit.app"))
    with pytest.raises(PhysxUnavailable, match=r"Kit runs in this process.*engine='isaaclab'"):
        simulation_maker("physx")


def test_a_gpu_that_is_not_there_is_named_with_what_to_do(
    wheels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ovphysx" in wheels

    def fail() -> None:
        raise NoGpu("there is no NVIDIA driver")

    monkeypatch.setattr(library, "load_driver", fail)
    with pytest.raises(
        PhysxUnavailable, match=r"'cuda:0': there is no NVIDIA driver\. Choose device='cpu'"
    ):
        gymnasium.make("VLAHumanoid-PickPlace-v0", engine="physx", device="cuda:0", cameras=())


@pytest.mark.parametrize(
    ("device", "message"),
    [("cuda:0", "engine mujoco runs on a CPU"), ("gpu", "Unknown device 'gpu'.* cpu, cuda:0")],
)
def test_a_device_that_an_engine_cannot_use_is_refused(device: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gymnasium.make("VLAHumanoid-PickPlace-v0", device=device, cameras=())
