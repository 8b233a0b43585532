"""Everything that is shown about one moment of an episode."""

from collections.abc import Mapping
from dataclasses import dataclass

from vla_humanoid.data_collection.environment import Image
from vla_humanoid.schema import WorldState
from vla_humanoid.viewer.primitives import Drawing


@dataclass(frozen=True)
class Margins:
    """How far the robot is from losing its balance.

    Args:
        dcm: distance of the DCM from the edge of the support [m], negative outside.
        zmp: likewise of the ZMP.
        fallback: how far the balance layer has left what it was told: "none", "hold", "crouch" or
            "sit".
        reason: why, as a sentence; empty where it has not.
        interventions: how often each kind of change was made to what the policy asked.
    """

    dcm: float
    zmp: float
    fallback: str
    reason: str
    interventions: Mapping[str, int]


@dataclass(frozen=True)
class Reading:
    """One moment of an episode.

    Args:
        steps: actions taken so far.
        world: the whole truth.
        instruction: what the robot was told.
        subgoals: steps towards the goal, in order.
        subgoal: index of the one being worked on; their number when all are done.
        success: the task's judge is content.
        failure: why the episode cannot succeed any more, or None.
        margins: of balance.
        latency: how long the latest action took to choose [s].
        step_time: how long the latest step took, with physics and images [s].
        images: by camera, uint8 (H, W, 3).
        drawings: what is drawn over the scene.
    """

    steps: int
    world: WorldState
    instruction: str
    subgoals: tuple[str, ...]
    subgoal: int
    success: bool
    failure: str | None
    margins: Margins
    latency: float
    step_time: float
    images: Mapping[str, Image]
    drawings: tuple[Drawing, ...]
