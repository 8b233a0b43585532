"""What episodes change about bodies beside their states: masses, and friction in joints."""

from collections.abc import Iterable, Mapping

import numpy as np
from isaaclab.assets import Articulation, RigidObjectCollection

from vla_humanoid.assets.figures import JOINT_NAMES, is_finger
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.tensors import indices, numbers, tensor


class JointFriction:
    """Dry and viscous friction in the joints of all robots.

    Args:
        robot: of all worlds, as it was made.
    """

    def __init__(self, robot: Articulation) -> None:
        self._robot = robot
        self._dry, self._viscous = map(numbers, dialect().joint_friction(robot))
        self._scaled = np.array(
            [name in JOINT_NAMES and not is_finger(name) for name in robot.joint_names]
        )

    def scale(self, factors: Mapping[int, float]) -> None:
        """Give the joints of some robots, but for fingers, a multiple of their friction."""
        worlds, device = [*factors], str(self._robot.device)
        factor = np.where(self._scaled, np.array([*factors.values()])[:, None], 1.0)
        dialect().write_joint_friction(
            self._robot,
            tensor(factor * self._dry[worlds], device),
            tensor(factor * self._viscous[worlds], device),
            indices(worlds, device),
        )


class Masses:
    """Masses of the rigid bodies of all worlds; moments of inertia go with them.

    Args:
        collection: the bodies, as they were made.
    """

    def __init__(self, collection: RigidObjectCollection) -> None:
        self._collection = collection
        self._names = dialect().body_names(collection)
        self._nominal, self._inertia = map(numbers, dialect().body_masses(collection))

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
        dialect().write_body_masses(
            self._collection,
            tensor(mass, device),
            tensor(factor[..., None] * self._inertia[worlds], device),
            indices(worlds, device),
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
