"""A plan: what an expert has to do, in skills, as plain data.

A task states its plan; `vla_humanoid.data_collection.expert` carries it out.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Pick:
    """Grasp an object of the scene, by name, and lift it."""

    object: str


@dataclass(frozen=True)
class Place:
    """Put the object that is held in or on a container of the scene, by name, and let go."""

    object: str
    container: str


Skill: TypeAlias = Pick | Place
