"""Who generates: an environment and its expert."""

from typing import cast

from vla_humanoid.data_collection.environment import DemonstrationEnv, make_env
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.data_collection.run_config import GenerationConfig


def make_expert(config: GenerationConfig) -> tuple[DemonstrationEnv, Policy]:
    """Make the environment of a run and the scripted expert for it."""
    # First: it sees to it that mujoco can be imported whatever MUJOCO_GL asks for, or says why not.
    env = make_env(config.env_name, config.env_kwargs)

    # The expert needs the environment's packages: loaded by the workers only.
    from vla_humanoid.data_collection.expert import Expert, ExpertWorld

    return env, Expert(cast(ExpertWorld, env.unwrapped))
