"""Isaac Lab 2.3 inside Isaac Sim 5.1: torch tensors, quaternions (w, x, y, z), PhysX alone.

Nobody has run it yet: tests hold it against the signatures of 2.3.2.
"""

from collections.abc import Callable, Sequence
from typing import cast

import isaaclab.sim as sim_utils
import numpy as np
import torch
from isaaclab.assets import Articulation, RigidObjectCollection
from isaaclab.scene import InteractiveScene, InteractiveSceneCfg
from isaaclab.sensors import SensorBaseCfg, TiledCameraCfg
from isaaclab.sim import CuboidCfg, PhysxCfg, SimulationCfg, UsdFileCfg

from vla_humanoid.sims.isaaclab.dialect import Color, Size
from vla_humanoid.sims.isaaclab.engines import Physics


class Lab23:
    """The dialect of Isaac Lab 2.3."""

    to_lab = np.arange(4)
    to_ours = np.arange(4)
    index_type = torch.int64
    pushes_turn_with_links = True

    def prepare(self, physics: Physics) -> None:
        """See `Dialect.prepare`; Kit has done it."""

    def simulation_cfg(
        self, physics: Physics, *, dt: float, render_interval: int, device: str
    ) -> SimulationCfg:
        """See `Dialect.simulation_cfg`."""
        return SimulationCfg(
            dt=dt,
            render_interval=render_interval,
            device=device,
            physx=PhysxCfg(enable_enhanced_determinism=True, bounce_threshold_velocity=0.0),
        )

    def physics_of(self, cfg: SimulationCfg) -> Physics:
        """See `Dialect.physics_of`."""
        return "physx"

    def scene_cfg(self, num_envs: int, spacing: float) -> InteractiveSceneCfg:
        """See `Dialect.scene_cfg`."""
        return InteractiveSceneCfg(num_envs=num_envs, env_spacing=spacing)

    def file_cfg(self, path: str, *, kinematic: bool) -> UsdFileCfg:
        """See `Dialect.file_cfg`."""
        props = sim_utils.RigidBodyPropertiesCfg(kinematic_enabled=True) if kinematic else None
        return UsdFileCfg(usd_path=path, rigid_props=props)

    def plate_cfg(self, size: Size, friction: float, color: Color) -> CuboidCfg:
        """See `Dialect.plate_cfg`."""
        return CuboidCfg(
            size=size,
            rigid_props=sim_utils.RigidBodyPropertiesCfg(kinematic_enabled=True),
            collision_props=sim_utils.CollisionPropertiesCfg(collision_enabled=True),
            physics_material=sim_utils.RigidBodyMaterialCfg(
                static_friction=friction, dynamic_friction=friction
            ),
            visual_material=sim_utils.PreviewSurfaceCfg(diffuse_color=color),
        )

    def camera_maker(self, physics: Physics) -> Callable[..., TiledCameraCfg]:
        """See `Dialect.camera_maker`; tiled ones draw all worlds at once."""
        return TiledCameraCfg

    def wrench_sensors(self, robot: str) -> dict[str, SensorBaseCfg]:
        """See `Dialect.wrench_sensors`; there the robot's own data has them."""
        return {}

    def joint_wrenches(self, scene: InteractiveScene, robot: Articulation) -> "_ReportedWrenches":
        """See `Dialect.joint_wrenches`."""
        return _ReportedWrenches(robot)

    def as_tensor(self, array: object) -> torch.Tensor:
        """See `Dialect.as_tensor`."""
        return cast("torch.Tensor", array)

    def masses(self, robot: Articulation) -> torch.Tensor:
        """See `Dialect.masses`."""
        return robot.data.default_mass

    def write_root(
        self,
        robot: Articulation,
        pose: torch.Tensor,
        velocity: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_root`."""
        robot.write_root_link_pose_to_sim(root_pose=pose, env_ids=_indices(env_ids))
        robot.write_root_link_velocity_to_sim(root_velocity=velocity, env_ids=_indices(env_ids))

    def write_joints(
        self,
        robot: Articulation,
        position: torch.Tensor,
        velocity: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_joints`."""
        robot.write_joint_state_to_sim(
            position=position, velocity=velocity, env_ids=_indices(env_ids)
        )

    def write_gains(
        self,
        robot: Articulation,
        stiffness: torch.Tensor,
        damping: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_gains`."""
        robot.write_joint_stiffness_to_sim(stiffness=stiffness, env_ids=_indices(env_ids))
        robot.write_joint_damping_to_sim(damping=damping, env_ids=_indices(env_ids))

    def joint_friction(self, robot: Articulation) -> tuple[torch.Tensor, torch.Tensor]:
        """See `Dialect.joint_friction`."""
        return robot.data.joint_friction_coeff, robot.data.joint_viscous_friction_coeff

    def write_joint_friction(
        self,
        robot: Articulation,
        dry: torch.Tensor,
        viscous: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_joint_friction`."""
        robot.write_joint_friction_coefficient_to_sim(
            joint_friction_coeff=dry,
            joint_dynamic_friction_coeff=dry,
            joint_viscous_friction_coeff=viscous,
            env_ids=_indices(env_ids),
        )

    def command(
        self,
        robot: Articulation,
        position: torch.Tensor,
        velocity: torch.Tensor,
        effort: torch.Tensor,
        worlds: list[int],
    ) -> None:
        """See `Dialect.command`."""
        env_ids = _indices(torch.tensor(worlds, device=position.device))
        robot.set_joint_position_target(target=position, env_ids=env_ids)
        robot.set_joint_velocity_target(target=velocity, env_ids=env_ids)
        robot.set_joint_effort_target(target=effort, env_ids=env_ids)

    def push(
        self, robot: Articulation, forces: torch.Tensor, torques: torch.Tensor, link: int
    ) -> None:
        """See `Dialect.push`."""
        composer = robot.permanent_wrench_composer
        # It turns wrenches into the link's frame, by the pose that it saw first after its reset.
        composer.reset()
        composer.set_forces_and_torques(
            forces=forces,
            torques=torques,
            body_ids=torch.tensor([link], device=forces.device),
            is_global=True,
        )

    def body_names(self, collection: RigidObjectCollection) -> list[str]:
        """See `Dialect.body_names`."""
        return list(collection.object_names)

    def body_states(self, collection: RigidObjectCollection) -> tuple[torch.Tensor, torch.Tensor]:
        """See `Dialect.body_states`."""
        data = collection.data
        return data.object_link_pose_w, data.object_link_vel_w

    def write_bodies(
        self,
        collection: RigidObjectCollection,
        poses: torch.Tensor,
        velocities: torch.Tensor | None,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_bodies`."""
        collection.write_object_link_pose_to_sim(object_pose=poses, env_ids=env_ids)
        if velocities is not None:
            collection.write_object_link_velocity_to_sim(
                object_velocity=velocities, env_ids=env_ids
            )

    def body_masses(self, collection: RigidObjectCollection) -> tuple[torch.Tensor, torch.Tensor]:
        """See `Dialect.body_masses`."""
        return collection.data.default_mass[..., 0], collection.data.default_inertia

    def write_body_masses(
        self,
        collection: RigidObjectCollection,
        masses: torch.Tensor,
        inertias: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_body_masses`."""
        # The collection has no setters; its view has body after body, each in all worlds.
        view, ids = collection.root_physx_view, env_ids.cpu()
        bodies = torch.arange(collection.num_objects)[:, None]
        places = (bodies * collection.num_instances + ids).flatten()
        for values, get, put in (
            (masses[..., None], view.get_masses, view.set_masses),
            (inertias, view.get_inertias, view.set_inertias),
        ):
            rows = collection.reshape_view_to_data(get().cpu())
            rows[ids] = values.cpu()
            put(collection.reshape_data_to_view(rows), places)


class _ReportedWrenches:
    """What an articulation of Isaac Lab 2.3 reports; see `JointWrenches`."""

    def __init__(self, robot: Articulation) -> None:
        self._robot = robot

    @property
    def body_names(self) -> list[str]:
        return list(self._robot.body_names)

    def read(self) -> tuple[torch.Tensor, torch.Tensor]:
        wrenches = self._robot.data.body_incoming_joint_wrench_b
        return wrenches[..., :3], wrenches[..., 3:]


def _indices(env_ids: torch.Tensor) -> Sequence[int]:
    return cast("Sequence[int]", env_ids)  # So they are annotated there; they must be tensors.
