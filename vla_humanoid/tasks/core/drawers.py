"""What tasks about drawers have in common."""

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Fixture, Scene
from vla_humanoid.tasks.core.fixture_row import Row
from vla_humanoid.tasks.core.joint_judge import JointGoal, JointJudge
from vla_humanoid.tasks.core.kinds import named

DRAWERS = Row(
    word="drawer",
    kinds=(("drawer", "drawer"), ("drawer", "drawer", "drawer")),
    x=(0.630, 0.645),
    spacing=(0.236, 0.25),
    shift=0.03,
)
OPEN, SHUT = 0.8, 0.08
"""Least share of its travel by which an open drawer is out, and largest of one that is shut."""
HOLD_TIME = 0.5
"""How long it must be so [s]."""
WRONG_MOVE = 0.03
"""How far another drawer may move [m]."""


def travel(drawer: Fixture) -> float:
    """Return how far a drawer can be pulled out [m]."""
    return drawer.scale * FIXTURES[drawer.kind].limits[1]


def opened(name: str, scene: Scene) -> JointGoal:
    """Return where a drawer is when it is open: out by most of its travel."""
    way = travel(named(scene.fixtures, name))
    return JointGoal(name, OPEN * way, 1.1 * way, HOLD_TIME, WRONG_MOVE)


def shut(name: str, scene: Scene) -> JointGoal:
    """Return where a drawer is when it is shut: all the way in, but for a little play."""
    way = travel(named(scene.fixtures, name))
    return JointGoal(name, -SHUT * way, SHUT * way, HOLD_TIME, WRONG_MOVE)


class OpenDrawerJudge(JointJudge):
    """Judges one episode.

    Success: the named drawer is out by at least `OPEN` of its travel for `HOLD_TIME` s without
    interruption, and the robot stands. Failure: another drawer has been moved by more than
    `WRONG_MOVE` m.
    """


class CloseDrawerJudge(JointJudge):
    """Judges one episode.

    Success: the named drawer is out by at most `SHUT` of its travel for `HOLD_TIME` s without
    interruption, and the robot stands. Failure: another drawer has been moved by more than
    `WRONG_MOVE` m.
    """
