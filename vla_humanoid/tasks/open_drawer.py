"""OpenDrawer: pull the named drawer open."""

from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.drawers import DRAWERS, OPEN, OpenDrawerJudge, opened, travel
from vla_humanoid.tasks.core.fixture_row import sample_row
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import MoveHandle, Skill
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.task import Judge
from vla_humanoid.tasks.language.drawers import OPENING


@dataclass(frozen=True)
class OpenDrawerGoal:
    """Which drawer of the scene, by name."""

    drawer: str


class OpenDrawer(SpokenTask[OpenDrawerGoal]):
    """A table with 2 or 3 drawers, all shut; one is to be opened."""

    name = "OpenDrawer"
    goal_type = OpenDrawerGoal
    sentences = OPENING
    repeatable = lasting = True
    time_limit = 20.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample drawers in a row, fronts towards the robot."""
        return sample_row(random, DRAWERS)

    def goals(self, scene: Scene) -> tuple[OpenDrawerGoal, ...]:
        """Return each drawer that is not open."""
        return tuple(
            OpenDrawerGoal(drawer.name)
            for drawer in scene.fixtures
            if drawer.kind == "drawer" and drawer.opening < OPEN * travel(drawer)
        )

    def subgoals(self, goal: OpenDrawerGoal, scene: Scene) -> tuple[str, ...]:
        """Return: take hold, pull."""
        color = named(scene.fixtures, goal.drawer).color
        return f"take hold of the {color} drawer", "pull it open"

    def plan(self, goal: OpenDrawerGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: pull the handle."""
        wanted = opened(goal.drawer, scene)
        return (MoveHandle(wanted.fixture, wanted.low, wanted.high),)

    def judge(self, goal: OpenDrawerGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return OpenDrawerJudge(opened(goal.drawer, scene), scene)
