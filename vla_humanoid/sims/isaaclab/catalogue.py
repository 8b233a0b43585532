"""One of everything that a scene may hold, to be written as USD files once and read ever after.

Isaac Lab fixes the bodies of its worlds when it makes them, and episodes differ in theirs. So every
world gets a stock of bodies out of this catalogue, and an episode moves those that it needs.
"""

from pathlib import Path
from typing import get_args

import mujoco

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import (
    Container,
    ContainerShape,
    GraspableObject,
    Landmark,
    LandmarkShape,
    Scene,
    Shape,
    Table,
)
from vla_humanoid.assets.usd.export import UsdFiles, export_usd
from vla_humanoid.assets.world import build_world
from vla_humanoid.sims.isaaclab.asset_files import TABLE, landmark_asset, object_asset

_COLOR = "white"


def catalogue_world() -> mujoco.MjSpec:
    """Build a world with the robot and one of everything, each a free body, at nominal size."""
    objects = tuple(
        GraspableObject(
            name=object_asset(shape),
            shape=shape,
            color=_COLOR,
            rgb=COLORS[_COLOR],
            position=(1.0 + 0.3 * k, 2.0, 0.5),
            mass=OBJECTS[shape].mass,
        )
        for k, shape in enumerate(get_args(Shape))
    )
    containers = tuple(
        Container(
            name=object_asset(shape),
            shape=shape,
            color=_COLOR,
            rgb=COLORS[_COLOR],
            position=(1.0 + 0.5 * k, 3.0, 0.5),
            mass=CONTAINERS[shape].mass,
        )
        for k, shape in enumerate(get_args(ContainerShape))
    )
    landmarks = tuple(
        Landmark(landmark_asset(shape), shape, _COLOR, COLORS[_COLOR], (1.0 + k, 5.0))
        for k, shape in enumerate(get_args(LandmarkShape))
    )
    spec = build_world(
        Scene(table=Table(), objects=objects, containers=containers, landmarks=landmarks)
    )
    for name in (TABLE, *(landmark.name for landmark in landmarks)):
        # What is fixed in MuJoCo is kinematic in Isaac Lab, where it is a body like the others.
        spec.body(name).add_freejoint(name=f"{name}_joint")
    return spec


def export_catalogue(directory: Path, *, overwrite: bool = False) -> UsdFiles:
    """Write the catalogue as USD files; it needs the extra ``physx``.

    Raises:
        UsdExportError: as `export_usd`.
    """
    return export_usd(catalogue_world(), directory, overwrite=overwrite)
