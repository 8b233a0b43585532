from pathlib import Path
from typing import Protocol, Unpack, cast

import pytest
from gymnasium.spaces import Dict
from isaaclab.assets import ArticulationCfg, AssetBaseCfg, RigidObjectCollectionCfg
from isaaclab.envs.utils.spaces import spec_to_gym_space
from isaaclab.scene import InteractiveSceneCfg
from isaaclab.sensors import SensorBaseCfg, TiledCamera, TiledCameraCfg
from isaaclab.sim import PhysxCfg
from isaaclab.utils.io import dump_yaml

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.envs.isaaclab.batch_config import BatchOptions, make_batch_config
from vla_humanoid.envs.isaaclab.env_cfg import HumanoidBatchCfg, make_env_cfg
from vla_humanoid.envs.isaaclab.stock_choice import holds
from vla_humanoid.schema import CAMERAS, PHYSICS_RATE, POLICY_RATE, state_fields
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom


class Checked(Protocol):
    """What `configclass` makes of a class in 2.3."""

    def validate(self) -> list[str]: ...


SCENE_FIELDS = set(InteractiveSceneCfg.__dataclass_fields__)


def cfg_of(task: str, **options: Unpack[BatchOptions]) -> HumanoidBatchCfg:
    return make_env_cfg(make_batch_config(task, **{"stock_seeds": (0,), **options}))


def is_held(task: str) -> bool:
    return holds(load_task(task).sample_scene(EpisodeRandom(0, DEFAULT_AXES)))


@pytest.mark.parametrize("task", task_names())
def test_every_task_has_a_valid_configuration_or_is_refused(task: str) -> None:
    if not is_held(task):
        with pytest.raises(ValueError, match=rf"{task} has .* engine='isaaclab' cannot hold yet"):
            cfg_of(task)
        return
    cfg = cfg_of(task, num_envs=4)
    cast("Checked", cfg).validate()
    assert cfg.scene.num_envs == 4
    assert cfg.decimation * cfg.sim.dt == pytest.approx(1 / POLICY_RATE)
    assert cfg.batch() == make_batch_config(task, stock_seeds=(0,), num_envs=4)


def test_the_simulation_is_physx_as_2_3_wants_it() -> None:
    sim = cfg_of("PickPlace").sim
    assert isinstance(sim.physx, PhysxCfg)
    assert sim.physx.enable_enhanced_determinism
    assert sim.physx.bounce_threshold_velocity == 0.0
    assert sim.dt == 1 / PHYSICS_RATE
    assert not hasattr(sim, "physics")


def test_what_scripts_change_is_what_is_made() -> None:
    cfg = cfg_of("PickPlace")
    cfg.scene.num_envs, cfg.sim.device = 7, "cuda:0"
    assert (cfg.batch().num_envs, cfg.batch().device) == (7, "cuda:0")


def test_every_entity_is_of_a_kind_that_the_scene_makes() -> None:
    scene = cfg_of("PickPlace", cameras=CAMERAS).scene
    entities = {name: value for name, value in vars(scene).items() if name not in SCENE_FIELDS}
    kinds = (ArticulationCfg, RigidObjectCollectionCfg, SensorBaseCfg, AssetBaseCfg)
    assert {"robot", "things", "fixtures", "light"} < set(entities)
    assert all(isinstance(entity, kinds) for entity in entities.values())


def test_fixtures_are_kinematic_and_things_are_not() -> None:
    scene = vars(cfg_of("PickPlace").scene)
    for cfg in scene["fixtures"].rigid_objects.values():
        assert cfg.spawn.rigid_props.kinematic_enabled
    for cfg in scene["things"].rigid_objects.values():
        assert cfg.spawn.rigid_props is None
    floor = scene["fixtures"].rigid_objects["floor"].spawn
    assert floor.collision_props.collision_enabled
    assert floor.physics_material.static_friction == floor.physics_material.dynamic_friction > 0


def test_cameras_are_tiled() -> None:
    scene = vars(cfg_of("PickPlace", cameras=CAMERAS, image_size=96).scene)
    for camera in CAMERAS:
        cfg = scene[f"{camera}_camera"]
        assert isinstance(cfg, TiledCameraCfg)
        assert cfg.class_type is TiledCamera
        assert (cfg.width, cfg.height) == (96, 96)


def test_images_are_drawn_anew_after_a_reset() -> None:
    assert cfg_of("PickPlace").num_rerenders_on_reset == 0
    assert cfg_of("PickPlace", cameras=("head",)).num_rerenders_on_reset == 1


def test_spaces_are_what_2_3_makes_of_their_description() -> None:
    cfg = cfg_of("PickPlace", cameras=("head",), image_size=32)
    space = spec_to_gym_space(cfg.observation_space)
    assert isinstance(space, Dict)
    assert space["state"].shape == (len(state_fields(JOINT_NAMES)),)
    assert space["images/head"].shape == (32, 32, 3)
    assert spec_to_gym_space(cfg.action_space).shape == (cfg.action_space,)


def test_the_configuration_can_be_written_down(tmp_path: Path) -> None:
    dump_yaml(str(tmp_path / "env.yaml"), cfg_of("PickPlace", cameras=("head",)))
    assert "enable_enhanced_determinism: true" in (tmp_path / "env.yaml").read_text()
