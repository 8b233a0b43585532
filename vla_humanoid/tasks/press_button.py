"""PressButton: press the named button of a console."""

from dataclasses import dataclass

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.fixture_row import Row, sample_row
from vla_humanoid.tasks.core.joint_judge import JointGoal, JointJudge
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import Press, Skill
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.task import Judge
from vla_humanoid.tasks.language.buttons import PRESSING

BUTTONS = Row(
    word="button",
    kinds=(
        ("button", "button", "button"),
        ("button", "button", "button", "button"),
        ("button", "button", "button", "button", "button"),
    ),
    x=(0.37, 0.42),
    spacing=(0.112, 0.125),
    shift=0.02,
    scales=(0.9, 1.1),
    console=0.04,
)
PRESSED, TOUCHED = 0.7, 0.4
"""Shares of its travel by which a button is pressed, and by which another may be touched."""


@dataclass(frozen=True)
class PressButtonGoal:
    """Which button of the scene, by name."""

    button: str


class PressButton(SpokenTask[PressButtonGoal]):
    """A console with 3 to 5 buttons on springs; one of them is to be pressed, and no other."""

    name = "PressButton"
    goal_type = PressButtonGoal
    sentences = PRESSING
    repeatable = True
    time_limit = 15.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a console on a table."""
        return sample_row(random, BUTTONS)

    def goals(self, scene: Scene) -> tuple[PressButtonGoal, ...]:
        """Return each button."""
        return tuple(
            PressButtonGoal(button.name) for button in scene.fixtures if button.kind == "button"
        )

    def subgoals(self, goal: PressButtonGoal, scene: Scene) -> tuple[str, ...]:
        """Return: reach, press."""
        color = named(scene.fixtures, goal.button).color
        return f"bring a hand over the {color} button", "press it"

    def plan(self, goal: PressButtonGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: press."""
        return (Press(goal.button, pressed(goal.button, scene).low),)

    def judge(self, goal: PressButtonGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return PressButtonJudge(pressed(goal.button, scene), scene)


class PressButtonJudge(JointJudge):
    """Judges one episode.

    Success: the named button is pressed in by at least `PRESSED` of its travel, if only for a
    moment, and the robot stands. Failure: another button is pressed in by more than `TOUCHED` of
    the same travel.
    """


def pressed(name: str, scene: Scene) -> JointGoal:
    """Return where a button is when it is pressed; once is enough, since it springs back."""
    button = named(scene.fixtures, name)
    travel = button.scale * FIXTURES[button.kind].limits[1]
    return JointGoal(name, PRESSED * travel, 1.2 * travel, 0.0, TOUCHED * travel)
