"""From our observation to that of a policy of another embodiment."""

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.embodiment.rotations import (
    LAYOUTS,
    inverted,
    multiplied,
    quats_from,
    values_from,
)
from vla_humanoid.embodiment.units import UNITS
from vla_humanoid.embodiment.values import reach
from vla_humanoid.embodiment.vectors import VectorMapping, rotation_of
from vla_humanoid.policy_runner.mapped.config import (
    PolicyMapping,
    SeenConstant,
    SeenGrip,
    SeenImage,
    SeenNumber,
    SeenPart,
    SeenPosition,
    SeenRotation,
    SeenVector,
)
from vla_humanoid.policy_runner.mapped.images import told_image
from vla_humanoid.policy_runner.policy import Observation
from vla_humanoid.schema import FloatArray


class Seeing:
    """Makes a policy's observations of ours.

    Args:
        mapping: says how.
    """

    def __init__(self, mapping: PolicyMapping) -> None:
        self._mapping = mapping
        state = VectorMapping("state", mapping.ours.state, {})
        names = {
            name
            for vector in mapping.vectors
            for part in vector.parts
            if not isinstance(part, SeenConstant)
            for name in _sources(part)
        }
        self._rows = {name: list(state.indices(name)) for name in names}

    def told(self, observation: Observation) -> dict[str, object]:
        """Return what the policy is to be told of an observation of ours."""
        found: dict[str, object] = {self._mapping.prompt: str(observation["instruction"])}
        state = np.asarray(observation["state"], dtype=np.float32)
        for image in self._mapping.images:
            _put(found, image, told_image(image, _pixels(observation, image.camera)))
        for vector in self._mapping.vectors:
            parts = [self._part(part, state) for part in vector.parts]
            _put(found, vector, np.concatenate(parts).astype(vector.dtype))
        return found

    def _part(self, part: SeenPart, state: NDArray[np.float32]) -> FloatArray:
        """Return the numbers of a part, shape (its size,)."""
        if isinstance(part, SeenConstant):
            return np.full(part.size, part.value)
        ours = state[self._rows[part.name]].astype(np.float64)
        match part:
            case SeenNumber():
                return _number(part, ours)
            case SeenGrip():
                return part.open + ours * (part.closed - part.open)
            case SeenPosition():
                return self._position(part, ours[None], state)
            case SeenRotation():
                return _rotation(part, ours)

    def _position(
        self, part: SeenPosition, ours: FloatArray, state: NDArray[np.float32]
    ) -> FloatArray:
        if part.tool is not None:
            turn = state[self._rows[rotation_of(part.name)]].astype(np.float64)
            ours = ours + reach(part.tool, quats_from(turn[None], "rotvec"))
        metres = ours if part.frame is None else part.frame.points_in(ours)
        return metres[0] / UNITS[part.unit].factor


def _number(part: SeenNumber, ours: FloatArray) -> FloatArray:
    # What is to stay as it is does so to the last bit, signs of zeros included.
    factor = part.scale / UNITS[part.unit].factor
    scaled = ours if factor == 1.0 else factor * ours
    return scaled + part.offset if part.offset else scaled


def _sources(part: SeenNumber | SeenGrip | SeenPosition | SeenRotation) -> tuple[str, ...]:
    """Return the entries of our state that a part is made of."""
    if isinstance(part, SeenPosition) and part.tool is not None:
        return part.name, rotation_of(part.name)
    return (part.name,)


def _rotation(part: SeenRotation, ours: FloatArray) -> FloatArray:
    quats = quats_from(ours[None], "rotvec")
    if part.frame is not None:
        quats = multiplied(inverted(part.frame.quats), quats)
    if part.tool is not None:
        quats = multiplied(quats, part.tool.quats)
    found = values_from(quats, part.layout)[0]
    return found / UNITS[part.unit].factor if LAYOUTS[part.layout].angles else found


def _pixels(observation: Observation, camera: str) -> NDArray[np.uint8] | None:
    return np.asarray(observation[f"images/{camera}"], dtype=np.uint8) if camera else None


def _put(found: dict[str, object], seen: SeenImage | SeenVector, value: object) -> None:
    """Put a value at its key, in maps within maps if it is nested."""
    place, key = found, seen.key
    while seen.nested and "/" in key:
        first, _, key = key.partition("/")
        inner = place.setdefault(first, {})
        if not isinstance(inner, dict):
            raise TypeError(f"{first!r} is a value and a map at once.")
        place = inner
    place[key] = value
