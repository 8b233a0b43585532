"""StandStill: stay in place while being pushed."""

import math
from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.hold import TIME_TOLERANCE
from vla_humanoid.tasks.core.judging import Judgement
from vla_humanoid.tasks.core.landmark_layout import LandmarkRanges, sample_landmarks
from vla_humanoid.tasks.core.locomotion import (
    WALKED_AWAY,
    LocomotionJudge,
    on_sampled_floor,
)
from vla_humanoid.tasks.core.plan import Skill, Stand
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance, wrapped
from vla_humanoid.tasks.core.task import Judge
from vla_humanoid.tasks.language.standing import STANDING

LANDMARKS = LandmarkRanges(
    count=(2, 4), distances=(1.2, 4.0), bearings=(0.0, math.radians(120.0)), gap=0.9
)
"""They have nothing to do with the task."""
DURATION = 10.0
"""How long to stand [s]."""
ROOM, TURN = 0.3, math.radians(20.0)
"""How far from where it began the robot may stand in the end [m], and how far turned [rad]."""
FARTHEST = 0.6
"""How far it may be from there at any time [m]."""


@dataclass(frozen=True)
class StandStillGoal:
    """The only goal there is."""


class StandStill(SpokenTask[StandStillGoal]):
    """A floor with landmarks that do not matter; the robot is pushed and is to stay in place."""

    name = "StandStill"
    goal_type = StandStillGoal
    sentences = STANDING
    time_limit = DURATION
    pushes = PushRanges(
        count=(3, 5), forces=(40.0, 80.0), durations=(0.1, 0.1), times=(0.5, 9.0), apart=1.5
    )
    walks = True
    carries_payload = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample landmarks, for the look of them."""
        return on_sampled_floor(Scene(landmarks=sample_landmarks(random, LANDMARKS)), random)

    def goals(self, scene: Scene) -> tuple[StandStillGoal, ...]:
        """Return the only one."""
        return (StandStillGoal(),)

    def subgoals(self, goal: StandStillGoal, scene: Scene) -> tuple[str, ...]:
        """Return: keep standing."""
        return ("keep standing",)

    def plan(self, goal: StandStillGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: stand for as long as it takes."""
        return (Stand(DURATION),)

    def judge(self, goal: StandStillGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return StandStillJudge()


class StandStillJudge(LocomotionJudge):
    """Judges one episode.

    Success: after `DURATION` the robot stands within `ROOM` and `TURN` of where it began. Failure:
    it does not, or has left that place by more than `FARTHEST` before.
    """

    def __init__(self) -> None:
        super().__init__()
        self._start: Stance | None = None
        self._began = 0.0

    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        if self._start is None:
            self._start, self._began = stance, state.time
        start, stood = self._start, state.time - self._began
        is_over = stood >= DURATION - TIME_TOLERANCE
        distance = start.distance(stance.x, stance.y)
        turn = abs(wrapped(stance.yaw - start.yaw))
        is_away = distance > (ROOM if is_over else FARTHEST) or (is_over and turn > TURN)
        success = is_over and not is_away
        failure = WALKED_AWAY if is_away else None
        progress = min(stood / DURATION, 1.0)
        return Judgement(success, failure, subgoal=int(success), progress=progress)
