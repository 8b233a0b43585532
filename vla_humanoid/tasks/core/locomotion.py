"""What the tasks of walking and standing have in common: their floor, their pushes, their judge."""

from abc import abstractmethod
from dataclasses import replace

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.floor import sample_floor
from vla_humanoid.tasks.core.judging import EpisodeJudge, Judgement
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.stance import Stance, stance_of

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


class LocomotionJudge(EpisodeJudge):
    """Judges by where the robot's feet stand."""

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        return self.assess_stance(state, stance_of(state.robot))

    @abstractmethod
    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
