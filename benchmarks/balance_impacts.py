"""How hard the parts of a robot meet the floor."""

from collections.abc import Mapping
from types import MappingProxyType

import mujoco
import numpy as np

from vla_humanoid.schema import FloatArray
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation

FOOT = "foot"
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "ankle": FOOT,
        "knee": "shank",
        "hip": "thigh",
        "pelvis": "pelvis",
        "shoulder": "arm",
        "elbow": "arm",
        "wrist": "hand",
        "hand": "hand",
    }
)
"""Part of the robot by a word in a link's name."""


class Impacts:
    """Watches a simulation, physics step by physics step.

    Args:
        simulation: with the robot on a floor that belongs to no body.
    """

    def __init__(self, simulation: MujocoSimulation) -> None:
        self._model, self._data = model, data = simulation.model, simulation.data
        self._velocity = data.qvel.copy()
        self._body = model.geom_bodyid.astype(int)
        self._part = [
            _part(model.body(body).name, int(model.geom_type[geom]))
            for geom, body in enumerate(self._body.tolist())
        ]
        self._touching: set[int] = set()
        self.force: dict[str, float] = {}
        """Largest force between the floor and each part that touched it [N]."""
        self.speed: dict[str, float] = {}
        """Largest speed straight down at which a part met the floor [m/s]."""
        self.first = ""
        """The part other than a foot that touched the floor first; empty for none."""

    def __call__(self) -> None:
        """Take in a physics step."""
        forces: dict[str, float] = {}
        touching = set()
        wrench = np.zeros(6)
        for index, geom in self._floor_contacts():
            part = self._part[geom]
            mujoco.mj_contactForce(self._model, self._data, index, wrench)
            forces[part] = forces.get(part, 0.0) + float(np.linalg.norm(wrench[:3]))
            touching.add(geom)
            if geom not in self._touching:
                speed = self._sinking(geom, self._data.contact[index].pos)
                self.speed[part] = max(speed, self.speed.get(part, 0.0))
                if part != FOOT and not self.first:
                    self.first = part
        for part, force in forces.items():
            self.force[part] = max(force, self.force.get(part, 0.0))
        self._touching = touching
        self._velocity[:] = self._data.qvel

    @property
    def hardest(self) -> tuple[str, float]:
        """The part other than a foot with the largest force on it, and this force [N]."""
        parts = [(part, force) for part, force in self.force.items() if part != FOOT]
        return max(parts, key=lambda item: item[1], default=("", 0.0))

    def _floor_contacts(self) -> list[tuple[int, int]]:
        """Return, for each contact with the floor, its number and the robot's geom."""
        geoms = np.array(self._data.contact.geom).reshape(-1, 2)
        on_floor = self._body[geoms] == 0
        indices = np.flatnonzero(on_floor.any(axis=1)).tolist()
        return [(i, int(geoms[i][1 if on_floor[i, 0] else 0])) for i in indices]

    def _sinking(self, geom: int, point: FloatArray) -> float:
        """Return how fast a point of a geom moved down before this step [m/s]."""
        jacobian = np.zeros((3, self._model.nv))
        body = int(self._body[geom])
        mujoco.mj_jac(self._model, self._data, jacobian, None, np.array(point), body)
        return -float(jacobian[2] @ self._velocity)


def _part(link: str, geom_type: int) -> str:
    if link == "torso_link":
        return "head" if geom_type == int(mujoco.mjtGeom.mjGEOM_CAPSULE) else "torso"
    return next((part for word, part in _PARTS.items() if word in link), link)
