"""Stages of goals, on made-up base judges whose states are times at which things happen."""

from dataclasses import dataclass

import pytest
from synthetic_worlds import robot, world

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.forms.staged_judge import StagedJudge
from vla_humanoid.tasks.core.plan import Skill, Stand
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.task import FALLEN, WRONG_OBJECT, Judge, Verdict
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar


@dataclass(frozen=True)
class Bell:
    name: str


class RingJudge(Judge):
    """The bell that rings at a time is told by `RUNG`; another one that rings is a mistake."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._excused: str | None = None
        self._is_first = True

    def update(self, state: WorldState) -> Verdict:
        rung = RUNG.get(round(state.time))
        if self._is_first:
            self._is_first, self._excused = False, rung
        if rung == "fall":
            return Verdict(False, FALLEN, False, 0, 0.0)
        if rung == self._bell.name:
            return Verdict(True, None, False, 1, 1.0, 1.0)
        if rung is not None and rung != self._excused:
            return Verdict(False, WRONG_OBJECT, True, 0, 0.0)
        return Verdict(False, None, False, 0, 0.0, 0.5)


class Ring(SpokenTask[Bell]):
    name = "Ring"
    time_limit = 5.0
    goal_type = Bell
    sentences = SceneGrammar((), {})

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        return Scene()

    def goals(self, scene: Scene) -> tuple[Bell, ...]:
        return A, B, C

    def subgoals(self, goal: Bell, scene: Scene) -> tuple[str, ...]:
        return (f"ring {goal.name}",)

    def plan(self, goal: Bell, scene: Scene) -> tuple[Skill, ...]:
        return (Stand(1.0),)

    def judge(self, goal: Bell, scene: Scene) -> Judge:
        return RingJudge(goal)


A, B, C = Bell("a"), Bell("b"), Bell("c")
RUNG: dict[int, str] = {}


def judged(stages: list[list[Bell]], rings: str) -> list[Verdict]:
    """Let bells ring, one a second; "-" is none, "!" a fall."""
    RUNG.clear()
    RUNG.update({k: {"!": "fall"}.get(ring, ring) for k, ring in enumerate(rings) if ring != "-"})
    judge = StagedJudge(Ring(), stages, Scene())
    return [judge.update(world(float(k), {}, robot())) for k in range(len(rings))]


def test_a_sequence_succeeds_in_its_order_only():
    assert [verdict.success for verdict in judged([[A], [B]], "-a-b")] == [False] * 3 + [True]
    assert judged([[A], [B]], "-b")[-1].failure == WRONG_OBJECT
    assert judged([[A], [B]], "-a-c")[-1].failure == WRONG_OBJECT


def test_progress_and_subgoals_count_what_is_behind():
    verdicts = judged([[A], [B]], "-a-b")
    assert [verdict.subgoal for verdict in verdicts] == [0, 1, 1, 2]
    assert [verdict.progress for verdict in verdicts] == [0.25, 1.0, 0.75, 1.0]
    assert [verdict.reward for verdict in verdicts] == [0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("rings", ["-a", "-b"])
def test_any_goal_of_a_stage_will_do(rings: str):
    assert judged([[A, B]], rings)[-1].success


def test_what_no_goal_of_a_stage_admits_is_a_failure():
    assert judged([[A, B]], "-c")[-1].failure == WRONG_OBJECT


def test_each_goal_counts_once():
    assert not judged([[A, B], [A, B]], "-a-")[-1].success
    assert judged([[A, B], [A, B]], "-a-b")[-1].success
    assert not judged([[A, B], [A, B]], "-a--a")[-1].success


def test_a_fall_ends_it_and_the_first_end_stands():
    verdicts = judged([[A], [B]], "-a!b")
    assert [verdict.failure for verdict in verdicts] == [None, None, FALLEN, FALLEN]
