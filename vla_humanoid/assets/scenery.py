"""The room: floor, walls, table, lights, and everything that stands on the table or the floor."""

import math
from collections.abc import Iterable
from itertools import pairwise

import mujoco
import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.fixture_bodies import add_fixture, add_static_box
from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.floor_marks import add_landmark, add_paths
from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.object_bodies import add_body, add_finishes
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import (
    Lighting,
    Rgb,
    Scene,
    Table,
    Vec3,
    floor_height,
    floor_quat,
)
from vla_humanoid.assets.table_marks import add_table_marks
from vla_humanoid.assets.textures import SIZE, TEXTURES

FLOOR_MARGIN = 1.0
"""How far the floor is drawn beyond the walls [m]; it bears weight beyond."""
FLOOR_TILE, TABLE_TILE = 1.0, 0.6
"""Length that one image of a texture covers [m]."""
TOP_THICKNESS = 0.03
LEG_WIDTH = 0.05
"""[m]"""
WALL_RGB: Rgb = (0.80, 0.80, 0.78)
SURFACE_FRICTION = (0.3, 0.005, 0.0001)
"""Of floor, tables and landmarks, low: a contact takes the larger of two frictions, so that soles,
hands and things each bring their own."""
WALL_DISTANCE, WALL_HEIGHT = 3.0, 2.8
"""Of the walls from the origin, and their height [m]."""
HALL_DISTANCE, HALL_MARGIN = 6.0, 2.0
"""Where there is something to walk to: least distance of the walls from the origin, and from the
farthest thing [m]."""
STEEPEST_FLOOR = math.radians(30.0)
"""[rad]"""
LIGHT_DISTANCE = 3.0
"""How far the drawn key light is from the origin; it is directional [m]."""


def add_scene(spec: mujoco.MjSpec, scene: Scene) -> None:
    """Add a room with everything in it to a world.

    Every object and container becomes a free body of its name with a joint ``<name>_joint``; the
    table is a fixed body ``table``, the floor a geom ``floor``; landmarks, boxes, painted lines and
    spots are fixed bodies of their names; see `add_fixture` for fixtures. The soles' part of
    `Scene.floor_friction` is theirs to bring.

    Raises:
        ValueError: if a name occurs twice, or a shape or texture is unknown; the message lists
            what there is. Or if a line has no length, or the floor is too steep or has a negative
            friction.
    """
    _check(scene)
    add_finishes(spec)
    distance = wall_distance(scene)
    _add_floor(spec, scene, distance + FLOOR_MARGIN)
    _add_walls(spec, scene.floor_slope, distance)
    _add_lighting(spec, scene.lighting)
    if scene.table is not None:
        _add_table(spec, scene.table)
    for thing in scene.objects:
        model = OBJECTS[thing.shape]
        add_body(spec, thing, model.parts, rolls=model.rolls)
    for container in scene.containers:
        add_body(spec, container, CONTAINERS[container.shape].parts)
    for landmark in scene.landmarks:
        add_landmark(spec, landmark, scene.floor_slope, SURFACE_FRICTION)
    add_paths(spec, scene.paths, scene.floor_slope)
    if scene.table is not None:
        add_table_marks(spec, scene.marks, scene.table)
    for fixture in scene.fixtures:
        add_fixture(spec, fixture, FIXTURES[fixture.kind], SURFACE_FRICTION)
    for box in scene.boxes:
        add_static_box(spec, box, SURFACE_FRICTION)


def wall_distance(scene: Scene) -> float:
    """Return how far the walls are from the origin [m].

    Nothing collides with them, so they are out of the way of a robot that walks.
    """
    spots = [landmark.position for landmark in scene.landmarks]
    spots += [point for path in scene.paths for point in path.points]
    spots += [box.position[:2] for box in scene.boxes]
    if not spots:
        return WALL_DISTANCE
    farthest = max(abs(coordinate) for spot in spots for coordinate in spot)
    return max(HALL_DISTANCE, farthest + HALL_MARGIN)


def _check(scene: Scene) -> None:
    things = (
        *scene.objects,
        *scene.containers,
        *scene.landmarks,
        *scene.paths,
        *scene.fixtures,
        *scene.boxes,
        *scene.marks,
    )
    names = [thing.name for thing in things]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(
            f"The name {', '.join(repeated)} occurs more than once in the scene; "
            "give everything in it a name of its own."
        )
    for thing in scene.objects:
        _check_known("object shape", thing.shape, OBJECTS)
    for container in scene.containers:
        _check_known("container shape", container.shape, CONTAINERS)
    for landmark in scene.landmarks:
        _check_known("landmark shape", landmark.shape, LANDMARKS)
    for fixture in scene.fixtures:
        _check_known("fixture kind", fixture.kind, FIXTURES)
    _check_floor(scene)
    _check_known("texture", scene.floor_texture, TEXTURES)
    if scene.table is not None:
        _check_known("texture", scene.table.texture, TEXTURES)


def _check_floor(scene: Scene) -> None:
    for path in scene.paths:
        if len(path.points) < 2 or any(a == b for a, b in pairwise(path.points)):
            raise ValueError(
                f"The line {path.name} needs two or more points, each apart from the one before, "
                f"not {path.points}."
            )
    if max(map(abs, scene.floor_slope)) > STEEPEST_FLOOR:
        raise ValueError(
            f"floor_slope holds angles in radians up to {STEEPEST_FLOOR:.2f}, "
            f"not {scene.floor_slope}."
        )
    if scene.floor_friction < 0.0:
        raise ValueError(f"floor_friction must be at least 0, not {scene.floor_friction}.")


def _check_known(what: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise ValueError(f"Unknown {what} {name!r}; choose one of {', '.join(known)}.")


def _add_floor(spec: mujoco.MjSpec, scene: Scene, half: float) -> None:
    repeat = 2.0 * half / FLOOR_TILE
    sliding, *rest = SURFACE_FRICTION
    spec.worldbody.add_geom(
        name="floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[half, half, 0.1],
        quat=floor_quat(scene.floor_slope),
        material=_add_surface(
            spec, "floor", scene.floor_texture, scene.floor_rgb, (repeat, repeat)
        ),
        group=VISIBLE_GROUP,
        contype=1,
        conaffinity=1,
        # On ice, soles that bring less must not be given this.
        friction=[min(sliding, scene.floor_friction), *rest],
    )


def _add_walls(spec: mujoco.MjSpec, slope: tuple[float, float], distance: float) -> None:
    """Add four walls to look at, down to the floor's lowest corner; nothing touches them."""
    depth = floor_height((abs(slope[0]), abs(slope[1])), distance, distance)
    half_height = 0.5 * (WALL_HEIGHT + depth)
    # A light from above hardly reaches walls, so they shine a little by themselves.
    spec.add_material(name="wall", emission=0.3, specular=0.0)
    for name, x, y in (("front", 1, 0), ("back", -1, 0), ("left", 0, 1), ("right", 0, -1)):
        across = 0.02 + distance * abs(y), 0.02 + distance * abs(x)
        spec.worldbody.add_geom(
            name=f"{name}_wall",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=[*across, half_height],
            pos=[x * distance, y * distance, half_height - depth],
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
