"""What episodes change about bodies beside their states: masses, and friction in joints."""

from collections.abc import Iterable, Mapping

import numpy as np
from isaaclab.assets import Articulation, RigidObjectCollection

from vla_humanoid.assets.figures import JOINT_NAMES, is_finger
from vla_humanoid.sims.isaaclab.tensors import indices, numbers, tensor


class JointFriction:
    """Dry and viscous friction in the joints of all robots.

    Args:
        robot: of all worlds, as it was made.
    """

    def __init__(self, robot: Articulation) -> None:
        self._robot = robot
        data = robot.data
        self._dry = numbers(data.joint_friction_coeff)
        self._viscous = numbers(data.joint_viscous_friction_coeff)
        self._scaled = np.array(
            [name in JOINT_NAMES and not is_finger(name) for name in robot.joint_names]
        )

    def scale(self, factors: Mapping[int, float]) -> None:
        """Give the joints of some robots, but for fingers, a multiple of their friction."""
        worlds, device = [*factors], str(self._robot.device)
        factor = np.where(self._scaled, np.array([*factors.values()])[:, None], 1.0)
        dry = tensor(factor * self._dry[worlds], device)
        self._robot.write_joint_friction_coefficient_to_sim_index(
            joint_friction_coeff=dry,
            joint_dynamic_friction_coeff=dry,
            joint_viscous_friction_coeff=tensor(factor * self._viscous[worlds], device),
            env_ids=indices(worlds, device),
        )


class Masses:
    """Masses of the rigid bodies of all worlds; moments of inertia go with them.

    Args:
        collection: the bodies, as they were made.
    """

    def __init__(self, collection: RigidObjectCollection) -> None:
        self._collection = collection
        self._names = list(collection.body_names)
        self._nominal = numbers(collection.data.body_mass)
        self._inertia = numbers(collection.data.body_inertia)

    def set(self, masses: Mapping[int, Mapping[str, float]]) -> None:
        """Give bodies of some worlds masses [kg]; their others have what they were made with.

        Args:
            masses: world to name of a body to mass.
        """
        worlds, device = [*masses], str(self._collection.device)
        mass = self._nominal[worlds]
        for row, bodies in zip(mass, masses.values(), strict=True):
            for name, value in bodies.items():
                row[self._names.index(name)] = value
        factor = mass / self._nominal[worlds]
        ids = indices(worlds, device)
        self._collection.set_masses_index(masses=tensor(mass, device), env_ids=ids)
        self._collection.set_inertias_index(
            inertias=tensor(factor[..., None] * self._inertia[worlds], device), env_ids=ids
        )


def world_paths(pattern: str, worlds: Iterable[int], names: Iterable[str]) -> list[str]:
    """Return prim paths of some bodies in some worlds.

    Args:
        pattern: path within a world, with ``{}`` for a name.
        worlds: numbers of worlds.
        names: of bodies.
    """
    names = tuple(names)
    return [f"/World/envs/env_{k}/{pattern.format(name)}" for k in worlds for name in names]
