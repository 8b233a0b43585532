"""What a world looks like, as bodies with shapes, and where its bodies are.

It has a model of its own for that: any engine's world states will do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import mujoco
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.assets.payload import Payload
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.schema import FloatArray, Pose, WorldState
from vla_humanoid.sims.mujoco_state import MujocoStateMap, add_foot_sensors

ShapeKind: TypeAlias = Literal["plane", "sphere", "capsule", "ellipsoid", "cylinder", "box", "mesh"]
Faces: TypeAlias = NDArray[np.int32]

WORLD = "world"
"""The body that everything fixed belongs to; it never moves."""
ENDLESS = 20.0
"""Half the edge of a plane that has no edge [m]."""

_KINDS: dict[int, ShapeKind] = {
    int(mujoco.mjtGeom.mjGEOM_PLANE): "plane",
    int(mujoco.mjtGeom.mjGEOM_SPHERE): "sphere",
    int(mujoco.mjtGeom.mjGEOM_CAPSULE): "capsule",
    int(mujoco.mjtGeom.mjGEOM_ELLIPSOID): "ellipsoid",
    int(mujoco.mjtGeom.mjGEOM_CYLINDER): "cylinder",
    int(mujoco.mjtGeom.mjGEOM_BOX): "box",
    int(mujoco.mjtGeom.mjGEOM_MESH): "mesh",
}
_WALL = "_wall"
"""Ends the names of walls."""
_UNSET = (0.5, 0.5, 0.5, 1.0)
"""Colour of a geom that leaves it to its material."""


@dataclass(frozen=True)
class VisualShape:
    """A visible shape, fixed to a body.

    Args:
        kind: what it is; round ones stand along their z axis.
        size: [m]. Half extents of a plane (its third is 0), box or ellipsoid; radius, half the
            length without caps, and 0 of a capsule or cylinder; radius, 0 and 0 of a sphere; 1, 1
            and 1 of a mesh.
        pose: in the body's frame.
        color: red, green, blue, as a screen takes them, each in [0, 1].
        opacity: in [0, 1].
        vertices: of a mesh [m], shape (n, 3); of others (0, 3).
        faces: of a mesh, counter-clockwise from outside, shape (m, 3); of others (0, 3).
    """

    kind: ShapeKind
    size: tuple[float, float, float]
    pose: Pose
    color: tuple[float, float, float]
    opacity: float
    vertices: FloatArray
    faces: Faces


@dataclass(frozen=True)
class VisualBody:
    """A body and the shapes that move with it; `WORLD` has those that do not move."""

    name: str
    shapes: tuple[VisualShape, ...]


class VisualWorld:
    """The looks of an episode's world, without its walls: those hide it from whoever looks in.

    Args:
        scene: everything around the robot.
        payload: what the robot's torso carries, or None.
    """

    def __init__(self, scene: Scene, payload: Payload | None = None) -> None:
        spec = build_world(scene, payload=payload)
        add_foot_sensors(spec)
        self._model = spec.compile()
        self._data = mujoco.MjData(self._model)
        self._map = MujocoStateMap(self._model)
        self.bodies = tuple(
            VisualBody(self._model.body(body).name, tuple(self._shapes(body)))
            for body in range(int(self._model.nbody))
        )
        """Every body that there is, `WORLD` first."""

    def poses(self, state: WorldState) -> dict[str, Pose]:
        """Return where every body is, world frame.

        Raises:
            ValueError: if the state lacks an object of this world.
        """
        self._map.write(state, self._data)
        mujoco.mj_kinematics(self._model, self._data)
        return {
            body.name: Pose(position.copy(), quat.copy())
            for body, position, quat in zip(
                self.bodies, self._data.xpos, self._data.xquat, strict=True
            )
        }

    def _shapes(self, body: int) -> Iterator[VisualShape]:
        model = self._model
        first = int(model.body_geomadr[body])
        for geom in range(first, first + int(model.body_geomnum[body])):
            is_wall = model.geom(geom).name.endswith(_WALL)
            if int(model.geom_group[geom]) == VISIBLE_GROUP and not is_wall:
                yield self._shape(geom)

    def _shape(self, geom: int) -> VisualShape:
        model = self._model
        kind = _KINDS[int(model.geom_type[geom])]
        vertices, faces = np.zeros((0, 3)), np.zeros((0, 3), np.int32)
        x, y, z = model.geom_size[geom].tolist()
        if kind == "mesh":
            vertices, faces = self._mesh(int(model.geom_dataid[geom]))
            x, y, z = 1.0, 1.0, 1.0
        elif kind == "plane":
            x, y, z = x or ENDLESS, y or ENDLESS, 0.0
        red, green, blue, opacity = self._color(geom)
        return VisualShape(
            kind=kind,
            size=(x, y, z),
            pose=Pose(model.geom_pos[geom].copy(), model.geom_quat[geom].copy()),
            color=(red, green, blue),
            opacity=opacity,
            vertices=vertices,
            faces=faces,
        )

    def _mesh(self, mesh: int) -> tuple[FloatArray, Faces]:
        model = self._model
        start, count = int(model.mesh_vertadr[mesh]), int(model.mesh_vertnum[mesh])
        first, number = int(model.mesh_faceadr[mesh]), int(model.mesh_facenum[mesh])
        vertices = model.mesh_vert[start : start + count].astype(np.float64)
        return vertices, model.mesh_face[first : first + number].astype(np.int32)

    def _color(self, geom: int) -> tuple[float, float, float, float]:
        """Return red, green, blue and opacity; of a texture its mean."""
        model = self._model
        own = model.geom_rgba[geom].astype(np.float64)
        material = int(model.geom_matid[geom])
        if material >= 0 and np.allclose(own, _UNSET):
            own = model.mat_rgba[material] * self._mean_color(material)
        red, green, blue, opacity = own.tolist()
        return red, green, blue, opacity

    def _mean_color(self, material: int) -> FloatArray:
        model = self._model
        texture = int(model.mat_texid[material][int(mujoco.mjtTextureRole.mjTEXROLE_RGB)])
        if texture < 0:
            return np.ones(4)
        start, channels = int(model.tex_adr[texture]), int(model.tex_nchannel[texture])
        pixels = int(model.tex_height[texture]) * int(model.tex_width[texture])
        image = model.tex_data[start : start + pixels * channels].reshape(pixels, channels)
        return np.append(image[:, :3].mean(axis=0) / 255.0, 1.0)
