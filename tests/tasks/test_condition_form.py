from dataclasses import replace

from vla_humanoid.assets.scene import Fixture, Scene
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.forms.condition import Condition, ConditionGoal, holds
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom

DRAWER = Fixture("red_drawer", "drawer", "red", (1.0, 0.0, 0.0), (0.6, 0.0, 0.7), opening=0.1)


def test_a_drawer_is_open_or_closed():
    is_open, is_closed = (Condition("red_drawer", True, positive) for positive in (True, False))
    pulled, shut = Scene(fixtures=(DRAWER,)), Scene(fixtures=(replace(DRAWER, opening=0.0),))
    assert holds(is_open, pulled)
    assert not holds(is_open, shut)
    assert holds(is_closed, shut)


def test_a_thing_is_there_or_not():
    assert holds(Condition("red_drawer", False, True), Scene(fixtures=(DRAWER,)))
    assert holds(Condition("red_drawer", False, False), Scene())


def test_the_scene_decides_which_goal_is_meant_and_both_are_named():
    task = load_task("PickPlace", ("condition",))
    decided: set[bool] = set()
    scene = task.sample_scene(EpisodeRandom(2, DEFAULT_AXES))
    for goal in task.goals(scene):
        assert isinstance(goal, ConditionGoal)
        is_so = holds(goal.condition, scene)
        decided.add(is_so)
        chosen = goal.then if is_so else goal.otherwise
        assert task.plan(goal, scene) == load_task("PickPlace").plan(chosen, scene)
    assert decided == {True, False}
