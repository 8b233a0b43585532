"""Who generates: an environment and its expert, or a batch and an expert in each world."""

from typing import cast

from vla_humanoid.data_collection.batch import Batch, BatchEpisode
from vla_humanoid.data_collection.batch_pool import BatchPool
from vla_humanoid.data_collection.environment import DemonstrationEnv, make_env
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.data_collection.worker import Job
from vla_humanoid.envs.registration import AllOptions, make_humanoid_env


def make_expert(config: GenerationConfig) -> tuple[DemonstrationEnv, Policy]:
    """Make the environment of a run and the scripted expert for it."""
    # First: it sees to it that mujoco can be imported whatever MUJOCO_GL asks for, or says why not.
    env = make_env(config.env_name, config.env_kwargs)

    # The expert needs the environment's packages: loaded by the workers only.
    from vla_humanoid.data_collection.expert import Expert, ExpertWorld

    return env, Expert(cast(ExpertWorld, env.unwrapped))


def make_batch_pool(job: Job, worlds: int) -> BatchPool:
    """Make the worlds of one Isaac Lab batch, with a scripted expert in each.

    Args:
        job: what to do.
        worlds: how many attempts are carried out at a time.
    """

    def make_batch() -> Batch:
        config = job.config
        options = cast(AllOptions, config.env_kwargs | {"num_envs": worlds})
        env = make_humanoid_env(config.task, **options)
        env.reset(seed=config.seed)
        return cast(Batch, env)

    def make_policy(world: BatchEpisode) -> Policy:
        from vla_humanoid.data_collection.expert import Expert, ExpertWorld

        return Expert(cast(ExpertWorld, world))

    return BatchPool(job, make_batch, make_policy)
