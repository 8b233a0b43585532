"""OpenDoor: pull the door of the named cabinet open."""

from dataclasses import dataclass

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import FixtureKind, Scene
from vla_humanoid.tasks.core.fixture_row import Row, sample_row
from vla_humanoid.tasks.core.joint_judge import JointGoal, JointJudge
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import MoveHandle, Skill
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.task import Judge
from vla_humanoid.tasks.language.doors import OPENING

HINGED: tuple[FixtureKind, ...] = ("left-hinged door", "right-hinged door")
DOORS = Row(
    word="door",
    kinds=(HINGED,),
    x=(0.60, 0.615),
    spacing=(0.25, 0.29),
    shift=0.03,
    heights=(0.64, 0.74),
    nominal_height=0.69,
)
OPEN = 0.9
"""Least angle of an open door [rad]."""
HOLD_TIME = 0.5
"""How long it must be open [s]."""
WRONG_MOVE = 0.25
"""How far the other door may move [rad]."""


@dataclass(frozen=True)
class OpenDoorGoal:
    """Which door of the scene, by name."""

    door: str


class OpenDoor(SpokenTask[OpenDoorGoal]):
    """A table with two cabinets, both shut; the door of one is to be opened."""

    name = "OpenDoor"
    goal_type = OpenDoorGoal
    sentences = OPENING
    repeatable = lasting = True
    time_limit = 25.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample two cabinets side by side, hinged on their outer sides."""
        return sample_row(random, DOORS)

    def goals(self, scene: Scene) -> tuple[OpenDoorGoal, ...]:
        """Return each door that is not open."""
        return tuple(
            OpenDoorGoal(door.name)
            for door in scene.fixtures
            if door.kind in HINGED and door.opening < OPEN
        )

    def subgoals(self, goal: OpenDoorGoal, scene: Scene) -> tuple[str, ...]:
        """Return: take hold, pull."""
        color = named(scene.fixtures, goal.door).color
        return f"take hold of the {color} door", "pull it open"

    def plan(self, goal: OpenDoorGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: pull the handle."""
        wanted = opened(goal.door, scene)
        return (MoveHandle(wanted.fixture, wanted.low, wanted.high),)

    def judge(self, goal: OpenDoorGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return OpenDoorJudge(opened(goal.door, scene), scene)


class OpenDoorJudge(JointJudge):
    """Judges one episode.

    Success: the named door is open by at least `OPEN` rad for `HOLD_TIME` s without interruption,
    and the robot stands. Failure: the other door has been moved by more than `WRONG_MOVE` rad.
    """


def opened(name: str, scene: Scene) -> JointGoal:
    """Return where a door is when it is open."""
    _, widest = FIXTURES[named(scene.fixtures, name).kind].limits
    return JointGoal(name, OPEN, 1.02 * widest, HOLD_TIME, WRONG_MOVE)
