"""The description of a scene as plain data: what stands where, how it looks, how it is lit.

A `Scene` is sampled by a task, altered by domain randomization and turned into a `mujoco.MjSpec`
by `vla_humanoid.assets.world.build_world`. It imports no engine, and `dataclasses.asdict` of it is
JSON.
"""

import math
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Vec3: TypeAlias = tuple[float, float, float]
Quat: TypeAlias = tuple[float, float, float, float]
Rgb: TypeAlias = tuple[float, float, float]

Shape: TypeAlias = Literal[
    "cube", "block", "cylinder", "can", "ball", "bottle", "mug", "cup", "hexagonal prism", "egg"
]
"""What a hand takes from above; any of them can be among the things on a table."""
SpecialShape: TypeAlias = Literal["box", "baton", "sponge", "hook", "jug", "marble"]
"""What only some tasks have, and hands take in other ways."""
AnyShape: TypeAlias = Shape | SpecialShape
ContainerShape: TypeAlias = Literal["plate", "bowl", "bin", "tray"]
LandmarkShape: TypeAlias = Literal["cone", "pillar", "crate", "barrel", "ball"]
FixtureKind: TypeAlias = Literal[
    "drawer",
    "left-hinged door",
    "right-hinged door",
    "left-hinged room door",
    "right-hinged room door",
    "button",
    "knob",
]


@dataclass(frozen=True)
class GraspableObject:
    """A free rigid body that one hand, or both, can hold.

    Args:
        name: unique in the scene, a valid identifier such as ``red_can``.
        shape: which model of the object library.
        color: a colour name of the object library, used in sentences.
        rgb: the colour it is drawn with (a randomized shade of ``color``), each in [0, 1].
        position: of its origin, the geometric centre [m], world frame.
        quat_wxyz: its orientation, world frame.
        scale: factor on the library size, 1 for nominal.
        mass: [kg].
        friction: Coulomb coefficient of its surface.
    """

    name: str
    shape: AnyShape
    color: str
    rgb: Rgb
    position: Vec3
    quat_wxyz: Quat = (1.0, 0.0, 0.0, 0.0)
    scale: float = 1.0
    mass: float = 0.1
    friction: float = 1.0


@dataclass(frozen=True)
class Container:
    """A free rigid body that things are put in or on; fields as in `GraspableObject`."""

    name: str
    shape: ContainerShape
    color: str
    rgb: Rgb
    position: Vec3
    quat_wxyz: Quat = (1.0, 0.0, 0.0, 0.0)
    scale: float = 1.0
    mass: float = 0.3
    friction: float = 1.0


@dataclass(frozen=True)
class Table:
    """A fixed table.

    Args:
        position: centre of the top surface, x and y [m], world frame.
        height: of the top surface above the floor [m].
        size: full extent of the top along x and y [m].
        rgb: base colour.
        texture: name of a procedural texture of `vla_humanoid.assets.textures`.
    """

    position: tuple[float, float] = (0.52, 0.0)
    height: float = 0.72
    size: tuple[float, float] = (0.6, 1.2)
    rgb: Rgb = (0.72, 0.58, 0.42)
    texture: str = "wood"


@dataclass(frozen=True)
class Landmark:
    """Something large on the floor to walk to or around; it is fixed and solid.

    Args:
        name: unique in the scene, a valid identifier such as ``green_cone``.
        shape: which model of the landmark library.
        color: a colour name, used in sentences.
        rgb: the colour it is drawn with (a randomized shade of ``color``), each in [0, 1].
        position: where it stands on the floor, x and y [m], world frame.
        yaw: about the floor's normal [rad].
        scale: factor on the library size, 1 for nominal.
    """

    name: str
    shape: LandmarkShape
    color: str
    rgb: Rgb
    position: tuple[float, float]
    yaw: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True)
class Fixture:
    """A casing that is fixed to the world, with one part that moves: a drawer, a door, a button.

    Args:
        name: unique in the scene, a valid identifier such as ``red_drawer``.
        kind: which model of the fixture library.
        color: a colour name, used in sentences.
        rgb: the colour its moving part is drawn with (a randomized shade of ``color``), each in
            [0, 1].
        position: of its origin, the middle of the casing's underside [m], world frame.
        yaw: about z [rad]; at 0 its front faces -x, towards a robot that stands at the origin.
        scale: factor on the library size, 1 for nominal.
        opening: where its joint is at first, [m] or [rad]; 0 is shut or at rest.
        resistance: factor on the joint's dry and viscous friction.
    """

    name: str
    kind: FixtureKind
    color: str
    rgb: Rgb
    position: Vec3
    yaw: float = 0.0
    scale: float = 1.0
    opening: float = 0.0
    resistance: float = 1.0


@dataclass(frozen=True)
class StaticBox:
    """A solid box that is fixed to the world: a wall, a shelf, a bar across the way.

    Args:
        name: unique in the scene, a valid identifier such as ``white_wall``.
        color: a colour name, used in sentences.
        rgb: the colour it is drawn with, each in [0, 1].
        size: full extent along its own axes [m].
        position: of its centre [m], world frame.
        yaw: about z [rad].
    """

    name: str
    color: str
    rgb: Rgb
    size: Vec3
    position: Vec3
    yaw: float = 0.0


@dataclass(frozen=True)
class FloorPath:
    """A coloured line painted on the floor, to be seen only.

    Args:
        name: unique in the scene, a valid identifier such as ``yellow_line``.
        color: a colour name, used in sentences.
        rgb: the colour it is drawn with, each in [0, 1].
        points: corners of the line from its start to its end, x and y [m], world frame; two or
            more, each apart from the one before.
        width: of the line [m].
    """

    name: str
    color: str
    rgb: Rgb
    points: tuple[tuple[float, float], ...]
    width: float = 0.06


@dataclass(frozen=True)
class TableMark:
    """A round spot painted on the table, to be seen only.

    Args:
        name: unique in the scene, a valid identifier such as ``blue_spot``.
        color: a colour name, used in sentences.
        rgb: the colour it is drawn with, each in [0, 1].
        position: of its centre, x and y [m], world frame.
        radius: [m].
    """

    name: str
    color: str
    rgb: Rgb
    position: tuple[float, float]
    radius: float


@dataclass(frozen=True)
class Lighting:
    """One directional key light and the ambient level.

    Args:
        direction: in which the key light shines, world frame, need not be normalized.
        diffuse: key light colour.
        ambient: colour of the light that comes from everywhere.
    """

    direction: Vec3 = (0.3, 0.2, -1.0)
    diffuse: Rgb = (0.7, 0.7, 0.7)
    ambient: Rgb = (0.4, 0.4, 0.4)


@dataclass(frozen=True)
class CameraOffset:
    """How a camera deviates from its nominal mounting.

    Args:
        position: shift in the frame the camera is mounted on [m].
        rotation: rotation vector applied in that frame [rad].
        fovy: added to the vertical field of view [deg].
    """

    position: Vec3 = (0.0, 0.0, 0.0)
    rotation: Vec3 = (0.0, 0.0, 0.0)
    fovy: float = 0.0


@dataclass(frozen=True)
class Scene:
    """Everything around the robot.

    Args:
        table: the table, or None.
        objects: graspable objects.
        containers: what they can be put in or on.
        lighting: how the scene is lit.
        floor_texture: name of a procedural texture.
        floor_rgb: base colour of the floor.
        cameras: deviation of each camera that is not at its nominal mounting.
        floor_friction: Coulomb coefficient between the floor and the robot's soles.
        floor_slope: angles by which the floor rises along x and along y [rad]; it is level along a
            line through the origin. See `floor_height`.
        landmarks: what stands on the floor, upright to it.
        paths: lines painted on the floor.
        fixtures: drawers, doors, buttons and the like.
        boxes: walls, shelves and the like.
        marks: spots painted on the table.
    """

    table: Table | None = None
    objects: tuple[GraspableObject, ...] = ()
    containers: tuple[Container, ...] = ()
    lighting: Lighting = Lighting()
    floor_texture: str = "checker"
    floor_rgb: Rgb = (0.55, 0.57, 0.60)
    cameras: dict[str, CameraOffset] = field(default_factory=dict)
    floor_friction: float = 0.9
    floor_slope: tuple[float, float] = (0.0, 0.0)
    landmarks: tuple[Landmark, ...] = ()
    paths: tuple[FloorPath, ...] = ()
    fixtures: tuple[Fixture, ...] = ()
    boxes: tuple[StaticBox, ...] = ()
    marks: tuple[TableMark, ...] = ()


def floor_height(slope: tuple[float, float], x: float, y: float) -> float:
    """Return the height of a floor of the given `Scene.floor_slope` at a point [m], world frame."""
    return math.tan(slope[0]) * x + math.tan(slope[1]) * y


def floor_quat(slope: tuple[float, float]) -> Quat:
    """Return the rotation (w, x, y, z) that tilts a level floor to a `Scene.floor_slope`.

    It is the smallest one: it turns about a horizontal axis.
    """
    rise_x, rise_y = math.tan(slope[0]), math.tan(slope[1])
    # Halfway between the vertical and the floor's normal (-rise_x, -rise_y, 1) / |.|.
    w, x, y = 1.0 + math.sqrt(1.0 + rise_x**2 + rise_y**2), rise_y, -rise_x
    norm = math.sqrt(w**2 + x**2 + y**2)
    return w / norm, x / norm, y / norm, 0.0
