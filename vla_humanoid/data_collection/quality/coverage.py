"""Gathers the values that were drawn for each axis of randomization."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

MOST_VALUES = 50_000
"""Of an axis that are kept; more would not change a picture of them."""
WHERE: Mapping[str, tuple[str, str]] = {
    "lighting": ("scene.lighting.diffuse.*", "strength of the key light's channels"),
    "colors": ("scene.objects.*.color", "colours of objects"),
    "textures": ("scene.floor_texture", "textures of the floor"),
    "camera": ("scene.cameras.*.position.*", "offsets of the cameras [m]"),
    "object_pose": ("scene.objects.*.position.*", "coordinates of objects [m]"),
    "object_size": ("scene.objects.*.scale", "scales of objects"),
    "object_mass": ("scene.objects.*.mass", "masses of objects [kg]"),
    "object_friction": ("scene.objects.*.friction", "friction of objects"),
    "table_height": ("scene.table.height", "height of the table [m]"),
    "distractors": ("scene.objects.#", "number of objects"),
    "actuator_strength": ("dynamics.strength.*", "strength of motors, of the nominal one"),
    "joint_friction": ("dynamics.friction_scale", "friction of joints, of the nominal one"),
    "initial_posture": ("dynamics.posture.*", "joint angles at the start [rad]"),
    "pushes": ("dynamics.pushes.*.force.*", "components of pushes [N]"),
    "observation_noise": ("dynamics.joint_position_noise", "noise of joint encoders [rad]"),
    "floor_friction": ("scene.floor_friction", "friction of the floor"),
    "floor_slope": ("scene.floor_slope.*", "slopes of the floor [rad]"),
    "payload": ("dynamics.payload.mass", "payload [kg]"),
}
"""Axis to where its values are in the attribute ``randomization``, and what they are."""


class AxisCoverage:
    """What was drawn for one axis.

    Args:
        axis: its name.
    """

    def __init__(self, axis: str) -> None:
        self.axis = axis
        self.about = WHERE[axis][1]
        self.episodes_on = 0
        self.words: Counter[str] = Counter()
        self._numbers: list[float] = []

    def add(self, randomization: Mapping[str, object]) -> None:
        """Take what is on record of an episode."""
        axes = randomization.get("axes")
        self.episodes_on += isinstance(axes, list) and self.axis in axes
        for value in _leaves(randomization, WHERE[self.axis][0].split(".")):
            if isinstance(value, str):
                self.words[value] += 1
            elif isinstance(value, int | float) and len(self._numbers) < MOST_VALUES:
                self._numbers.append(float(value))

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The numbers drawn."""
        return np.array(self._numbers)

    @property
    def distinct(self) -> int:
        """How many different values there are."""
        return len(self.words) or len(set(self._numbers))


def _leaves(value: object, path: Sequence[str]) -> Iterator[object]:
    """Yield what is at a path: ``*`` stands for every item, ``#`` for their number."""
    if not path:
        yield value
    elif path[0] == "#":
        yield len(value) if isinstance(value, list | dict) else 0
    elif path[0] == "*":
        items = list(value.values()) if isinstance(value, dict) else value
        for item in items if isinstance(items, list) else ():
            yield from _leaves(item, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _leaves(value[path[0]], path[1:])
