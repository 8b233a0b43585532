"""The rigid bodies of all worlds: what is handled, and what stands where an episode has it."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from isaaclab.assets import RigidObjectCollection

from vla_humanoid.schema import FloatArray, Pose, RigidBodyState
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.scene import parking_place
from vla_humanoid.sims.isaaclab.tensors import (
    body_state,
    indices,
    local_poses,
    numbers,
    pose_row,
    tensor,
    twist_row,
)

_UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])


class Bodies:
    """A stock of rigid bodies in every world; those that an episode has no use for are put away.

    Put away, they fall from below the floor until the next episode: that costs an engine less than
    letting them lie on something.

    Args:
        collection: Isaac Lab's, the same bodies in every world.
        origins: of the worlds [m], shape (worlds, 3).
        fixtures: whether they stand where they are put.
    """

    def __init__(
        self, collection: RigidObjectCollection, origins: FloatArray, *, fixtures: bool
    ) -> None:
        self._collection = collection
        self._origins = origins
        self._device = str(collection.device)
        self._names = dialect().body_names(collection)
        configured = list(collection.cfg.rigid_objects)
        self._away = [
            Pose(np.array(parking_place(configured.index(name), fixture=fixtures)), _UPRIGHT)
            for name in self._names
        ]
        self._fixtures = fixtures

    def place(self, states: Mapping[int, Mapping[str, RigidBodyState]]) -> None:
        """Put the bodies of some worlds where they belong, and their others away.

        Args:
            states: world to body name to state, each in its own world's frame.
        """
        ids, device = indices([*states], self._device), self._device
        rows = np.stack([self._pose_rows(k, bodies) for k, bodies in states.items()])
        velocities: torch.Tensor | None = None
        if not self._fixtures:
            twists = np.zeros((len(states), len(self._names), 6))
            for row, bodies in zip(twists, states.values(), strict=True):
                for name, state in bodies.items():
                    row[self._names.index(name)] = twist_row(state.twist)
            velocities = tensor(twists, device)
        dialect().write_bodies(self._collection, tensor(rows, device), velocities, ids)

    def read(self, casting: Sequence[Mapping[str, str]]) -> list[dict[str, RigidBodyState]]:
        """Return the states of what each world's scene holds, in that world's frame.

        Args:
            casting: per world, name in its scene to body name.
        """
        poses, velocities = dialect().body_states(self._collection)
        where, quats = local_poses(numbers(poses), self._origins)
        twists = numbers(velocities)
        found: list[dict[str, RigidBodyState]] = []
        for world, names in enumerate(casting):
            bodies = {name: self._names.index(body) for name, body in names.items()}
            found.append(
                {
                    name: body_state(where[world, k], quats[world, k], twists[world, k])
                    for name, k in bodies.items()
                }
            )
        return found

    def _pose_rows(self, world: int, bodies: Mapping[str, RigidBodyState]) -> FloatArray:
        wanted = dict(zip(self._names, self._away, strict=True))
        wanted |= {name: state.pose for name, state in bodies.items()}
        return np.stack([pose_row(wanted[name], self._origins[world]) for name in self._names])
