"""CloseDrawer: push the named drawer shut."""

from dataclasses import dataclass, replace

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.drawers import DRAWERS, OPEN, SHUT, CloseDrawerJudge, shut, travel
from vla_humanoid.tasks.core.fixture_row import sample_row
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import MoveHandle, Skill
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.task import Judge
from vla_humanoid.tasks.language.drawers import CLOSING

OPEN_COUNT = 2
"""How many drawers are open at first."""


@dataclass(frozen=True)
class CloseDrawerGoal:
    """Which drawer of the scene, by name."""

    drawer: str


class CloseDrawer(SpokenTask[CloseDrawerGoal]):
    """A table with 2 or 3 drawers, two of them open; one of these is to be closed."""

    name = "CloseDrawer"
    goal_type = CloseDrawerGoal
    sentences = CLOSING
    repeatable = lasting = True
    time_limit = 20.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample drawers in a row, fronts towards the robot."""
        scene = sample_row(random, DRAWERS)
        order = random.stream("open drawers").permutation(len(scene.fixtures))
        is_open = set(order[:OPEN_COUNT].tolist())
        drawers = [
            replace(
                drawer,
                opening=travel(drawer)
                * random.uniform("object_pose", (OPEN, 1.0), 0.9, f"of open {drawer.name}"),
            )
            if index in is_open
            else drawer
            for index, drawer in enumerate(scene.fixtures)
        ]
        return replace(scene, fixtures=tuple(drawers))

    def goals(self, scene: Scene) -> tuple[CloseDrawerGoal, ...]:
        """Return each drawer that is not shut."""
        return tuple(
            CloseDrawerGoal(drawer.name)
            for drawer in scene.fixtures
            if drawer.kind == "drawer" and drawer.opening > SHUT * travel(drawer)
        )

    def subgoals(self, goal: CloseDrawerGoal, scene: Scene) -> tuple[str, ...]:
        """Return: take hold, push."""
        color = named(scene.fixtures, goal.drawer).color
        return f"take hold of the {color} drawer", "push it shut"

    def plan(self, goal: CloseDrawerGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: push the handle."""
        wanted = shut(goal.drawer, scene)
        return (MoveHandle(wanted.fixture, wanted.low, wanted.high),)

    def judge(self, goal: CloseDrawerGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return CloseDrawerJudge(shut(goal.drawer, scene), scene)
