"""Domain randomization of physics, as events of Isaac Lab that happen at every reset.

Isaac Lab's own events draw their values when they happen, from one stream for all worlds. Ours take
them from the episode that begins, so that its seed alone determines it; the rest is Isaac Lab's:
when events happen, in which worlds, and what else a user's configuration adds.
"""

from typing import TYPE_CHECKING

import torch
from isaaclab.managers import EventTermCfg
from isaaclab.utils import configclass

if TYPE_CHECKING:
    from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv


def apply_motor_strength(env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
    """Axis "actuator_strength": give each motor its episode's strength."""
    for k in env_ids.tolist():
        strength = env.episodes[k].episode.dynamics.strength
        env.worlds.robots.strength[k] = strength or 1.0


@configclass
class EpisodeEvents:
    """What happens at every reset; add events of Isaac Lab's or of your own to it."""

    motor_strength = EventTermCfg(func=apply_motor_strength, mode="reset")
