"""The configuration of a batch, as Isaac Lab's own scripts read and change it."""

from isaaclab.envs import DirectRLEnvCfg
from isaaclab.utils import configclass

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.envs.isaaclab.batch_config import BatchConfig, make_batch_config
from vla_humanoid.envs.isaaclab.events import EpisodeEvents
from vla_humanoid.envs.isaaclab.stock_choice import choose_stock
from vla_humanoid.schema import action_spec, state_fields
from vla_humanoid.sims.isaaclab.asset_files import find_assets
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.physics import DECIMATION, simulation_cfg
from vla_humanoid.sims.isaaclab.scene import WorldPlan, scene_cfg
from vla_humanoid.tasks import load_task


@configclass
class HumanoidBatchCfg(DirectRLEnvCfg):
    """Isaac Lab's configuration of a batch; `make_env_cfg` makes it from ours.

    ``scene.num_envs``, ``sim.device``, ``seed`` and ``events`` may be changed afterwards. The
    fields below decide which bodies and cameras there are; to change them, make a new one.
    """

    task: str = ""
    control_mode: str = ""
    cameras: tuple[str, ...] = ()
    image_size: int = 0
    randomization: tuple[str, ...] = ()
    copies: int = 0
    stock_seeds: tuple[int, ...] = ()

    def batch(self) -> BatchConfig:
        """Return what is asked for, with what Isaac Lab's scripts have changed."""
        return make_batch_config(
            self.task,
            control_mode=self.control_mode,
            cameras=self.cameras,
            image_size=self.image_size,
            randomization=self.randomization or "none",
            num_envs=self.scene.num_envs,
            physics=dialect().physics_of(self.sim),
            device=str(self.sim.device),
            copies=self.copies,
            stock_seeds=self.stock_seeds,
        )


def make_env_cfg(batch: BatchConfig, assets: str | None = None) -> HumanoidBatchCfg:
    """Return Isaac Lab's configuration of a batch.

    Args:
        batch: what is asked for.
        assets: folder of the catalogue's USD files; None for the default one.

    Raises:
        AssetsMissing: if the USD files are not there.
    """
    task = load_task(batch.task)
    plan = WorldPlan(
        assets=find_assets(assets),
        stock=choose_stock(task, batch),
        num_envs=batch.num_envs,
        cameras=batch.cameras,
        image_size=batch.image_size,
        physics=batch.physics,
    )
    image = [batch.image_size, batch.image_size, 3]
    return HumanoidBatchCfg(
        decimation=DECIMATION,
        sim=simulation_cfg(batch.physics, batch.device),
        scene=scene_cfg(plan),
        events=EpisodeEvents(),
        episode_length_s=task.time_limit,
        action_space=action_spec(batch.control_mode, JOINT_RANGES).dim,
        observation_space={
            "state": len(state_fields(JOINT_NAMES)),
            **{f"images/{camera}": image for camera in batch.cameras},
        },
        state_space=0,
        num_rerenders_on_reset=int(batch.physics == "physx" and bool(batch.cameras)),
        seed=0,
        task=batch.task,
        control_mode=batch.control_mode,
        cameras=batch.cameras,
        image_size=batch.image_size,
        randomization=batch.randomization,
        copies=batch.copies,
        stock_seeds=batch.stock_seeds,
    )
