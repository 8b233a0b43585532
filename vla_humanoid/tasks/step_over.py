"""StepOver: step over the named one of two low bars, and not on it."""

from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene, StaticBox
from vla_humanoid.schema import SIDES, RobotState, WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.bars import bars_of, is_under, sample_bars, spans
from vla_humanoid.tasks.core.floor import sample_floor
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import Judgement
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.locomotion import WALKING_PUSHES, LocomotionJudge
from vla_humanoid.tasks.core.plan import Skill, WalkTo
from vla_humanoid.tasks.core.predicates import LOADED_FORCE, is_standing_still
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.stepping import STEPPING

BEFORE, BEHIND = 0.4, 0.5
"""Where the expert stands before the bar, and where behind it [m]."""
OVER = 0.2
"""Distance of the middle of the stance from the bar at which the robot is over it [m]."""
HOLD_TIME = 0.5
"""How long it must stand there [s]."""
STEPPED_ON = "stepped_on"
"""Failure: a foot that bears weight is on a bar."""
AROUND_BAR = "around_bar"
"""Failure: the robot got past the bars without stepping over either."""


@dataclass(frozen=True)
class StepOverGoal:
    """Which bar of the scene, by name."""

    bar: str


class StepOver(SpokenTask[StepOverGoal]):
    """Two bars of different colours side by side ahead; the robot is to step over one of them."""

    name = "StepOver"
    goal_type = StepOverGoal
    sentences = STEPPING
    time_limit = 40.0
    pushes = WALKING_PUSHES
    walks = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample two bars 0.8 to 1.3 m ahead, 2 to 4 cm high."""
        friction, _ = sample_floor(random)
        return randomize_appearance(
            Scene(boxes=sample_bars(random), floor_friction=friction), random
        )

    def goals(self, scene: Scene) -> tuple[StepOverGoal, ...]:
        """Return both bars, from left to right."""
        return tuple(StepOverGoal(bar.name) for bar in bars_of(scene))

    def subgoals(self, goal: StepOverGoal, scene: Scene) -> tuple[str, ...]:
        """Return: go there, step over, stop."""
        color = named(scene.boxes, goal.bar).color
        return f"walk up to the {color} bar", "step over it", "stop behind it"

    def plan(self, goal: StepOverGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: walk before the bar, then behind it."""
        x, y, _ = named(scene.boxes, goal.bar).position
        return WalkTo(x - BEFORE, y, 0.0), WalkTo(x + BEHIND, y, 0.0)

    def judge(self, goal: StepOverGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return StepOverJudge(goal, scene)


class StepOverJudge(LocomotionJudge):
    """Judges one episode.

    Success: the middle of the robot's stance has crossed the named bar, in either direction, and
    then the robot stands still, `OVER` or more from it on that side and no foot above it, for
    `HOLD_TIME`. Failure: a foot that bears weight is on a bar, or the robot crosses the other bar
    or passes beside both.
    """

    def __init__(self, goal: StepOverGoal, scene: Scene) -> None:
        super().__init__()
        self._bars = bars_of(scene)
        self._target = named(self._bars, goal.bar)
        self._line = self._target.position[0]
        self._standing = Hold(HOLD_TIME)
        self._before: Stance | None = None
        self._excused: frozenset[str] | None = None
        self._side = 0.0
        """+1 or -1: on which side of the bar the robot came down; 0 before."""

    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        failure = self._follow(stance)
        standing_on = frozenset(bar.name for bar in self._bars if _bears_weight(bar, state.robot))
        if self._excused is None:
            self._excused = standing_on
        if standing_on - self._excused:
            failure = STEPPED_ON
        beyond = self._side * (stance.x - self._line)
        is_over = self._side != 0.0 and beyond >= OVER and not self._has_foot_above(state.robot)
        success = self._standing.update(is_over and is_standing_still(state.robot), state.time)
        is_near = abs(stance.x - self._line) < 1.5 * BEFORE and spans(self._target, stance.y)
        subgoal = (3 if success else 2) if is_over else int(is_near or self._side != 0.0)
        return Judgement(success, failure, subgoal, self._progress(stance, beyond))

    def _follow(self, stance: Stance) -> str | None:
        """Take where the robot is; return what went wrong if it has passed the bars elsewhere."""
        before, self._before = self._before or stance, stance
        if (before.x < self._line) == (stance.x < self._line):
            return None
        share = (self._line - before.x) / (stance.x - before.x)
        y = before.y + share * (stance.y - before.y)
        crossed = next((bar for bar in self._bars if spans(bar, y)), None)
        if crossed == self._target:
            self._side = 1.0 if stance.x >= self._line else -1.0
            return None
        return AROUND_BAR if crossed is None else WRONG_OBJECT

    def _has_foot_above(self, robot: RobotState) -> bool:
        return any(is_under(self._target, robot.links[f"{side}_ankle_roll_link"]) for side in SIDES)

    def _progress(self, stance: Stance, beyond: float) -> float:
        """Return a half for the bar itself, less before it and more behind it."""
        if self._side != 0.0:
            return 0.5 + 0.5 * min(max(beyond / OVER, 0.0), 1.0)
        x, y, _ = self._target.position
        return 0.5 / (1.0 + stance.distance(x, y))


def _bears_weight(bar: StaticBox, robot: RobotState) -> bool:
    return any(
        robot.foot_wrenches[side][2] > LOADED_FORCE
        and is_under(bar, robot.links[f"{side}_ankle_roll_link"])
        for side in SIDES
    )
