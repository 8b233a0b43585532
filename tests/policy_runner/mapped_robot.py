"""This robot as mappings know it, and policies of other embodiments that do as they are told."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.embodiment.table import Table
from vla_humanoid.policy_runner.mapped.config import PolicyMapping, ThisRobot
from vla_humanoid.policy_runner.mapped.policy import MappedPolicy
from vla_humanoid.policy_runner.mapped.reading import read_policy_mapping
from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.schema import CAMERAS, CONTROL_MODES, action_spec, state_fields

ROBOT = ThisRobot(
    {mode: action_spec(mode, JOINT_RANGES) for mode in CONTROL_MODES},
    state_fields(JOINT_NAMES),
    CAMERAS,
    20.0,
)
STATE_NAMES = [field.name for field in ROBOT.state]
END_EFFECTOR = [field.name for field in ROBOT.actions["end_effector"].fields]
WRIST = [END_EFFECTOR.index(f"right_wrist_{axis}") for axis in "xyz"]
TURN = [END_EFFECTOR.index(f"right_wrist_rotation_{axis}") for axis in "xyz"]
GRIP = END_EFFECTOR.index("right_grip")


def mapping(entries: Mapping[str, object], **changes: object) -> PolicyMapping:
    """A mapping of actions; what it does not mention is held.

    Args:
        entries: of the action.
        changes: of the rest: ``dim`` and ``names`` of the action, anything else of the top.
    """
    action = {key: changes.pop(key) for key in ("dim", "names", "key") if key in changes}
    content = {
        "control_mode": "end_effector",
        **changes,
        "action": {"dim": 8, **action, "entries": {**entries, "*": "hold"}},
    }
    return read_policy_mapping(Table(content, "mapping.toml"), ROBOT)


class Foreign:
    """Notes what it is told, and answers what it is to.

    Args:
        actions: its answer, or what makes one of what it is told.
    """

    def __init__(
        self,
        actions: NDArray[np.generic] | Callable[[Mapping[str, object]], NDArray[np.generic]],
    ) -> None:
        self.told: list[Mapping[str, object]] = []
        self._actions = actions

    def infer(self, observation: Mapping[str, object]) -> Mapping[str, object]:
        """Answer."""
        self.told.append(observation)
        actions = self._actions
        return {"actions": actions(observation) if callable(actions) else actions}


def state(**entries: float) -> NDArray[np.float32]:
    """A state of which some entries are told, and the others are zero."""
    found = np.zeros(len(STATE_NAMES), dtype=np.float32)
    for name, value in entries.items():
        found[STATE_NAMES.index(name)] = value
    return found


def query(
    now: NDArray[np.float32] | None = None, previous: NDArray[np.float32] | None = None
) -> Query:
    """A question without images."""
    observation = {"state": state() if now is None else now, "instruction": "lift the cube"}
    return Query(observation, np.zeros((0, len(END_EFFECTOR)), dtype=np.float32), previous)


def physical(chunk: NDArray[np.float32]) -> NDArray[np.float64]:
    """A chunk of end-effector actions in our units."""
    spec = ROBOT.actions["end_effector"]
    return np.array([spec.to_physical(action.astype(np.float64)) for action in chunk])


def done(
    said: PolicyMapping,
    actions: NDArray[np.generic],
    now: NDArray[np.float32] | None = None,
    previous: NDArray[np.float32] | None = None,
) -> NDArray[np.float64]:
    """What a policy's actions become, in our units."""
    policy = MappedPolicy(Foreign(actions), said)
    return physical(policy.act(query(now, previous)))
