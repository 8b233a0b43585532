"""The whole world as one `mujoco.MjSpec`: robot, scene, cameras and solver options."""

import mujoco
import numpy as np

from vla_humanoid.assets.cameras import add_cameras
from vla_humanoid.assets.g1 import RobotLooks, robot_spec
from vla_humanoid.assets.g1_collision import set_sole_friction
from vla_humanoid.assets.payload import Payload, add_payload
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.scenery import add_scene, wall_distance
from vla_humanoid.schema import PHYSICS_RATE


def build_world(
    scene: Scene, looks: RobotLooks = "primitives", payload: Payload | None = None
) -> mujoco.MjSpec:
    """Build the world of one episode; the robot stands at the origin, facing +x.

    Args:
        scene: everything around the robot.
        looks: of the robot.
        payload: what its torso carries, or None.

    Raises:
        ValueError: as `robot_spec`, `add_payload` and `add_scene`.
    """
    spec = robot_spec(looks)
    spec.modelname = "vla_humanoid"
    _set_options(spec, wall_distance(scene))
    if payload is not None:
        add_payload(spec, payload)
    set_sole_friction(spec, scene.floor_friction)
    add_scene(spec, scene)
    add_cameras(spec, scene.cameras, following=scene.table is None)
    return spec


def _set_options(spec: mujoco.MjSpec, wall_distance: float) -> None:
    option = spec.option
    option.timestep = 1.0 / PHYSICS_RATE
    option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    option.impratio = 10.0  # Elliptic cones with a high ratio keep a grasp from creeping.
    # Too few iterations leave grasp contacts unsolved, and objects fly off: keep the full budget.
    option.iterations = 100
    option.ls_iterations = 50
    # A diverged state must be seen, not silently replaced by the initial one.
    option.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_AUTORESET)
    spec.visual.quality.shadowsize = 0
    spec.visual.quality.offsamples = 0
    spec.visual.quality.numslices = 12
    spec.visual.quality.numstacks = 6
    spec.visual.map.znear = 0.02
    spec.visual.map.zfar = 4.0 * wall_distance  # More than from corner to corner.
    spec.stat.extent = 1.0
    spec.stat.center = np.array([0.3, 0.0, 0.8])
