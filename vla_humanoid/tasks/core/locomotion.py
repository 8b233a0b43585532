"""What the tasks of walking and standing have in common: their floor, their pushes, their judge."""

from abc import abstractmethod
from dataclasses import dataclass, replace

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.floor import sample_floor
from vla_humanoid.tasks.core.predicates import is_standing
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.stance import Stance, stance_of
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Judge, Verdict

WALKED_AWAY = "walked_away"
"""Failure of a task that wants the robot to stay in its place."""
WALKING_PUSHES = PushRanges(
    count=(0, 3), forces=(20.0, 40.0), durations=(0.1, 0.1), times=(0.5, 15.0), apart=1.5
)
"""Impulses of 2 to 4 N s."""


def on_sampled_floor(scene: Scene, random: EpisodeRandom) -> Scene:
    """Return a scene on the floor, in the light and in the colours of the episode."""
    friction, slope = sample_floor(random)
    return randomize_appearance(replace(scene, floor_friction=friction, floor_slope=slope), random)


@dataclass(frozen=True)
class Assessment:
    """What a task makes of a world state, the robot standing; fields as in `Verdict`."""

    success: bool
    failure: str | None
    subgoal: int
    progress: float = 0.0


class LocomotionJudge(Judge):
    """Judges by where the robot's feet stand; the first verdict that ends the episode stands."""

    def __init__(self) -> None:
        self._final: Verdict | None = None

    def update(self, state: WorldState) -> Verdict:
        """Take the world state after a policy step and return how the episode stands."""
        if self._final is not None:
            return self._final
        assessed = self.assess(state, stance_of(state.robot))
        failure = assessed.failure if is_standing(state.robot) else FALLEN
        success = assessed.success and failure is None
        verdict = Verdict(
            success=success,
            failure=failure,
            wrong_object=failure == WRONG_OBJECT,
            subgoal=assessed.subgoal,
            reward=float(success),
            progress=1.0 if success else assessed.progress,
        )
        if success or failure is not None:
            self._final = verdict
        return verdict

    @abstractmethod
    def assess(self, state: WorldState, stance: Stance) -> Assessment:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
