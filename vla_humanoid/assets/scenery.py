"""The room: floor, table, lights, and everything that stands on the table."""

from collections.abc import Iterable

import mujoco
import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.assets.object_bodies import add_body, add_finishes
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Lighting, Rgb, Scene, Table, Vec3
from vla_humanoid.assets.textures import SIZE, TEXTURES

FLOOR_EXTENT = 8.0
"""Length and width of the drawn floor [m]; it bears weight beyond."""
FLOOR_TILE, TABLE_TILE = 1.0, 0.6
"""Length that one image of a texture covers [m]."""
TOP_THICKNESS = 0.03
LEG_WIDTH = 0.05
"""[m]"""
WALL_RGB: Rgb = (0.80, 0.80, 0.78)
SURFACE_FRICTION = (0.3, 0.005, 0.0001)
"""Of floor and tables, low: a contact takes the larger of two frictions, so that soles, hands and
things each bring their own."""
WALL_DISTANCE, WALL_HEIGHT = 3.0, 2.8
"""Of the walls from the origin, and their height [m]."""
LIGHT_DISTANCE = 3.0
"""How far the drawn key light is from the origin; it is directional [m]."""


def add_scene(spec: mujoco.MjSpec, scene: Scene) -> None:
    """Add a room with a table and everything on it to a world.

    Every object and container becomes a free body of its name with a joint ``<name>_joint``; the
    table is a fixed body ``table``, the floor a geom ``floor``.

    Raises:
        ValueError: if a name occurs twice, or a shape or texture is unknown; the message lists
            what there is.
    """
    _check(scene)
    add_finishes(spec)
    _add_floor(spec, scene)
    _add_walls(spec)
    _add_lighting(spec, scene.lighting)
    if scene.table is not None:
        _add_table(spec, scene.table)
    for thing in scene.objects:
        model = OBJECTS[thing.shape]
        add_body(spec, thing, model.parts, rolls=model.rolls)
    for container in scene.containers:
        add_body(spec, container, CONTAINERS[container.shape].parts)


def _check(scene: Scene) -> None:
    things = (*scene.objects, *scene.containers)
    names = [thing.name for thing in things]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(
            f"The name {', '.join(repeated)} occurs more than once in the scene; "
            "give every object and container a name of its own."
        )
    for thing in scene.objects:
        _check_known("object shape", thing.shape, OBJECTS)
    for container in scene.containers:
        _check_known("container shape", container.shape, CONTAINERS)
    _check_known("texture", scene.floor_texture, TEXTURES)
    if scene.table is not None:
        _check_known("texture", scene.table.texture, TEXTURES)


def _check_known(what: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise ValueError(f"Unknown {what} {name!r}; choose one of {', '.join(known)}.")


def _add_floor(spec: mujoco.MjSpec, scene: Scene) -> None:
    half = 0.5 * FLOOR_EXTENT
    repeat = FLOOR_EXTENT / FLOOR_TILE
    spec.worldbody.add_geom(
        name="floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[half, half, 0.1],
        material=_add_surface(
            spec, "floor", scene.floor_texture, scene.floor_rgb, (repeat, repeat)
        ),
        group=VISIBLE_GROUP,
        contype=1,
        conaffinity=1,
        friction=SURFACE_FRICTION,
    )


def _add_walls(spec: mujoco.MjSpec) -> None:
    """Add four walls to look at; nothing touches them."""
    half_height = 0.5 * WALL_HEIGHT
    # A light from above hardly reaches walls, so they shine a little by themselves.
    spec.add_material(name="wall", emission=0.3, specular=0.0)
    for name, x, y in (("front", 1, 0), ("back", -1, 0), ("left", 0, 1), ("right", 0, -1)):
        across = 0.02 + WALL_DISTANCE * abs(y), 0.02 + WALL_DISTANCE * abs(x)
        spec.worldbody.add_geom(
            name=f"{name}_wall",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=[*across, half_height],
            pos=[x * WALL_DISTANCE, y * WALL_DISTANCE, half_height],
            rgba=[*WALL_RGB, 1.0],
            material="wall",
            group=VISIBLE_GROUP,
            contype=0,
            conaffinity=0,
        )


def _add_lighting(spec: mujoco.MjSpec, lighting: Lighting) -> None:
    direction = np.array(lighting.direction) / np.linalg.norm(lighting.direction)
    spec.worldbody.add_light(
        name="key_light",
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        pos=(-LIGHT_DISTANCE * direction).tolist(),
        dir=direction.tolist(),
        diffuse=list(lighting.diffuse),
        specular=[0.3, 0.3, 0.3],
        castshadow=False,
    )
    headlight = spec.visual.headlight
    headlight.ambient[:] = lighting.ambient
    headlight.diffuse[:] = 0.1
    headlight.specular[:] = 0.0


def _add_table(spec: mujoco.MjSpec, table: Table) -> None:
    x, y = table.position
    half_x, half_y = 0.5 * table.size[0], 0.5 * table.size[1]
    half_top, half_leg = 0.5 * TOP_THICKNESS, 0.5 * LEG_WIDTH
    leg_height = table.height - TOP_THICKNESS
    repeat = table.size[0] / TABLE_TILE, table.size[1] / TABLE_TILE
    _add_surface(spec, "table", table.texture, table.rgb, repeat)
    body = spec.worldbody.add_body(name="table", pos=[x, y, table.height])
    boxes: list[tuple[str, Vec3, Vec3]] = [
        ("table_top", (half_x, half_y, half_top), (0.0, 0.0, -half_top))
    ]
    for name, sx, sy in (("0", 1, 1), ("1", 1, -1), ("2", -1, 1), ("3", -1, -1)):
        corner = sx * (half_x - LEG_WIDTH), sy * (half_y - LEG_WIDTH)
        size = half_leg, half_leg, 0.5 * leg_height
        boxes.append((f"table_leg_{name}", size, (*corner, -TOP_THICKNESS - 0.5 * leg_height)))
    for name, size, position in boxes:
        is_top = name == "table_top"
        body.add_geom(
            name=name,
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=list(size),
            pos=list(position),
            material="table" if is_top else "plastic",
            rgba=[1.0, 1.0, 1.0, 1.0] if is_top else [*(0.7 * np.array(table.rgb)), 1.0],
            group=VISIBLE_GROUP,
            contype=1,
            conaffinity=1,
            friction=SURFACE_FRICTION,
        )


def _add_surface(
    spec: mujoco.MjSpec, name: str, texture: str, rgb: Rgb, repeat: tuple[float, float]
) -> str:
    """Add a textured material; return its name."""
    image = spec.add_texture(
        name=name, type=mujoco.mjtTexture.mjTEXTURE_2D, width=SIZE, height=SIZE, nchannel=3
    )
    image.data = TEXTURES[texture](rgb).tobytes()
    material = spec.add_material(name=name, texrepeat=list(repeat), specular=0.1, shininess=0.1)
    material.textures[int(mujoco.mjtTextureRole.mjTEXROLE_RGB)] = name
    return name
