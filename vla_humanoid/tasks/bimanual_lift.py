"""BimanualLift: lift the named box, which is too wide for one hand, with both."""

from collections.abc import Hashable
from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import LiftBetween, Skill, TurnTo
from vla_humanoid.tasks.core.predicates import is_off_table, is_standing
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.tabletop import sample_table, table_of
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.core.wide_boxes import (
    is_held_level,
    place_before,
    risen,
    sample_wide_boxes,
)
from vla_humanoid.tasks.language.lifting import LIFTING

HEIGHT = 0.10
"""How far above where it stood a box must be held [m]."""
HOLD_TIME = 1.0
"""How long it must be held there [s]."""
OFF_TABLE = 0.03
"""How far up the wrong box may be [m]."""
WRONG_TIME = 0.3
"""How long it may be higher [s]."""


@dataclass(frozen=True)
class BimanualLiftGoal:
    """Which box of the scene, by name."""

    object: str


class BimanualLift(SpokenTask[BimanualLiftGoal]):
    """A table with 2 wide boxes; the robot is to lift one of them with both hands."""

    name = "BimanualLift"
    goal_type = BimanualLiftGoal
    sentences = LIFTING
    time_limit = 25.0
    walks = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a table with a box to either side of straight ahead."""
        table = sample_table(random)
        scene = Scene(table=table, objects=sample_wide_boxes(random, table))
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[BimanualLiftGoal, ...]:
        """Return each box."""
        return tuple(BimanualLiftGoal(box.name) for box in scene.objects)

    def subgoals(self, goal: BimanualLiftGoal, scene: Scene) -> tuple[str, ...]:
        """Return: lift it, hold it."""
        box = named(scene.objects, goal.object)
        return f"lift the {box.color} box with both hands", "hold it up level"

    def plan(self, goal: BimanualLiftGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: face the box, lift it."""
        here = place_before(named(scene.objects, goal.object), Stance(0.0, 0.0, 0.0))
        return TurnTo(here.yaw), LiftBetween(goal.object)

    def judge(self, goal: BimanualLiftGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return BimanualLiftJudge(goal, scene)


class BimanualLiftJudge(EpisodeJudge):
    """Judges one episode.

    Success: the named box is at least `HEIGHT` m above where it stood, level, with both hands at
    it, and the robot stands: all of it for `HOLD_TIME` s without interruption. Failure: the other
    box is lifted, or one of them falls off the table.
    """

    def __init__(self, goal: BimanualLiftGoal, scene: Scene) -> None:
        super().__init__()
        self._target = named(scene.objects, goal.object)
        self._others = [box for box in scene.objects if box is not self._target]
        self._table = table_of(scene)
        self._lifted = Hold(HOLD_TIME)
        self._mistakes, self._losses = Mistakes(WRONG_TIME), Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        height = risen(self._target, state)
        is_up = height >= HEIGHT and is_held_level(self._target, state)
        wrong: dict[Hashable, str] = {
            box.name: WRONG_OBJECT for box in self._others if risen(box, state) > OFF_TABLE
        }
        lost: dict[Hashable, str] = {
            box.name: DROPPED
            for box in (self._target, *self._others)
            if is_off_table(state.objects[box.name], self._table.height)
        }
        return Judgement(
            success=self._lifted.update(is_up and is_standing(state.robot), state.time),
            failure=self._losses.update(lost, state.time)
            or self._mistakes.update(wrong, state.time),
            subgoal=1 if is_up else 0,
            progress=min(max(height / HEIGHT, 0.0), 1.0) * 0.9,
        )
