"""TurnToFace: turn on the spot until the named landmark is straight ahead."""

import math
from collections.abc import Hashable
from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.landmark_layout import LandmarkRanges, sample_landmarks
from vla_humanoid.tasks.core.locomotion import (
    WALKED_AWAY,
    WALKING_PUSHES,
    LocomotionJudge,
    on_sampled_floor,
)
from vla_humanoid.tasks.core.plan import Skill, TurnTo
from vla_humanoid.tasks.core.predicates import is_standing_still
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.standing_place import is_facing
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.turning import TURNING

LANDMARKS = LandmarkRanges(
    count=(4, 5),
    distances=(1.2, 3.0),
    bearings=(math.radians(25.0), math.pi),
    bearing_gap=math.radians(40.0),
)
"""None is straight ahead at first, and no two can be faced at once."""
HOLD_TIME = 0.5
"""How long the robot must face the landmark for that to count [s]."""
WRONG_TIME = 1.0
"""How long it may stand facing another one [s]."""
ROOM = 0.35
"""How far it may move from where it began [m]."""


@dataclass(frozen=True)
class TurnToFaceGoal:
    """Which landmark of the scene, by name."""

    landmark: str


class TurnToFace(SpokenTask[TurnToFaceGoal]):
    """A floor with 4 or 5 landmarks all around; the robot is to face one of them."""

    name = "TurnToFace"
    goal_type = TurnToFaceGoal
    sentences = TURNING
    repeatable = True
    time_limit = 20.0
    pushes = WALKING_PUSHES
    walks = True
    carries_payload = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample landmarks on all sides, 1.2 to 3 m away."""
        return on_sampled_floor(Scene(landmarks=sample_landmarks(random, LANDMARKS)), random)

    def goals(self, scene: Scene) -> tuple[TurnToFaceGoal, ...]:
        """Return each landmark."""
        return tuple(TurnToFaceGoal(landmark.name) for landmark in scene.landmarks)

    def subgoals(self, goal: TurnToFaceGoal, scene: Scene) -> tuple[str, ...]:
        """Return: turn, stop."""
        landmark = named(scene.landmarks, goal.landmark)
        return f"turn towards the {landmark.color} {landmark.shape}", "stop turning"

    def plan(self, goal: TurnToFaceGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: turn."""
        x, y = named(scene.landmarks, goal.landmark).position
        return (TurnTo(math.atan2(y, x)),)

    def judge(self, goal: TurnToFaceGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return TurnToFaceJudge(goal, scene)


class TurnToFaceJudge(LocomotionJudge):
    """Judges one episode.

    Success: the robot stands still and faces the named landmark for `HOLD_TIME` without
    interruption. Failure: it faces another one for `WRONG_TIME`, or leaves its place by more than
    `ROOM`.
    """

    def __init__(self, goal: TurnToFaceGoal, scene: Scene) -> None:
        super().__init__()
        self._target = named(scene.landmarks, goal.landmark)
        self._others = [other for other in scene.landmarks if other is not self._target]
        self._facing = Hold(HOLD_TIME)
        self._mistakes = Mistakes(WRONG_TIME)
        self._start: Stance | None = None

    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        start = self._start = self._start or stance
        is_still = is_standing_still(state.robot)
        faces_target = is_facing(stance, self._target)
        astray: dict[Hashable, str] = {
            other.name: WRONG_OBJECT
            for other in self._others
            if is_still and is_facing(stance, other)
        }
        success = self._facing.update(faces_target and is_still, state.time)
        failure = self._mistakes.update(astray, state.time)
        if start.distance(stance.x, stance.y) > ROOM:
            failure = WALKED_AWAY
        subgoal = (2 if is_still else 1) if faces_target else 0
        turn = abs(stance.bearing(*self._target.position))
        return Judgement(success, failure, subgoal, progress=1.0 - turn / math.pi)
