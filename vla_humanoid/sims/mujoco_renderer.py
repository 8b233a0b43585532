"""Headless colour, depth and segmentation images of a MuJoCo world."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.sims.graphics import GLContext, create_context

_VISIBLE_GROUPS = (0, 1, 2)
_MAX_GEOMS = 1000


class MujocoRenderer:
    """Renders a model's cameras into square images through a graphics context of its own.

    Args:
        model: the compiled world.
        image_size: height and width of the images [px].

    Raises:
        GraphicsUnavailable: if this machine cannot render.
    """

    def __init__(self, model: mujoco.MjModel, image_size: int) -> None:
        self._size = image_size
        self._model = model
        model.vis.global_.offwidth = model.vis.global_.offheight = image_size
        self._gl: GLContext | None = create_context(image_size, image_size)
        self._gl.make_current()
        self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_50)
        mujoco.mjr_setBuffer(int(mujoco.mjtFramebuffer.mjFB_OFFSCREEN), self._context)
        self._context.readDepthMap = int(mujoco.mjtDepthMap.mjDEPTH_ZEROFAR)
        self._scene = mujoco.MjvScene(model, maxgeom=_MAX_GEOMS)
        self._rect = mujoco.MjrRect(0, 0, image_size, image_size)
        self._option = mujoco.MjvOption()
        self._option.geomgroup[:] = 0
        self._option.geomgroup[list(_VISIBLE_GROUPS)] = 1
        self._option.sitegroup[:] = 0
        self._cameras = {
            model.camera(index).name: _fixed_camera(index) for index in range(int(model.ncam))
        }
        self._body_segments, self.segments = _segments(model)

    def color(self, data: mujoco.MjData, camera: str) -> NDArray[np.uint8]:
        """Return an image, shape (size, size, 3)."""
        self._draw(data, camera)
        image = np.empty((self._size, self._size, 3), dtype=np.uint8)
        mujoco.mjr_readPixels(image, None, self._rect, self._context)
        return np.flipud(image).copy()

    def depth(self, data: mujoco.MjData, camera: str) -> NDArray[np.float32]:
        """Return metric depth along the optical axis [m], shape (size, size)."""
        self._draw(data, camera)
        # With the reversed depth buffer of mjDEPTH_ZEROFAR, 1 lies at the near plane, 0 at the far.
        reversed_depth = np.empty((self._size, self._size), dtype=np.float32)
        mujoco.mjr_readPixels(None, reversed_depth, self._rect, self._context)
        extent = float(self._model.stat.extent)
        near = float(self._model.vis.map.znear) * extent
        far = float(self._model.vis.map.zfar) * extent
        metric = near * far / (near + reversed_depth.astype(np.float64) * (far - near))
        return np.flipud(metric).astype(np.float32)

    def segmentation(self, data: mujoco.MjData, camera: str) -> NDArray[np.int32]:
        """Return, for every pixel, an index into `segments` or -1, shape (size, size)."""
        flags = self._scene.flags
        flags[int(mujoco.mjtRndFlag.mjRND_SEGMENT)] = 1
        flags[int(mujoco.mjtRndFlag.mjRND_IDCOLOR)] = 1
        self._draw(data, camera)
        flags[int(mujoco.mjtRndFlag.mjRND_SEGMENT)] = 0
        flags[int(mujoco.mjtRndFlag.mjRND_IDCOLOR)] = 0
        image = np.empty((self._size, self._size, 3), dtype=np.uint8)
        mujoco.mjr_readPixels(image, None, self._rect, self._context)
        codes = image.astype(np.int64) @ np.array([1, 1 << 8, 1 << 16])
        lookup = np.full(self._scene.ngeom + 1, -1, dtype=np.int32)
        is_geom = int(mujoco.mjtObj.mjOBJ_GEOM)
        for geom in self._scene.geoms[: self._scene.ngeom]:
            if geom.segid >= 0 and int(geom.objtype) == is_geom:
                body = int(self._model.geom_bodyid[geom.objid])
                lookup[geom.segid + 1] = self._body_segments[body]
        return np.flipud(lookup[codes]).copy()

    def close(self) -> None:
        """Release the graphics context; the renderer cannot be used afterwards."""
        if self._gl is not None:
            self._gl.make_current()
            self._context.free()
            self._gl.free()
            self._gl = None

    def _draw(self, data: mujoco.MjData, camera: str) -> None:
        if self._gl is None:
            raise RuntimeError("The renderer is closed.")
        if camera not in self._cameras:
            raise ValueError(
                f"Unknown camera {camera!r}; this world has {', '.join(self._cameras)}."
            )
        self._gl.make_current()
        mujoco.mjv_updateScene(
            self._model,
            data,
            self._option,
            None,
            self._cameras[camera],
            int(mujoco.mjtCatBit.mjCAT_ALL),
            self._scene,
        )
        mujoco.mjr_render(self._rect, self._scene, self._context)


def _fixed_camera(index: int) -> mujoco.MjvCamera:
    camera = mujoco.MjvCamera()
    camera.type = int(mujoco.mjtCamera.mjCAMERA_FIXED)
    camera.fixedcamid = index
    return camera


def _segments(model: mujoco.MjModel) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return for each body the index of its segment, and the segments' names."""
    robot = int(model.body_rootid[model.body("pelvis").id])
    names, index_of_root = ["robot"], {robot: 0}
    segment = np.empty(int(model.nbody), dtype=np.int32)
    for body in range(int(model.nbody)):
        # The world body with the floor is its own root, and so is every body fixed to it.
        root = int(model.body_rootid[body])
        if root not in index_of_root:
            index_of_root[root] = len(names)
            names.append(model.body(root).name)
        segment[body] = index_of_root[root]
    return segment, tuple(names)
