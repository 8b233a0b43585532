"""What an environment's observations and actions are, to be compared with what a policy needs."""

from typing import Protocol

from vla_humanoid.description import Description
from vla_humanoid.envs.config import EnvConfig
from vla_humanoid.schema import POLICY_RATE, ActionSpec, Field


class DescribedEnv(Protocol):
    """The part of an environment that says what it observes and takes."""

    @property
    def config(self) -> EnvConfig:
        """Its whole configuration."""
        ...

    @property
    def action_spec(self) -> ActionSpec:
        """What the entries of an action mean."""
        ...

    @property
    def state_fields(self) -> tuple[Field, ...]:
        """What the entries of the ``state`` observation mean."""
        ...


def describe_env(env: DescribedEnv) -> Description:
    """Return what a policy sees and does in an environment."""
    cameras = env.config.cameras
    return Description(
        action=env.action_spec,
        state=env.state_fields,
        cameras=cameras,
        image_size=env.config.image_size if cameras else 0,
        rate=float(POLICY_RATE),
    )
