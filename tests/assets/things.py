"""Builds small scenes out of the libraries and lets them run, for the tests of this room."""

import mujoco
import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import COLORS, OBJECTS
from vla_humanoid.assets.scene import (
    Container,
    ContainerShape,
    GraspableObject,
    Scene,
    Shape,
    Table,
)
from vla_humanoid.assets.scenery import add_scene

HEIGHT = Table().height


def thing(
    shape: Shape,
    x: float = 0.45,
    y: float = 0.0,
    *,
    above: float = 0.0,
    scale: float = 1.0,
    friction: float = 1.0,
) -> GraspableObject:
    """Return an object of the library that stands at a height above the table."""
    model = OBJECTS[shape]
    return GraspableObject(
        name=shape.replace(" ", "_"),
        shape=shape,
        color="red",
        rgb=COLORS["red"],
        position=(x, y, HEIGHT + above + scale * model.half_height),
        quat_wxyz=(np.cos(0.2), 0.0, 0.0, np.sin(0.2)),
        scale=scale,
        mass=model.mass,
        friction=friction,
    )


def box(shape: ContainerShape, x: float = 0.45, y: float = 0.0, *, scale: float = 1.0) -> Container:
    """Return a container of the library that stands on the table."""
    return Container(
        name=shape,
        shape=shape,
        color="blue",
        rgb=COLORS["blue"],
        position=(x, y, HEIGHT),
        scale=scale,
        mass=CONTAINERS[shape].mass,
    )


def on_table(*things: GraspableObject | Container) -> Scene:
    """Return a scene of a table and things."""
    return Scene(
        table=Table(),
        objects=tuple(t for t in things if isinstance(t, GraspableObject)),
        containers=tuple(t for t in things if isinstance(t, Container)),
    )


def compiled(scene: Scene) -> mujoco.MjModel:
    """Return the model of a scene."""
    spec = with_options(mujoco.MjSpec())
    add_scene(spec, scene)
    return spec.compile()


def with_options(spec: mujoco.MjSpec) -> mujoco.MjSpec:
    """Return a spec after giving it the solver options that worlds have."""
    spec.option.timestep = 0.002
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10.0
    return spec


def run(model: mujoco.MjModel, data: mujoco.MjData, seconds: float) -> None:
    """Simulate for a time."""
    mujoco.mj_step(model, data, nstep=round(seconds / model.opt.timestep))
