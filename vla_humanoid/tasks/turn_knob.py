"""TurnKnob: turn the named knob the way that is said."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vla_humanoid.assets.fixtures.knob import TURNS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.fixture_row import Row, sample_row
from vla_humanoid.tasks.core.joint_judge import JointGoal, JointJudge
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import MoveHandle, Skill
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.task import Judge
from vla_humanoid.tasks.language.knobs import TURNING

Direction: TypeAlias = Literal["left", "right"]

KNOBS = Row(
    word="knob",
    kinds=(("knob", "knob"), ("knob", "knob", "knob")),
    x=(0.37, 0.41),
    spacing=(0.15, 0.16),
    shift=0.01,
    yaw=0.14,
)
TURNED = 1.05
"""Least angle of a knob that is turned to its stop, which is at `TURNS` [rad]."""
HOLD_TIME = 0.5
"""How long it must be there [s]."""
WRONG_MOVE = 0.35
"""How far another knob may turn, or this one the other way [rad]."""


@dataclass(frozen=True)
class TurnKnobGoal:
    """Which knob of the scene, by name, and which way, seen from above."""

    knob: str
    direction: Direction


class TurnKnob(SpokenTask[TurnKnobGoal]):
    """A table with 2 or 3 knobs that turn to either side; one is to be turned to a stop."""

    name = "TurnKnob"
    goal_type = TurnKnobGoal
    sentences = TURNING
    repeatable = lasting = True
    time_limit = 20.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample knobs in a row, pointers straight ahead."""
        return sample_row(random, KNOBS)

    def goals(self, scene: Scene) -> tuple[TurnKnobGoal, ...]:
        """Return each knob with either direction."""
        directions: tuple[Direction, ...] = ("left", "right")
        return tuple(
            TurnKnobGoal(knob.name, direction)
            for knob in scene.fixtures
            for direction in directions
            if knob.kind == "knob"
        )

    def follows(self, goal: TurnKnobGoal, earlier: TurnKnobGoal, scene: Scene) -> bool:
        """Tell whether it is about another knob."""
        return goal.knob != earlier.knob

    def subgoals(self, goal: TurnKnobGoal, scene: Scene) -> tuple[str, ...]:
        """Return: take hold, turn."""
        color = named(scene.fixtures, goal.knob).color
        return f"take hold of the {color} knob", f"turn it to the {goal.direction}"

    def plan(self, goal: TurnKnobGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: turn."""
        wanted = turned(goal)
        return (MoveHandle(wanted.fixture, wanted.low, wanted.high),)

    def judge(self, goal: TurnKnobGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return TurnKnobJudge(turned(goal), scene)


class TurnKnobJudge(JointJudge):
    """Judges one episode.

    Success: the named knob is turned the right way by at least `TURNED` rad, where the stop is at
    `TURNS` rad, for `HOLD_TIME` s without interruption, and the robot stands. Failure: another knob
    has been turned by more than `WRONG_MOVE` rad, or this one the other way by as much.
    """


def turned(goal: TurnKnobGoal) -> JointGoal:
    """Return where a knob is when it is turned as a goal wants it."""
    low, high = TURNED, 1.05 * TURNS
    if goal.direction == "right":
        low, high = -high, -low
    return JointGoal(goal.knob, low, high, HOLD_TIME, WRONG_MOVE)
