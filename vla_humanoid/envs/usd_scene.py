"""Exports what an environment simulates as USD files: the world of an episode, or the robot."""

from collections.abc import Iterable
from pathlib import Path

import mujoco

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.assets.usd.export import UsdFiles, export_usd
from vla_humanoid.assets.usd.requirements import UsdExportError
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.controllers import joint_mode_gains
from vla_humanoid.envs.episode import sample_episode
from vla_humanoid.schema import PHYSICS_RATE
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.randomization import AXES, resolve_axes


def export_episode(
    task: str,
    seed: int,
    directory: Path,
    *,
    randomization: str | Iterable[str] = "default",
    overwrite: bool = False,
) -> UsdFiles:
    """Export the world in which an environment's episode of this seed begins.

    Motor strength and joint friction stay nominal: engines set them when they run.

    Args:
        task: its name, such as "PickPlace".
        seed: of the episode, >= 0.
        directory: to write to.
        randomization: "default", "none", or names of axes.
        overwrite: replace an earlier export there.

    Raises:
        UsdExportError: if the request is wrong, or as `export_usd`.
    """
    if seed < 0:
        raise UsdExportError(f"seed must be at least 0, not {seed}.")
    try:
        loaded, axes = load_task(task), resolve_axes(randomization)
    except ValueError as error:
        raise UsdExportError(str(error)) from error
    ordered = tuple(axis for axis in AXES if axis in axes)
    episode = sample_episode(loaded, seed, ordered, None)
    spec = build_world(episode.scene, payload=episode.dynamics.payload)
    return export_usd(_holding(spec), directory, overwrite=overwrite)


def export_robot(directory: Path, *, overwrite: bool = False) -> UsdFiles:
    """Export the robot alone, without anything to stand on.

    Raises:
        UsdExportError: as `export_usd`.
    """
    spec = robot_spec()
    spec.option.timestep = 1.0 / PHYSICS_RATE
    return export_usd(_holding(spec), directory, overwrite=overwrite)


def _holding(spec: mujoco.MjSpec) -> mujoco.MjSpec:
    """Give every motor the gains of control mode ``joints``; those of others change as it runs."""
    for name, stiffness, damping in zip(JOINT_NAMES, *joint_mode_gains(), strict=True):
        motor = spec.actuator(name)
        motor.gainprm[0] = stiffness
        motor.biasprm[1], motor.biasprm[2] = -stiffness, -damping
    return spec
