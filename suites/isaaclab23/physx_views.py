"""Views of PhysX that keep what is written into them, for the real assets of Isaac Lab 2.3.

Kit's views are C++. These hold tensors of the shapes, orders and quaternions (x, y, z, w) of PhysX;
nothing moves. The assets around them are Isaac Lab's own, made without a stage.
"""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
import torch
from isaaclab.actuators import ImplicitActuator, ImplicitActuatorCfg
from isaaclab.assets import (
    Articulation,
    ArticulationCfg,
    RigidObjectCfg,
    RigidObjectCollection,
    RigidObjectCollectionCfg,
)
from isaaclab.assets.articulation import articulation, articulation_data
from isaaclab.assets.rigid_object_collection import rigid_object_collection_data
from isaaclab.utils.math import quat_apply, quat_mul
from packaging.version import Version

UNIT_POSE = torch.tensor([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])


class View:
    """Tensors with getters and setters as PhysX's views have them; setters change whole rows."""

    def __init__(self, count: int, tensors: dict[str, torch.Tensor]) -> None:
        self.count = count
        self.tensors = tensors
        self.pushes = torch.empty(0)
        """Latest forces, in the frames of the links."""
        self.link_offsets = torch.empty(0)
        """Poses of an articulation's links in the frame of its root."""
        self.shared_metatype = SimpleNamespace()
        self.max_fixed_tendons = self.max_spatial_tendons = 0

    def __getattr__(self, name: str) -> object:
        verb, _, what = name.partition("_")
        if what not in self.__dict__.get("tensors", {}):
            raise AttributeError(f"No view of these tests has {name}.")
        if verb == "get":
            return lambda: self.tensors[what].clone()
        return lambda values, indices: self._set(what, values, indices)

    def apply_forces_and_torques_at_position(
        self,
        force_data: torch.Tensor,
        torque_data: torch.Tensor,
        position_data: torch.Tensor | None,
        indices: torch.Tensor,
        is_global: bool,
    ) -> None:
        assert position_data is None
        assert not is_global
        self.pushes = force_data.clone()

    def _posed_links(self, roots: torch.Tensor) -> torch.Tensor:
        """Return poses of all links, as if they were fixed to their root."""
        where, turned = self.link_offsets[:, :3], wxyz(self.link_offsets[:, 3:])
        bases = wxyz(roots[:, None, 3:]).expand(-1, len(turned), -1)
        positions = roots[:, None, :3] + quat_apply(bases, where.expand(len(roots), -1, -1))
        quats = quat_mul(bases, turned.expand(len(roots), -1, -1))
        return torch.cat([positions, quats.roll(-1, dims=-1)], dim=-1)

    def _set(self, what: str, values: torch.Tensor, indices: torch.Tensor) -> None:
        held = self.tensors[what]
        assert values.shape == held.shape, f"PhysX takes all rows of {what}, and which to use"
        assert values.dtype == held.dtype
        held[indices.long()] = values[indices.long()]
        if what == "root_transforms":
            self.tensors["link_transforms"][indices.long()] = self._posed_links(
                held[indices.long()]
            )


def wxyz(quats: torch.Tensor) -> torch.Tensor:
    """Return quaternions of PhysX's in the order of Isaac Lab 2.3."""
    return quats.roll(1, dims=-1)


def robot_view(worlds: int, joints: Sequence[str], links: Sequence[str]) -> View:
    """Return the view of an articulation whose first link is its root."""
    dofs, bodies = (worlds, len(joints)), (worlds, len(links))
    per_dof = ("positions", "velocities", "position_targets", "velocity_targets")
    per_dof += ("actuation_forces", "stiffnesses", "dampings", "armatures", "max_velocities")
    tensors = {f"dof_{name}": torch.zeros(dofs) for name in (*per_dof, "max_forces")}
    tensors |= {
        "dof_limits": torch.zeros(*dofs, 2),
        "dof_friction_properties": torch.rand(*dofs, 3),
        "root_transforms": UNIT_POSE.repeat(worlds, 1),
        "root_velocities": torch.zeros(worlds, 6),
        "link_transforms": UNIT_POSE.repeat(*bodies, 1),
        "link_velocities": torch.zeros(*bodies, 6),
        "link_accelerations": torch.zeros(*bodies, 6),
        "link_incoming_joint_force": torch.zeros(*bodies, 6),
        "coms": UNIT_POSE.repeat(*bodies, 1),
        "masses": torch.ones(bodies),
        "inertias": torch.ones(*bodies, 9),
    }
    view = View(worlds, tensors)
    view.link_offsets = UNIT_POSE.repeat(len(links), 1)
    view.shared_metatype = SimpleNamespace(
        dof_count=len(joints), dof_names=list(joints), link_count=len(links), link_names=list(links)
    )
    return view


def bodies_view(worlds: int, bodies: int) -> View:
    """Return the view of a collection: body after body, each in all worlds."""
    count = worlds * bodies
    tensors = {
        "transforms": UNIT_POSE.repeat(count, 1),
        "velocities": torch.zeros(count, 6),
        "accelerations": torch.zeros(count, 6),
        "coms": UNIT_POSE.repeat(count, 1),
        "masses": torch.arange(1.0, count + 1)[:, None],
        "inertias": torch.ones(count, 9),
    }
    return View(count, tensors)


class _BareArticulation(Articulation):
    def __init__(self, view: View) -> None:
        self.cfg = ArticulationCfg(prim_path="/Robot", actuators={})
        self._root_physx_view = view
        self._device = "cpu"
        self._data = articulation_data.ArticulationData(view, "cpu")
        self._create_buffers()
        motors = ImplicitActuator(
            ImplicitActuatorCfg(joint_names_expr=[".*"], stiffness=0.0, damping=1.0),
            self.joint_names,
            slice(None),
            self.num_instances,
            "cpu",
        )
        self.actuators = {"motors": motors}
        self._has_implicit_actuators = True

    @property
    def device(self) -> str:
        return self._device

    def __del__(self) -> None:
        """Have nothing to unsubscribe from."""


class _BareCollection(RigidObjectCollection):
    def __init__(self, view: View, names: Sequence[str]) -> None:
        self._root_physx_view = view
        self._device = "cpu"
        self._object_names_list = list(names)
        self.cfg = RigidObjectCollectionCfg(
            rigid_objects={name: RigidObjectCfg(prim_path=f"/{name}") for name in names}
        )
        self._data = rigid_object_collection_data.RigidObjectCollectionData(view, len(names), "cpu")
        self._create_buffers()

    @property
    def device(self) -> str:
        return self._device

    def __del__(self) -> None:
        """Have nothing to unsubscribe from."""


def stand_in_for_physx(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let assets be made that ask Kit for its version and for gravity."""
    world = SimpleNamespace(
        get_gravity=lambda: (0.0, 0.0, -9.81),
        set_subspace_roots=lambda path: None,
        update_articulations_kinematic=lambda: None,
    )
    manager = SimpleNamespace(get_physics_sim_view=lambda: world)
    physx = SimpleNamespace(create_simulation_view=lambda kind, stage: world)
    monkeypatch.setattr(articulation_data, "SimulationManager", manager)
    monkeypatch.setattr(articulation, "get_isaac_sim_version", lambda: Version("5.1.0"))
    monkeypatch.setattr(rigid_object_collection_data, "physx", physx)
    monkeypatch.setattr(rigid_object_collection_data, "get_current_stage_id", lambda: 0)


def make_articulation(view: View) -> Articulation:
    """Return Isaac Lab's articulation around a view, with implicit motors."""
    return _BareArticulation(view)


def make_collection(view: View, names: Sequence[str]) -> RigidObjectCollection:
    """Return Isaac Lab's collection around a view."""
    return _BareCollection(view, names)
