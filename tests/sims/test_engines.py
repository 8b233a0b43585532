"""Which engines there are, and what is said where one is not installed."""

import sys
from importlib import metadata
from types import ModuleType

import gymnasium
import pytest

from vla_humanoid.sims.engines import simulation_maker
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.sims.physx import library
from vla_humanoid.sims.physx.library import PhysxUnavailable


def test_mujoco_is_always_there() -> None:
    assert simulation_maker("mujoco") is MujocoSimulation


def test_without_its_wheels_physx_names_them_and_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(library, "is_installed", lambda name: name != "ovphysx")
    with pytest.raises(
        PhysxUnavailable, match=r"needs ovphysx,.*Python 3\.11 or 3\.12: pip install 'vla-human"
    ):
        gymnasium.make("VLAHumanoid-PickPlace-v0", engine="physx", cameras=())


def pretend_installed(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(library, "is_installed", lambda name: True)
    monkeypatch.setattr(metadata, "version", lambda name: version)


def test_another_release_of_physx_is_named_with_the_right_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pretend_installed(monkeypatch, "0.6.4.72118723")
    with pytest.raises(PhysxUnavailable, match=r"ovphysx 0\.6\.4\.\d+ is installed.*for 0\.7,"):
        simulation_maker("physx")


def test_usd_wheels_that_break_each_other_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_installed(monkeypatch, "0.7.0.1")
    monkeypatch.setattr("vla_humanoid.assets.usd.requirements.is_installed", lambda name: True)
    with pytest.raises(PhysxUnavailable, match="usd-core is installed beside usd-exchange"):
        simulation_maker("physx")


def test_kit_in_the_same_process_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "omni.kit.app", ModuleType("omni.kit.app"))
    with pytest.raises(PhysxUnavailable, match=r"Kit runs in this process.*engine='isaaclab'"):
        simulation_maker("physx")
