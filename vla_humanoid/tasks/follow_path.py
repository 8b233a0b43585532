"""FollowPath: walk along the named line to its end."""

import math
from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import Judgement
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.line_layout import sample_lines
from vla_humanoid.tasks.core.locomotion import (
    WALKING_PUSHES,
    LocomotionJudge,
    on_sampled_floor,
)
from vla_humanoid.tasks.core.plan import FollowLine, Skill
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.predicates import is_standing_still
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance, wrapped
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.following import FOLLOWING

ON_LINE = 0.3
"""How far the middle of the stance may be from the line while it follows it [m]."""
OFF_LINE = 0.5
"""How far it may be at any time [m]."""
END_TOLERANCE, HEADING_TOLERANCE = 0.15, math.radians(10.0)
"""How far from the line's end the robot may stop [m], and how far turned from its last piece."""
HOLD_TIME = 0.5
"""How long the robot must stand at the end for that to count [s]."""
WINDOW = 0.4
"""Length of line, ahead of what has been walked and behind, on which the robot is looked for [m]:
it cannot be walked but in order."""
STARTED = 0.15
"""Length of line after which the robot counts as following it [m]."""

LEFT_LINE = "left_line"
"""Failure: the robot went where no line leads."""


@dataclass(frozen=True)
class FollowPathGoal:
    """Which line of the scene, by name."""

    line: str


class FollowPath(SpokenTask[FollowPathGoal]):
    """A floor with 2 or 3 lines that lead away from the robot; it is to follow one of them."""

    name = "FollowPath"
    goal_type = FollowPathGoal
    sentences = FOLLOWING
    time_limit = 40.0
    pushes = WALKING_PUSHES
    walks = True
    carries_payload = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample lines with two or three bends, 2 to 3 m long."""
        return on_sampled_floor(Scene(paths=sample_lines(random)), random)

    def goals(self, scene: Scene) -> tuple[FollowPathGoal, ...]:
        """Return each line."""
        return tuple(FollowPathGoal(path.name) for path in scene.paths)

    def subgoals(self, goal: FollowPathGoal, scene: Scene) -> tuple[str, ...]:
        """Return: get onto the line, follow it, stop."""
        what = f"the {named(scene.paths, goal.line).color} line"
        return f"step onto {what}", f"follow {what}", "stop at its end"

    def plan(self, goal: FollowPathGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: follow the line."""
        return (FollowLine(named(scene.paths, goal.line).points),)

    def judge(self, goal: FollowPathGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return FollowPathJudge(goal, scene)


class FollowPathJudge(LocomotionJudge):
    """Judges one episode.

    Success: the robot has walked along all of the line, in order and within `ON_LINE`, stands still
    within `END_TOLERANCE` of its end and `HEADING_TOLERANCE` of its last piece, and does so for
    `HOLD_TIME` without interruption. Failure: it is further than `OFF_LINE` from the part of the
    line that comes next.
    """

    def __init__(self, goal: FollowPathGoal, scene: Scene) -> None:
        super().__init__()
        self._line = Polyline(named(scene.paths, goal.line).points)
        self._others = [Polyline(path.points) for path in scene.paths if path.name != goal.line]
        self._walked = 0.0
        self._arrived = Hold(HOLD_TIME)

    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        line = self._line
        along, off = line.nearest(stance.x, stance.y, self._walked - WINDOW, self._walked + WINDOW)
        if off <= ON_LINE:
            self._walked = max(self._walked, along)
        is_at_end = self._is_at_end(stance)
        is_there = is_at_end and is_standing_still(state.robot)
        success = self._arrived.update(is_there, state.time)
        return Judgement(
            success=success,
            failure=self._failure(stance) if off > OFF_LINE else None,
            subgoal=3 if is_there else self._subgoal(is_at_end=is_at_end),
            progress=self._walked / line.length,
        )

    def _subgoal(self, *, is_at_end: bool) -> int:
        if is_at_end:
            return 2
        return 1 if self._walked > STARTED else 0

    def _is_at_end(self, stance: Stance) -> bool:
        end = self._line.at(self._line.length)
        turn = wrapped(stance.yaw - self._line.headings[-1])
        return (
            self._line.length - self._walked <= END_TOLERANCE
            and stance.distance(*end) <= END_TOLERANCE
            and abs(turn) <= HEADING_TOLERANCE
        )

    def _failure(self, stance: Stance) -> str:
        """Return why the robot has left its line: for another one, or for none."""
        is_on_other = any(other.nearest(stance.x, stance.y)[1] <= ON_LINE for other in self._others)
        return WRONG_OBJECT if is_on_other else LEFT_LINE
