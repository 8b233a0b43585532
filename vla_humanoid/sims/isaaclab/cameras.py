"""The cameras of a world, as sensors of Isaac Lab."""

import math
from collections.abc import Callable

import isaaclab.sim as sim_utils
import numpy as np
from isaaclab.sensors import CameraCfg

from vla_humanoid.assets.cameras import MOUNTINGS
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.engines import Physics

_APERTURE = 20.955
"""Of every camera, horizontal and vertical [mm]."""
_CLIPPING = (0.02, 28.0)
"""[m]"""


def camera_entity(camera: str) -> str:
    """Return the name of a camera among a scene's entities, and of its prim."""
    return f"{camera}_camera"


def camera_cfgs(cameras: tuple[str, ...], size: int, physics: Physics) -> dict[str, CameraCfg]:
    """Return the sensors for some cameras, by the names of their entities.

    Those of the robot are in its USD file. Kit renders by ray tracing; without Kit Newton's Warp
    renderer does, whatever the physics.

    Args:
        cameras: some of `schema.CAMERAS`.
        size: height and width of images [px].
        physics: the engine.
    """
    make = dialect().camera_maker(physics)
    return {camera_entity(camera): _camera_cfg(camera, size, make) for camera in cameras}


def _camera_cfg(camera: str, size: int, make: Callable[..., CameraCfg]) -> CameraCfg:
    mounting, name = MOUNTINGS[camera], camera_entity(camera)
    if mounting.link is not None:
        return make(
            prim_path=f"{{ENV_REGEX_NS}}/Robot/{mounting.link}/{name}",
            spawn=None,
            update_latest_camera_pose=True,  # Else it stays where the robot was made.
            width=size,
            height=size,
        )
    return make(
        prim_path=f"{{ENV_REGEX_NS}}/{name}",
        spawn=sim_utils.PinholeCameraCfg(
            focal_length=0.5 * _APERTURE / math.tan(math.radians(0.5 * mounting.fovy)),
            horizontal_aperture=_APERTURE,
            vertical_aperture=_APERTURE,
            clipping_range=_CLIPPING,
        ),
        offset=CameraCfg.OffsetCfg(
            pos=mounting.position, rot=_looking_along(mounting.forward), convention="world"
        ),
        width=size,
        height=size,
    )


def _looking_along(forward: tuple[float, float, float]) -> tuple[float, float, float, float]:
    """Return the rotation, in Isaac Lab's order, that turns +x to a direction, z up."""
    x, y, z = np.array(forward) / np.linalg.norm(forward)
    yaw, pitch = 0.5 * math.atan2(y, x), -0.5 * math.asin(z)
    wxyz = (
        math.cos(yaw) * math.cos(pitch),
        -math.sin(yaw) * math.sin(pitch),
        math.cos(yaw) * math.sin(pitch),
        math.sin(yaw) * math.cos(pitch),
    )
    a, b, c, d = (wxyz[k] for k in dialect().to_lab)
    return a, b, c, d
