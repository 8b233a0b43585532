import sys

import gymnasium
import pytest
from gymnasium.envs.registration import load_env_creator
from isaaclab.envs import DirectRLEnv
from isaaclab_tasks.utils.parse_cfg import load_cfg_from_registry, parse_env_cfg

import vla_humanoid
from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
from vla_humanoid.envs.isaaclab.env_cfg import HumanoidBatchCfg
from vla_humanoid.envs.isaaclab.stock_choice import holds
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.lab23 import Lab23
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom


def test_the_installed_release_is_told() -> None:
    assert vla_humanoid.__version__
    assert isinstance(dialect(), Lab23)


@pytest.mark.parametrize("task", task_names())
def test_isaac_labs_own_functions_find_every_task(task: str) -> None:
    scene = load_task(task).sample_scene(EpisodeRandom(0, DEFAULT_AXES))
    if not holds(scene):
        with pytest.raises(ValueError, match=f"{task} has .* cannot hold yet"):
            load_cfg_from_registry(f"VLAHumanoid-{task}-IsaacLab-v0", "env_cfg_entry_point")
        return
    cfg = load_cfg_from_registry(f"VLAHumanoid-{task}-IsaacLab-v0", "env_cfg_entry_point")
    assert isinstance(cfg, HumanoidBatchCfg)
    assert cfg.task == task


def test_isaac_labs_scripts_choose_device_and_number() -> None:
    cfg = parse_env_cfg("VLAHumanoid-PickPlace-IsaacLab-v0", device="cuda:0", num_envs=3)
    assert isinstance(cfg, HumanoidBatchCfg)
    assert (cfg.sim.device, cfg.scene.num_envs) == ("cuda:0", 3)


def test_the_entry_point_is_an_environment_of_isaac_lab() -> None:
    spec = gymnasium.spec("VLAHumanoid-PickPlace-IsaacLab-v0")
    assert isinstance(spec.entry_point, str)
    made = load_env_creator(spec.entry_point)
    assert made is HumanoidBatchEnv
    assert issubclass(HumanoidBatchEnv, DirectRLEnv)


def test_without_kit_the_message_says_how_to_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "omni.kit.app", raising=False)
    with pytest.raises(RuntimeError, match="AppLauncher") as error:
        gymnasium.make("VLAHumanoid-PickPlace-v0", engine="isaaclab", num_envs=2)
    assert "ovphysx" not in str(error.value)


@pytest.mark.parametrize("physics", ["ovphysx", "newton"])
def test_engines_that_2_3_lacks_are_refused(physics: str) -> None:
    with pytest.raises(ValueError, match=r"Isaac Lab 2\.3 does not drive .* choose one of physx"):
        gymnasium.make("VLAHumanoid-PickPlace-v0", engine="isaaclab", physics=physics)
