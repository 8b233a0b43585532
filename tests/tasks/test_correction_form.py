from synthetic_worlds import robot, world

from vla_humanoid.schema import WorldState
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.forms.correction import CorrectionGoal, CorrectionJudge
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Judge, Verdict


class Scripted(Judge):
    """Says one verdict at a time; the last one for good."""

    def __init__(self, *verdicts: Verdict) -> None:
        self._verdicts = list(verdicts)

    def update(self, state: WorldState) -> Verdict:
        return self._verdicts.pop(0) if len(self._verdicts) > 1 else self._verdicts[0]


def stands(subgoal: int = 0, failure: str | None = None, *, success: bool = False) -> Verdict:
    return Verdict(success, failure, failure == WRONG_OBJECT, subgoal, float(success))


def judged(opening: Judge, goal: Judge, steps: int) -> list[Verdict]:
    judge = CorrectionJudge(opening, goal, 1.0)
    return [judge.update(world(2.0 + 0.5 * k, {}, robot())) for k in range(steps)]


def test_it_is_corrected_after_its_time_and_judged_by_the_other_goal_from_then_on():
    verdicts = judged(Scripted(stands()), Scripted(stands(), stands(success=True)), 4)
    assert [verdict.corrected for verdict in verdicts] == [False, False, True, True]
    assert [verdict.success for verdict in verdicts] == [False, False, False, True]


def test_it_is_corrected_when_the_first_sub_goal_is_reached():
    verdicts = judged(Scripted(stands(), stands(1)), Scripted(stands()), 2)
    assert [verdict.corrected for verdict in verdicts] == [False, True]


def test_a_mistake_before_it_stands():
    verdicts = judged(Scripted(stands(failure=FALLEN)), Scripted(stands(success=True)), 4)
    assert [verdict.failure for verdict in verdicts] == [FALLEN] * 4


def test_what_is_said_at_first_is_the_beginning_of_all_that_is_said():
    task = load_task("PickPlace", ("correction",))
    random = EpisodeRandom(4, DEFAULT_AXES)
    scene = task.sample_scene(random)
    for goal in task.goals(scene)[:10]:
        assert isinstance(goal, CorrectionGoal)
        said = task.instruct(goal, scene, random.stream("instruction"))
        assert said.text.startswith(said.opening + " - ")
        assert load_task("PickPlace").understand(said.opening, scene) == goal.opening
        assert task.opening_plan(goal, scene) != task.plan(goal, scene)
