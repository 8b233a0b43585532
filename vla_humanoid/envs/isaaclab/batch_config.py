"""What can be chosen when a batch of environments is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from vla_humanoid.envs.config import make_config
from vla_humanoid.sims.engine_names import ISAAC_LAB
from vla_humanoid.sims.isaaclab.engines import Physics
from vla_humanoid.sims.isaaclab.release import choose_physics
from vla_humanoid.tasks.core.randomization import AXES, resolve_axes

UNSUPPORTED_AXES = ("object_size", "lighting", "colors", "textures", "camera", "payload")
"""Axes that need other bodies or other looks than a running world can be given."""
SURFACE_AXES = ("object_friction", "floor_friction")
"""Axes that only OvPhysX lets a running world follow."""
MOST_ENVS = 65536


@dataclass(frozen=True)
class BatchConfig:
    """The whole configuration of a batch.

    Args:
        task: its name, such as "PickPlace".
        control_mode: what actions mean.
        cameras: which images are observed.
        image_size: height and width of images [px].
        randomization: the axes of domain randomization that are on.
        num_envs: number of worlds.
        physics: "ovphysx", "newton" or "physx".
        device: "cpu" or "cuda:0".
        copies: how many bodies of each shape every world has.
        stock_seeds: if not empty, the worlds have what the episodes of these seeds need instead.
        engine: "isaaclab".
    """

    task: str
    control_mode: str
    cameras: tuple[str, ...]
    image_size: int
    randomization: tuple[str, ...]
    num_envs: int
    physics: Physics
    device: str
    copies: int
    stock_seeds: tuple[int, ...]
    engine: str = ISAAC_LAB


class BatchOptions(TypedDict, total=False):
    """Keyword arguments of `make_batch_config`."""

    engine: str
    control_mode: str
    cameras: Iterable[str]
    image_size: int
    randomization: str | Iterable[str]
    num_envs: int
    physics: str | None
    device: str
    copies: int
    stock_seeds: Iterable[int]


def make_batch_config(
    task: str,
    *,
    engine: str = ISAAC_LAB,
    control_mode: str = "end_effector",
    cameras: Iterable[str] = (),
    image_size: int = 224,
    randomization: str | Iterable[str] = "default",
    num_envs: int = 1,
    physics: str | None = None,
    device: str = "cpu",
    copies: int = 3,
    stock_seeds: Iterable[int] = (),
) -> BatchConfig:
    """Return a checked configuration from what a user wrote.

    Args:
        task: its name.
        engine: "isaaclab".
        control_mode: what actions mean.
        cameras: which images are observed; none by default, for they take most of the time.
        image_size: height and width of images [px].
        randomization: "default", which is every axis that a running world can follow, "none", or
            names of axes.
        num_envs: number of worlds, each with an episode of its own.
        physics: "ovphysx" is PhysX without Kit, "newton" is Newton with MuJoCo Warp, "physx" is
            PhysX inside Isaac Sim, the only one of Isaac Lab 2.3. None for "ovphysx" where there
            is that.
        device: what physics runs on, "cpu" or "cuda:0".
        copies: how many bodies of each shape every world has; a seed whose scene needs more of one
            cannot be had.
        stock_seeds: seeds whose episodes alone are wanted; worlds then have fewer bodies.

    Raises:
        ValueError: if a value is unknown or out of range; the message lists the valid ones.
        IsaacLabUnavailable: if the installed Isaac Lab is too old.
    """
    if engine != ISAAC_LAB:
        raise ValueError(f"engine must be {ISAAC_LAB!r} here, not {engine!r}.")
    chosen = choose_physics(physics)
    single = make_config(
        task,
        control_mode=control_mode,
        cameras=cameras,
        image_size=image_size,
        randomization=_supported(randomization, chosen),
        render_mode=None,
    )
    if not 1 <= num_envs <= MOST_ENVS:
        raise ValueError(f"num_envs must lie in [1, {MOST_ENVS}], not {num_envs}.")
    if copies < 1:
        raise ValueError(f"copies must be at least 1, not {copies}.")
    return BatchConfig(
        task=task,
        control_mode=single.control_mode,
        cameras=single.cameras,
        image_size=single.image_size,
        randomization=single.randomization,
        num_envs=num_envs,
        physics=chosen,
        device=device,
        copies=copies,
        stock_seeds=tuple(stock_seeds),
    )


def _supported(randomization: str | Iterable[str], physics: Physics) -> str | tuple[str, ...]:
    """Return axes without those that a running world cannot follow.

    Raises:
        ValueError: if one of those is asked for by name.
    """
    words = (randomization,) if isinstance(randomization, str) else tuple(randomization)
    followed = [axis for axis in AXES if axis not in UNSUPPORTED_AXES]
    if physics != "ovphysx":
        followed = [axis for axis in followed if axis not in SURFACE_AXES]
    axes = resolve_axes(words)
    if refused := sorted(axis for axis in words if axis in AXES and axis not in followed):
        raise ValueError(
            f"Worlds of Isaac Lab with physics={physics!r} cannot randomize {', '.join(refused)}; "
            f"choose 'default', which leaves it out, or some of {', '.join(followed)}."
        )
    return tuple(axis for axis in followed if axis in axes) or "none"
