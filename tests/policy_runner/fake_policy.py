"""Policies whose every answer is known."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.policy import PolicyError, Query
from vla_humanoid.schema import ActionSpec, Field

HORIZON = 8
SPEC = ActionSpec(
    "end_effector",
    (
        Field("right_wrist_x", "m", -0.3, 0.8, "stance"),
        Field("right_grip", "1", 0.0, 1.0),
        Field("base_velocity_x", "m/s", -0.5, 0.5, "stance"),
        Field("pelvis_height", "m", 0.50, 0.78, "stance"),
    ),
)
STATE = (
    Field("right_wrist_x", "m", -5.0, 5.0, "stance"),
    Field("right_grip_command", "1", 0.0, 1.0),
    Field("pelvis_height", "m", -1.0, 3.0, "stance"),
)
DESCRIPTION = Description(SPEC, STATE, (), 0, 20.0)
Actions = NDArray[np.float32]


def observed(step: int, instruction: str = "lift the cube") -> dict[str, Actions | str]:
    """What is seen at a step: the state tells the step to policies that want to know."""
    return {
        "state": np.array([0.25, 0.5, step / 1000.0], dtype=np.float32),
        "instruction": instruction,
    }


def step_of(query: Query) -> int:
    """The step at which a question was asked."""
    return round(float(np.asarray(query.observation["state"])[2]) * 1000.0)


def counting(start: int, horizon: int = HORIZON) -> Actions:
    """A chunk whose every action tells for which step it is meant."""
    steps = np.arange(start, start + horizon, dtype=np.float32)
    return np.repeat(steps[:, None] / 1000.0, SPEC.dim, axis=1)


class FakePolicy:
    """Answers with what a function makes of the step.

    Args:
        answer: from the step at which it is asked to a chunk, or to a reason for having none.
    """

    def __init__(self, answer: Callable[[int], Actions | str] = counting) -> None:
        self.description = DESCRIPTION
        self.told: list[str] = []
        self.queries: list[Query] = []
        self._answer = answer

    def reset(self, instruction: str) -> None:
        """Note what it is told."""
        self.told.append(instruction)

    def act(self, query: Query) -> Actions:
        """Answer."""
        self.queries.append(query)
        answer = self._answer(step_of(query))
        if isinstance(answer, str):
            raise PolicyError(answer)
        return answer
