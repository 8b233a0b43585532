"""Domain randomization of physics, as events of Isaac Lab that happen at every reset.

Isaac Lab's own events draw their values when they happen, from one stream for all worlds. Ours take
them from the episode that begins, so that its seed alone determines it. The rest is Isaac Lab's:
when events happen, in which worlds, and what else a user's configuration adds.
"""

from typing import TYPE_CHECKING

import torch
from isaaclab.managers import EventTermCfg
from isaaclab.utils import configclass

from vla_humanoid.assets.scene import Rgb
from vla_humanoid.envs.isaaclab.part_colors import part_colors
from vla_humanoid.sims.isaaclab.foot_wrenches import FEET
from vla_humanoid.sims.isaaclab.properties import world_paths

if TYPE_CHECKING:
    from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv


def apply_motor_strength(env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
    """Axis "actuator_strength": give each motor its episode's strength."""
    for k in env_ids.tolist():
        strength = env.episodes[k].episode.dynamics.strength
        env.worlds.robots.strength[k] = strength or 1.0


def apply_joint_friction(env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
    """Axis "joint_friction": scale the friction in each robot's joints."""
    env.worlds.joint_friction.scale(
        {k: env.episodes[k].episode.dynamics.friction_scale for k in env_ids.tolist()}
    )


def apply_masses(env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
    """Axis "object_mass": give each thing its mass."""
    if env.worlds.masses is not None:
        masses = {k: {b: t.mass for b, t in env.things(k).items()} for k in env_ids.tolist()}
        env.worlds.masses.set(masses)


def apply_friction(env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
    """Axes "object_friction" and "floor_friction": give things and soles theirs."""
    surfaces = env.surfaces
    if surfaces is None:
        return
    coefficients: dict[str, float] = {}
    for k in env_ids.tolist():
        floor = env.episodes[k].episode.scene.floor_friction
        for path in world_paths("Robot/{}", [k], FEET):
            coefficients[path] = floor
        for body, thing in env.things(k).items():
            (path,) = world_paths("Thing_{}", [k], [body])
            coefficients[path] = thing.friction
    surfaces.set(coefficients)


def apply_colors(env: "HumanoidBatchEnv", env_ids: torch.Tensor) -> None:
    """Give things and landmarks the colours that sentences call them by, where they are seen."""
    paint = env.paint
    if paint is None:
        return
    colors: dict[str, Rgb] = {}
    for k in env_ids.tolist():
        things = {f"Thing_{body}": thing for body, thing in env.things(k).items()}
        marks = {f"Fixture_{body}": mark for body, mark in env.landmarks(k).items()}
        for prim, thing in {**things, **marks}.items():
            for part, rgb in part_colors(thing).items():
                (path,) = world_paths(f"{prim}/{{}}", [k], [part])
                colors[path] = rgb
    paint.paint(colors)


@configclass
class EpisodeEvents:
    """What happens at every reset; add events of Isaac Lab's or of your own to it."""

    motor_strength = EventTermCfg(func=apply_motor_strength, mode="reset")
    joint_friction = EventTermCfg(func=apply_joint_friction, mode="reset")
    masses = EventTermCfg(func=apply_masses, mode="reset")
    friction = EventTermCfg(func=apply_friction, mode="reset")
    colors = EventTermCfg(func=apply_colors, mode="reset")
