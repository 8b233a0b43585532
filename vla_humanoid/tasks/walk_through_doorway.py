"""WalkThroughDoorway: walk through the named one of several doorways in a wall."""

from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.doorways import Doorway, doorways, sample_doorways
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import Judgement
from vla_humanoid.tasks.core.kinds import named
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
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.doorways import THROUGH_DOORWAY

BEFORE, BEHIND = 0.5, 0.7
"""Where the expert stands before the wall, and where behind it [m]."""
THROUGH = 0.4
"""Distance from the wall at which the robot is through [m]."""
HOLD_TIME = 0.5
"""How long it must stand there [s]."""
AROUND_WALL = "around_wall"
"""Failure: the robot got behind the wall, but through no doorway."""


@dataclass(frozen=True)
class WalkThroughDoorwayGoal:
    """Which doorway of the scene, by name."""

    doorway: str


class WalkThroughDoorway(SpokenTask[WalkThroughDoorwayGoal]):
    """A wall with 2 or 3 doorways of different colours; the robot is to walk through one."""

    name = "WalkThroughDoorway"
    goal_type = WalkThroughDoorwayGoal
    sentences = THROUGH_DOORWAY
    time_limit = 40.0
    pushes = WALKING_PUSHES
    walks = True
    carries_payload = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a wall 1.3 to 1.9 m ahead."""
        return on_sampled_floor(Scene(boxes=sample_doorways(random)), random)

    def goals(self, scene: Scene) -> tuple[WalkThroughDoorwayGoal, ...]:
        """Return each doorway, from left to right."""
        return tuple(WalkThroughDoorwayGoal(doorway.name) for doorway in doorways(scene))

    def subgoals(self, goal: WalkThroughDoorwayGoal, scene: Scene) -> tuple[str, ...]:
        """Return: go there, go through, stop."""
        color = named(doorways(scene), goal.doorway).color
        return f"walk to the {color} doorway", "walk through it", "stop behind it"

    def plan(self, goal: WalkThroughDoorwayGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: walk before the doorway, then behind it."""
        doorway = named(doorways(scene), goal.doorway)
        return (
            WalkTo(doorway.x - BEFORE, doorway.y, 0.0),
            WalkTo(doorway.x + BEHIND, doorway.y, 0.0),
        )

    def judge(self, goal: WalkThroughDoorwayGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return WalkThroughDoorwayJudge(goal, scene)


class WalkThroughDoorwayJudge(LocomotionJudge):
    """Judges one episode.

    Success: the middle of the robot's stance has crossed the wall between the posts of the named
    doorway, in either direction, and then the robot stands still, `THROUGH` or more from the wall
    on that side, for `HOLD_TIME`. Failure: it crosses the wall through another doorway, or beside
    all of them.
    """

    def __init__(self, goal: WalkThroughDoorwayGoal, scene: Scene) -> None:
        super().__init__()
        self._doorways = doorways(scene)
        self._target = named(self._doorways, goal.doorway)
        self._standing = Hold(HOLD_TIME)
        self._before: Stance | None = None
        self._side = 0.0
        """+1 or -1: on which side of the wall the robot came out of the doorway; 0 before."""

    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        failure = self._follow(stance)
        beyond = self._side * (stance.x - self._target.x)
        is_through = self._side != 0.0 and beyond >= THROUGH
        is_there = is_through and is_standing_still(state.robot)
        success = self._standing.update(is_there, state.time)
        subgoal = (3 if is_there else 2) if is_through else int(self._is_before(stance))
        return Judgement(success, failure, subgoal, self._progress(stance, beyond))

    def _follow(self, stance: Stance) -> str | None:
        """Take where the robot is; return what went wrong if it has crossed the wall elsewhere."""
        before, self._before = self._before or stance, stance
        wall = self._target.x
        if (before.x < wall) == (stance.x < wall):
            return None
        share = (wall - before.x) / (stance.x - before.x)
        y = before.y + share * (stance.y - before.y)
        crossed = next((way for way in self._doorways if _covers(way, y)), None)
        if crossed == self._target:
            self._side = 1.0 if stance.x >= wall else -1.0
            return None
        return AROUND_WALL if crossed is None else WRONG_OBJECT

    def _is_before(self, stance: Stance) -> bool:
        return _covers(self._target, stance.y) and abs(stance.x - self._target.x) < 2.0 * BEFORE

    def _progress(self, stance: Stance, beyond: float) -> float:
        """Return a half for the doorway itself, less before it and more behind it."""
        if self._side != 0.0:
            return 0.5 + 0.5 * min(max(beyond / THROUGH, 0.0), 1.0)
        return 0.5 / (1.0 + stance.distance(self._target.x, self._target.y))


def _covers(doorway: Doorway, y: float) -> bool:
    return abs(y - doorway.y) <= 0.5 * doorway.width
