"""Domain randomization of physics, as events of Isaac Lab that happen at every reset.

Isaac Lab's own events draw their values when they happen, from one stream for all worlds. Ours take
them from the episode that begins, so that its seed alone determines it. The rest is Isaac Lab's:
when events happen, in which worlds, and what else a user's configuration adds.
"""

from typing import TYPE_CHECKING

import torch
from isaaclab.managers import EventTermCfg, ManagerTermBase
from isaaclab.utils import configclass

from vla_humanoid.sims.isaaclab.foot_wrenches import FEET
from vla_humanoid.sims.isaaclab.properties import JointFriction, Masses, world_paths
from vla_humanoid.sims.isaaclab.scene import ROBOT, THINGS

if TYPE_CHECKING:
    from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
    from vla_humanoid.sims.isaaclab.friction import SurfaceFriction


def apply_motor_strength(env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
    """Axis "actuator_strength": give each motor its episode's strength."""
    for k in env_ids.tolist():
        strength = env.episodes[k].episode.dynamics.strength
        env.worlds.robots.strength[k] = strength or 1.0


class ApplyJointFriction(ManagerTermBase):
    """Axis "joint_friction": scale the friction in each robot's joints."""

    def __init__(self, cfg: EventTermCfg, env: "HumanoidBatchEnv") -> None:
        super().__init__(cfg, env)
        self._friction = JointFriction(env.scene[ROBOT])

    def __call__(self, env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
        """Scale it in some worlds."""
        self._friction.scale(
            {k: env.episodes[k].episode.dynamics.friction_scale for k in env_ids.tolist()}
        )


class ApplyMasses(ManagerTermBase):
    """Axis "object_mass": give each thing its mass."""

    def __init__(self, cfg: EventTermCfg, env: "HumanoidBatchEnv") -> None:
        super().__init__(cfg, env)
        collections = env.scene.rigid_object_collections
        self._masses = Masses(collections[THINGS]) if THINGS in collections else None

    def __call__(self, env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
        """Give the things of some worlds their masses."""
        if self._masses is not None:
            self._masses.set(
                {
                    k: {body: thing.mass for body, thing in env.things(k).items()}
                    for k in env_ids.tolist()
                }
            )


class ApplyFriction(ManagerTermBase):
    """Axes "object_friction" and "floor_friction": give surfaces and soles theirs."""

    def __init__(self, cfg: EventTermCfg, env: "HumanoidBatchEnv") -> None:
        super().__init__(cfg, env)
        self._friction: SurfaceFriction | None = None

    def __call__(self, env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
        """Give the surfaces of some worlds their friction."""
        if env.config.physics != "ovphysx":
            return
        if self._friction is None:
            self._friction = _surfaces(env)
        coefficients: dict[str, float] = {}
        for k in env_ids.tolist():
            floor = env.episodes[k].episode.scene.floor_friction
            coefficients |= dict.fromkeys(world_paths("Robot/{}", [k], FEET), floor)
            for body, thing in env.things(k).items():
                coefficients |= dict.fromkeys(world_paths("Thing_{}", [k], [body]), thing.friction)
        self._friction.set(coefficients)


def _surfaces(env: "HumanoidBatchEnv") -> "SurfaceFriction":
    from vla_humanoid.sims.isaaclab.friction import SurfaceFriction

    worlds = range(env.num_envs)
    soles = world_paths("Robot/{}", worlds, FEET)
    return SurfaceFriction(soles + world_paths("Thing_{}", worlds, [*env.stock.thing_bodies]))


@configclass
class EpisodeEvents:
    """What happens at every reset; add events of Isaac Lab's or of your own to it."""

    motor_strength = EventTermCfg(func=apply_motor_strength, mode="reset")
    joint_friction = EventTermCfg(func=ApplyJointFriction, mode="reset")
    masses = EventTermCfg(func=ApplyMasses, mode="reset")
    friction = EventTermCfg(func=ApplyFriction, mode="reset")
