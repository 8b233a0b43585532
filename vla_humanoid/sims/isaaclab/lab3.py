"""Isaac Lab 3: Warp arrays, quaternions (x, y, z, w), several engines with and without Kit."""

from collections.abc import Callable
from functools import partial
from typing import Protocol, cast

import isaaclab.sim as sim_utils
import numpy as np
import torch
from isaaclab.assets import Articulation, RigidObjectCollection
from isaaclab.physics import PhysicsCfg
from isaaclab.scene import InteractiveScene, InteractiveSceneCfg
from isaaclab.sensors import CameraCfg, JointWrenchSensor, JointWrenchSensorCfg, SensorBaseCfg
from isaaclab.sim import CuboidCfg, SimulationCfg, UsdFileCfg
from isaaclab.sim.spawners.materials import UsdPhysicsRigidBodyMaterialCfg
from isaaclab.utils.warp import ProxyArray
from isaaclab_newton.physics import MJWarpSolverCfg, NewtonCfg
from isaaclab_newton.renderers import NewtonWarpRendererCfg
from isaaclab_ov.physics import OvPhysxCfg
from isaaclab_physx.physics import PhysxCfg
from isaaclab_physx.renderers import IsaacRtxRendererCfg

from vla_humanoid.sims.isaaclab.dialect import Color, Size
from vla_humanoid.sims.isaaclab.engines import Physics
from vla_humanoid.sims.isaaclab.lazy_scene import LazyScene

_WRENCHES = "joint_wrenches"


class Lab3:
    """The dialect of Isaac Lab 3."""

    to_lab = np.array([1, 2, 3, 0])
    to_ours = np.array([3, 0, 1, 2])
    index_type = torch.int32
    pushes_turn_with_links = False

    def prepare(self, physics: Physics) -> None:
        """See `Dialect.prepare`."""
        if physics == "ovphysx":
            from vla_humanoid.sims.isaaclab.cpu_only import prepare_ovphysx

            prepare_ovphysx()

    def simulation_cfg(
        self, physics: Physics, *, dt: float, render_interval: int, device: str
    ) -> SimulationCfg:
        """See `Dialect.simulation_cfg`."""
        return SimulationCfg(
            dt=dt, render_interval=render_interval, device=device, physics=_physics_cfg(physics)
        )

    def physics_of(self, cfg: SimulationCfg) -> Physics:
        """See `Dialect.physics_of`."""
        if isinstance(cfg.physics, OvPhysxCfg):
            return "ovphysx"
        return "newton" if isinstance(cfg.physics, NewtonCfg) else "physx"

    def scene_cfg(self, num_envs: int, spacing: float) -> InteractiveSceneCfg:
        """See `Dialect.scene_cfg`."""
        return InteractiveSceneCfg(class_type=LazyScene, num_envs=num_envs, env_spacing=spacing)

    def file_cfg(self, path: str, *, kinematic: bool) -> UsdFileCfg:
        """See `Dialect.file_cfg`."""
        props = sim_utils.UsdPhysicsRigidBodyCfg(kinematic_enabled=True) if kinematic else None
        return UsdFileCfg(usd_path=path, rigid_props=props)

    def plate_cfg(self, size: Size, friction: float, color: Color) -> CuboidCfg:
        """See `Dialect.plate_cfg`."""
        return CuboidCfg(
            size=size,
            rigid_props=sim_utils.UsdPhysicsRigidBodyCfg(kinematic_enabled=True),
            collision_props=sim_utils.UsdPhysicsCollisionCfg(collision_enabled=True),
            physics_material=UsdPhysicsRigidBodyMaterialCfg(
                static_friction=friction, dynamic_friction=friction
            ),
            visual_material=sim_utils.PreviewSurfaceCfg(diffuse_color=color),
        )

    def camera_maker(self, physics: Physics) -> Callable[..., CameraCfg]:
        """See `Dialect.camera_maker`; without Kit, Newton's Warp renderer draws."""
        renderer = IsaacRtxRendererCfg() if physics == "physx" else NewtonWarpRendererCfg()
        return partial(CameraCfg, renderer_cfg=renderer)

    def wrench_sensors(self, robot: str) -> dict[str, SensorBaseCfg]:
        """See `Dialect.wrench_sensors`."""
        return {_WRENCHES: JointWrenchSensorCfg(prim_path=robot)}

    def joint_wrenches(self, scene: InteractiveScene, robot: Articulation) -> "_SensedWrenches":
        """See `Dialect.joint_wrenches`."""
        return _SensedWrenches(scene[_WRENCHES])

    def as_tensor(self, array: object) -> torch.Tensor:
        """See `Dialect.as_tensor`."""
        return cast("ProxyArray", array).torch

    def masses(self, robot: Articulation) -> torch.Tensor:
        """See `Dialect.masses`."""
        return robot.data.body_mass.torch

    def write_root(
        self,
        robot: Articulation,
        pose: torch.Tensor,
        velocity: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_root`."""
        robot.write_root_link_pose_to_sim_index(root_pose=pose, env_ids=env_ids)
        robot.write_root_link_velocity_to_sim_index(root_velocity=velocity, env_ids=env_ids)

    def write_joints(
        self,
        robot: Articulation,
        position: torch.Tensor,
        velocity: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_joints`."""
        robot.write_joint_position_to_sim_index(position=position, env_ids=env_ids)
        robot.write_joint_velocity_to_sim_index(velocity=velocity, env_ids=env_ids)

    def write_gains(
        self,
        robot: Articulation,
        stiffness: torch.Tensor,
        damping: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_gains`."""
        robot.write_joint_stiffness_to_sim_index(stiffness=stiffness, env_ids=env_ids)
        robot.write_joint_damping_to_sim_index(damping=damping, env_ids=env_ids)

    def joint_friction(self, robot: Articulation) -> tuple[torch.Tensor, torch.Tensor]:
        """See `Dialect.joint_friction`."""
        data = cast("_FrictionData", robot.data)
        return data.joint_friction_coeff.torch, data.joint_viscous_friction_coeff.torch

    def write_joint_friction(
        self,
        robot: Articulation,
        dry: torch.Tensor,
        viscous: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_joint_friction`."""
        robot.write_joint_friction_coefficient_to_sim_index(
            joint_friction_coeff=dry,
            joint_dynamic_friction_coeff=dry,
            joint_viscous_friction_coeff=viscous,
            env_ids=env_ids,
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
        target = robot.actuators.target_command
        rows = slice(None) if worlds == [*range(robot.num_instances)] else worlds
        # Isaac Lab's setters would hand each of them to the engine twice.
        target.position.torch[rows] = position
        target.velocity.torch[rows] = velocity
        target.effort.torch[rows] = effort

    def push(
        self, robot: Articulation, forces: torch.Tensor, torques: torch.Tensor, link: int
    ) -> None:
        """See `Dialect.push`."""
        robot.permanent_wrench_composer.set_forces_and_torques_index(
            forces=forces, torques=torques, body_ids=[link], is_global=True
        )

    def body_names(self, collection: RigidObjectCollection) -> list[str]:
        """See `Dialect.body_names`."""
        return list(collection.body_names)

    def body_states(self, collection: RigidObjectCollection) -> tuple[torch.Tensor, torch.Tensor]:
        """See `Dialect.body_states`."""
        data = collection.data
        return data.body_link_pose_w.torch, data.body_link_vel_w.torch

    def write_bodies(
        self,
        collection: RigidObjectCollection,
        poses: torch.Tensor,
        velocities: torch.Tensor | None,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_bodies`."""
        collection.write_body_link_pose_to_sim_index(body_poses=poses, env_ids=env_ids)
        if velocities is not None:
            collection.write_body_link_velocity_to_sim_index(
                body_velocities=velocities, env_ids=env_ids
            )

    def body_masses(self, collection: RigidObjectCollection) -> tuple[torch.Tensor, torch.Tensor]:
        """See `Dialect.body_masses`."""
        return collection.data.body_mass.torch, collection.data.body_inertia.torch

    def write_body_masses(
        self,
        collection: RigidObjectCollection,
        masses: torch.Tensor,
        inertias: torch.Tensor,
        env_ids: torch.Tensor,
    ) -> None:
        """See `Dialect.write_body_masses`."""
        collection.set_masses_index(masses=masses, env_ids=env_ids)
        collection.set_inertias_index(inertias=inertias, env_ids=env_ids)


class _FrictionData(Protocol):
    """What the data of an articulation have on every engine, if not in their base class."""

    @property
    def joint_friction_coeff(self) -> ProxyArray: ...

    @property
    def joint_viscous_friction_coeff(self) -> ProxyArray: ...


class _SensedWrenches:
    """What a sensor of Isaac Lab 3 reports; see `JointWrenches`."""

    def __init__(self, sensor: JointWrenchSensor) -> None:
        self._sensor = sensor

    @property
    def body_names(self) -> list[str]:
        return list(self._sensor.body_names)

    def read(self) -> tuple[torch.Tensor, torch.Tensor]:
        data = self._sensor.data
        if data.force is None or data.torque is None:
            raise RuntimeError("The sensor of joint wrenches has not started yet.")
        return data.force.torch, data.torque.torch


def _physics_cfg(physics: Physics) -> PhysicsCfg:
    match physics:
        case "ovphysx":
            return OvPhysxCfg(enable_enhanced_determinism=True)
        case "physx":
            return PhysxCfg(enable_enhanced_determinism=True, bounce_threshold_velocity=0.0)
        case "newton":
            return NewtonCfg(
                solver_cfg=MJWarpSolverCfg(
                    integrator="implicitfast",
                    cone="elliptic",
                    impratio=10.0,
                    njmax=600,
                    nconmax=150,
                )
            )
