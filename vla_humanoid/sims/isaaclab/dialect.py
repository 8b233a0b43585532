"""What the rest of these rooms asks, where releases of Isaac Lab differ.

Each release has a class: `Lab3` and `Lab23`. Nothing else knows which of them is installed.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.sims.isaaclab.engines import Physics
from vla_humanoid.sims.isaaclab.release import LAB_23, usable_release

if TYPE_CHECKING:
    import torch
    from isaaclab.assets import Articulation, RigidObjectCollection
    from isaaclab.scene import InteractiveScene, InteractiveSceneCfg
    from isaaclab.sensors import CameraCfg, SensorBaseCfg
    from isaaclab.sim import CuboidCfg, SimulationCfg, UsdFileCfg

Color: TypeAlias = tuple[float, float, float]
Size: TypeAlias = tuple[float, float, float]


class JointWrenches(Protocol):
    """The wrenches in the joints of all worlds' robots, from parent to child."""

    @property
    def body_names(self) -> list[str]:
        """Names of the child bodies, in the order of `read`."""
        ...

    def read(self) -> tuple["torch.Tensor", "torch.Tensor"]:
        """Return forces [N] and torques [N m], each of shape (worlds, bodies, 3).

        Both are in the frame of the joint on its child's side, torques about its origin.
        """
        ...


class Dialect(Protocol):
    """One release's names, arguments and layouts; tensors are of single precision."""

    to_lab: NDArray[np.intp]
    """Which numbers of a quaternion (w, x, y, z) make one of Isaac Lab's, in its order."""
    to_ours: NDArray[np.intp]
    """Which numbers of Isaac Lab's quaternion make one (w, x, y, z)."""
    index_type: "torch.dtype"
    """Of tensors that hold numbers of worlds."""
    pushes_turn_with_links: bool
    """Whether a force that is given in the world's frame turns with the link afterwards."""

    def prepare(self, physics: Physics) -> None:
        """Prepare this process for an engine, before any world is made."""
        ...

    def simulation_cfg(
        self, physics: Physics, *, dt: float, render_interval: int, device: str
    ) -> "SimulationCfg":
        """Return the configuration of a simulation; ``dt`` is a physics step [s]."""
        ...

    def physics_of(self, cfg: "SimulationCfg") -> Physics:
        """Return the engine of a simulation's configuration."""
        ...

    def scene_cfg(self, num_envs: int, spacing: float) -> "InteractiveSceneCfg":
        """Return the configuration of an empty scene; worlds are ``spacing`` apart [m]."""
        ...

    def file_cfg(self, path: str, *, kinematic: bool) -> "UsdFileCfg":
        """Return what spawns a rigid body from a USD file; it can be made kinematic."""
        ...

    def plate_cfg(self, size: Size, friction: float, color: Color) -> "CuboidCfg":
        """Return what spawns a kinematic cuboid; its size is in m."""
        ...

    def camera_maker(self, physics: Physics) -> Callable[..., "CameraCfg"]:
        """Return what makes a camera's configuration from the fields of `CameraCfg`."""
        ...

    def wrench_sensors(self, robot: str) -> dict[str, "SensorBaseCfg"]:
        """Return the entities of a scene that `joint_wrenches` reads, by name.

        Args:
            robot: prim path of the robot.
        """
        ...

    def joint_wrenches(self, scene: "InteractiveScene", robot: "Articulation") -> JointWrenches:
        """Return what reads the wrenches in a robot's joints."""
        ...

    def as_tensor(self, array: object) -> "torch.Tensor":
        """Return the tensor behind an array of Isaac Lab's data; it is not copied."""
        ...

    def masses(self, robot: "Articulation") -> "torch.Tensor":
        """Return the masses of a robot's links [kg], shape (worlds, links)."""
        ...

    def write_root(
        self,
        robot: "Articulation",
        pose: "torch.Tensor",
        velocity: "torch.Tensor",
        env_ids: "torch.Tensor",
    ) -> None:
        """Put root links somewhere: shapes (ids, 7) and (ids, 6), of the link's own frame."""
        ...

    def write_joints(
        self,
        robot: "Articulation",
        position: "torch.Tensor",
        velocity: "torch.Tensor",
        env_ids: "torch.Tensor",
    ) -> None:
        """Put all joints somewhere [rad, rad/s], shape (ids, joints)."""
        ...

    def write_gains(
        self,
        robot: "Articulation",
        stiffness: "torch.Tensor",
        damping: "torch.Tensor",
        env_ids: "torch.Tensor",
    ) -> None:
        """Set the gains of all drives [N m/rad, N m s/rad], shape (ids, joints)."""
        ...

    def joint_friction(self, robot: "Articulation") -> tuple["torch.Tensor", "torch.Tensor"]:
        """Return dry [N m] and viscous [N m s/rad] friction, each of shape (worlds, joints)."""
        ...

    def write_joint_friction(
        self,
        robot: "Articulation",
        dry: "torch.Tensor",
        viscous: "torch.Tensor",
        env_ids: "torch.Tensor",
    ) -> None:
        """Set the friction in all joints, at rest and in motion, shape (ids, joints)."""
        ...

    def command(
        self,
        robot: "Articulation",
        position: "torch.Tensor",
        velocity: "torch.Tensor",
        effort: "torch.Tensor",
        worlds: list[int],
    ) -> None:
        """Set the targets of all drives, and torques [N m] beside them, shape (worlds, joints)."""
        ...

    def push(
        self, robot: "Articulation", forces: "torch.Tensor", torques: "torch.Tensor", link: int
    ) -> None:
        """Apply wrenches at a link's centre of mass, in the world's frame, until the next call.

        Args:
            robot: of all worlds.
            forces: [N], shape (worlds, 1, 3).
            torques: [N m], shape (worlds, 1, 3).
            link: its number.
        """
        ...

    def body_names(self, collection: "RigidObjectCollection") -> list[str]:
        """Return the names of a collection's bodies, in the engine's order."""
        ...

    def body_states(
        self, collection: "RigidObjectCollection"
    ) -> tuple["torch.Tensor", "torch.Tensor"]:
        """Return poses and velocities, shapes (worlds, bodies, 7) and (worlds, bodies, 6)."""
        ...

    def write_bodies(
        self,
        collection: "RigidObjectCollection",
        poses: "torch.Tensor",
        velocities: "torch.Tensor | None",
        env_ids: "torch.Tensor",
    ) -> None:
        """Put all bodies somewhere: shapes (ids, bodies, 7) and (ids, bodies, 6)."""
        ...

    def body_masses(
        self, collection: "RigidObjectCollection"
    ) -> tuple["torch.Tensor", "torch.Tensor"]:
        """Return masses [kg] and inertias [kg m^2], shapes (worlds, bodies) and (..., 9)."""
        ...

    def write_body_masses(
        self,
        collection: "RigidObjectCollection",
        masses: "torch.Tensor",
        inertias: "torch.Tensor",
        env_ids: "torch.Tensor",
    ) -> None:
        """Set masses and inertias of all bodies: shapes (ids, bodies) and (ids, bodies, 9)."""
        ...


@cache
def dialect() -> Dialect:
    """Return the dialect of the installed Isaac Lab, which is imported now."""
    if usable_release() is LAB_23:
        from vla_humanoid.sims.isaaclab.lab23 import Lab23

        return cast("Dialect", Lab23())  # Checked by tests, where that release is.
    from vla_humanoid.sims.isaaclab.lab3 import Lab3

    return Lab3()
