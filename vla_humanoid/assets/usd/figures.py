"""The figures of a world by their names, so that those of two engines or files can be compared."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import mujoco
import numpy as np

from vla_humanoid.assets.usd.parts import WorldParts
from vla_humanoid.schema import FloatArray

Figures: TypeAlias = Mapping[str, Mapping[str, FloatArray]]
"""Quantity to name of a body or joint to value."""

UNITS: Mapping[str, str] = {
    "mass": "kg",
    "centre of mass": "m",
    "inertia": "kg m^2",
    "position": "m",
    "orientation": "1",
    "parent": "1",
    "anchor in the parent": "m",
    "anchor in the link": "m",
    "axis in the parent": "1",
    "axis in the link": "1",
    "limits": "rad",
    "stiffness": "N m/rad",
    "damping": "N m s/rad",
    "drive target": "rad",
    "effort": "N m",
    "armature": "kg m^2",
    "dry friction": "N m",
    "viscous friction": "N m s/rad",
}
"""Of every quantity; of a joint that slides, read m for rad and N for N m. Inertia is the tensor
about the centre of mass and orientation the rotation matrix; both, and the position, are those of
the reference configuration, world or link frame."""


@dataclass(frozen=True)
class Difference:
    """The largest difference in one quantity.

    Args:
        quantity: what was compared.
        unit: of the difference.
        largest: difference of any component; infinite if one side lacks a body or joint.
        where: the body or joint that has it.
        count: how many bodies or joints were compared.
    """

    quantity: str
    unit: str
    largest: float
    where: str
    count: int


def compare(found: Figures, wanted: Figures) -> tuple[Difference, ...]:
    """Return the largest difference in every quantity that is wanted."""
    return tuple(
        _largest(quantity, found.get(quantity, {}), values) for quantity, values in wanted.items()
    )


def _largest(
    quantity: str, found: Mapping[str, FloatArray], wanted: Mapping[str, FloatArray]
) -> Difference:
    differences = {
        name: float(np.abs(np.asarray(found[name]) - wanted[name]).max())
        if name in found and name in wanted
        else math.inf
        for name in sorted({*found, *wanted})
    }
    where = max(differences, key=lambda name: differences[name], default="")
    return Difference(
        quantity, UNITS[quantity], differences.get(where, 0.0), where, len(differences)
    )


def model_figures(parts: WorldParts) -> Figures:
    """Return the figures of a compiled model: robot, fixtures and free bodies."""
    return {**_bodies(parts), **_joints(parts)}


def _bodies(parts: WorldParts) -> Figures:
    model = parts.model
    fixed = [link for fixture in parts.fixtures for link in fixture.links]
    bodies = {parts.name(body): body for body in (*parts.links, *fixed, *parts.objects)}
    poses = {name: parts.world_pose(body) for name, body in bodies.items()}
    heavy = {name: body for name, body in bodies.items() if float(model.body_mass[body])}
    return {
        "mass": {name: np.array(model.body_mass[body]) for name, body in heavy.items()},
        "centre of mass": {name: np.array(model.body_ipos[b]) for name, b in heavy.items()},
        "inertia": {
            name: inertia_tensor(model.body_inertia[body], model.body_iquat[body])
            for name, body in heavy.items()
        },
        "position": {name: np.array(pose.position) for name, pose in poses.items()},
        "orientation": {
            name: rotation_matrix(np.array(pose.quat_wxyz)) for name, pose in poses.items()
        },
    }


def _joints(parts: WorldParts) -> Figures:
    model = parts.model
    figures: dict[str, dict[str, FloatArray]] = {}
    moving = [link for fixture in parts.fixtures for link in fixture.moving]
    for link in (*parts.links[1:], *moving):
        joint = parts.joint(link)
        if joint is None:
            continue
        name, dof = str(model.joint(joint).name), int(model.jnt_dofadr[joint])
        turn = rotation_matrix(model.body_quat[link])
        anchor, axis = np.array(model.jnt_pos[joint]), np.array(model.jnt_axis[joint])
        stiffness, damping, target = motor_gains(model, joint)
        values = {
            "parent": np.array(parts.parent(link)),
            "anchor in the parent": model.body_pos[link] + turn @ anchor,
            "anchor in the link": anchor,
            "axis in the parent": turn @ axis,
            "axis in the link": axis,
            "stiffness": np.array(stiffness),
            "damping": np.array(damping),
            "drive target": np.array(target),
            "armature": np.array(model.dof_armature[dof]),
            "dry friction": np.array(model.dof_frictionloss[dof]),
            "viscous friction": np.array(float(np.ravel(model.dof_damping[dof])[0])),
        }
        if bool(model.jnt_limited[joint]):
            values["limits"] = np.array(model.jnt_range[joint])
        if bool(model.jnt_actfrclimited[joint]):
            values["effort"] = np.array(model.jnt_actfrcrange[joint][1])
        for quantity, value in values.items():
            figures.setdefault(quantity, {})[name] = value
    return figures


def motor_gains(model: mujoco.MjModel, joint: int) -> tuple[float, float, float]:
    """Return stiffness, damping and rest position of a joint's motor, or of its spring.

    Returns:
        Of a hinge in N m/rad, N m s/rad and rad, of a slide in N/m, N s/m and m; 0 without any.

    Raises:
        ValueError: if the joint has both.
    """
    spring = float(np.ravel(model.jnt_stiffness[joint])[0])
    rest = float(model.qpos_spring[int(model.jnt_qposadr[joint])])
    for actuator in range(model.nu):
        if int(model.actuator_trnid[actuator][0]) == joint:
            if spring:
                name = model.joint(joint).name
                raise ValueError(f"The joint {name} has a motor and a spring; USD has one drive.")
            bias = model.actuator_biasprm[actuator]
            return 0.0 - float(bias[1]), 0.0 - float(bias[2]), 0.0  # Never -0.
    return spring, 0.0, rest if spring else 0.0


def inertia_tensor(principal: FloatArray, quat_wxyz: FloatArray) -> FloatArray:
    """Return an inertia tensor from principal moments and their axes, shape (3, 3)."""
    axes = rotation_matrix(quat_wxyz)
    return axes @ np.diag(np.asarray(principal, dtype=np.float64)) @ axes.T


def rotation_matrix(quat_wxyz: FloatArray) -> FloatArray:
    """Return the rotation matrix of a quaternion, shape (3, 3)."""
    matrix = np.empty(9)
    quat = np.array(quat_wxyz, dtype=np.float64)
    mujoco.mju_quat2Mat(matrix, quat / np.linalg.norm(quat))
    return matrix.reshape(3, 3)
