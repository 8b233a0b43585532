"""WalkToTarget: walk to the named landmark and stop in front of it."""

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
    WALKING_PUSHES,
    LocomotionJudge,
    on_sampled_floor,
)
from vla_humanoid.tasks.core.plan import Skill, WalkTo
from vla_humanoid.tasks.core.predicates import is_standing_still
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.standing_place import (
    STAND_OFF,
    STAND_OFF_TOLERANCE,
    edge_distance,
    is_at,
    standing_place,
)
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.walking import WALKING

LANDMARKS = LandmarkRanges(
    count=(3, 5), distances=(1.2, 4.0), bearings=(0.0, math.radians(120.0)), gap=0.9
)
HOLD_TIME = 0.5
"""How long the robot must stand before the landmark for that to count [s]."""
WRONG_TIME = 1.0
"""How long it may stand before another one [s]."""
AHEAD = math.radians(30.0)
"""Largest angle to a landmark that the robot has turned towards [rad]."""


@dataclass(frozen=True)
class WalkToTargetGoal:
    """Which landmark of the scene, by name."""

    landmark: str


class WalkToTarget(SpokenTask[WalkToTargetGoal]):
    """A floor with 3 to 5 landmarks; the robot is to walk to one of them."""

    name = "WalkToTarget"
    goal_type = WalkToTargetGoal
    sentences = WALKING
    repeatable = True
    time_limit = 40.0
    pushes = WALKING_PUSHES
    walks = True
    carries_payload = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample landmarks ahead and to both sides, 1.2 to 4 m away."""
        return on_sampled_floor(Scene(landmarks=sample_landmarks(random, LANDMARKS)), random)

    def goals(self, scene: Scene) -> tuple[WalkToTargetGoal, ...]:
        """Return each landmark."""
        return tuple(WalkToTargetGoal(landmark.name) for landmark in scene.landmarks)

    def subgoals(self, goal: WalkToTargetGoal, scene: Scene) -> tuple[str, ...]:
        """Return: turn, walk, stop."""
        landmark = named(scene.landmarks, goal.landmark)
        what = f"the {landmark.color} {landmark.shape}"
        return f"turn towards {what}", f"walk to {what}", "stop in front of it"

    def plan(self, goal: WalkToTargetGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: walk to where the landmark is at arm's length."""
        landmark = named(scene.landmarks, goal.landmark)
        others = [other for other in scene.landmarks if other is not landmark]
        place = standing_place(landmark, others, Stance(0.0, 0.0, 0.0))
        return (WalkTo(place.x, place.y, place.yaw),)

    def judge(self, goal: WalkToTargetGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return WalkToTargetJudge(goal, scene)


class WalkToTargetJudge(LocomotionJudge):
    """Judges one episode.

    Success: the robot stands still with the named landmark's edge `STAND_OFF` away, give or take
    `STAND_OFF_TOLERANCE`, faces it, and does so for `HOLD_TIME` without interruption. Failure: it
    stands so before another landmark for `WRONG_TIME`.
    """

    def __init__(self, goal: WalkToTargetGoal, scene: Scene) -> None:
        super().__init__()
        self._target = named(scene.landmarks, goal.landmark)
        self._others = [other for other in scene.landmarks if other is not self._target]
        self._arrived = Hold(HOLD_TIME)
        self._mistakes = Mistakes(WRONG_TIME)
        self._farthest = 0.0

    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        is_still = is_standing_still(state.robot)
        is_there = is_at(stance, self._target) and is_still
        astray: dict[Hashable, str] = {
            other.name: WRONG_OBJECT for other in self._others if is_still and is_at(stance, other)
        }
        return Judgement(
            success=self._arrived.update(is_there, state.time),
            failure=self._mistakes.update(astray, state.time),
            subgoal=3 if is_there else self._subgoal(stance),
            progress=self._progress(stance),
        )

    def _subgoal(self, stance: Stance) -> int:
        if edge_distance(stance, self._target) < STAND_OFF + STAND_OFF_TOLERANCE:
            return 2
        return 1 if abs(stance.bearing(*self._target.position)) < AHEAD else 0

    def _progress(self, stance: Stance) -> float:
        """Return the share of the way that lies behind, as far as the robot ever was away."""
        left = max(edge_distance(stance, self._target) - STAND_OFF, 0.0)
        self._farthest = max(self._farthest, left, STAND_OFF_TOLERANCE)
        return 1.0 - left / self._farthest
