"""Evaluations of real episodes: what decides them, and what does not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.evaluation.config import FIRST_SEED, EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult, JournalError
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.evaluation.results import write_results
from vla_humanoid.evaluation.run import JOURNAL, Evaluation, evaluate

EXPERT = EvaluationConfig("expert")
TASKS = ("PressButton", "TurnToFace")


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate(EXPERT, TASKS, 2, tmp_path_factory.mktemp("report"))


def outcomes(evaluation: Evaluation) -> list[tuple[object, ...]]:
    return [one.outcome for one in evaluation.episodes]


def test_the_expert_succeeds_and_its_episodes_are_described(evaluation: Evaluation) -> None:
    assert [(one.task, one.seed - FIRST_SEED) for one in evaluation.episodes] == [
        ("PressButton", 0),
        ("PressButton", 1),
        ("TurnToFace", 0),
        ("TurnToFace", 1),
    ]
    for one in evaluation.episodes:
        assert one.success
        assert one.success_any
        assert one.failure == ""
        assert one.subgoal == one.subgoals > 0
        assert one.told == one.instruction != ""
        assert (one.least_margin > 0.0) == (one.task == "PressButton")  # Walking is falling.
        assert one.seconds == one.steps / 20.0
        assert one.cpu_seconds > 0.0
        assert one.roughness > 0.0


def test_results_depend_on_neither_workers_nor_the_order_of_tasks(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    again = evaluate(EXPERT, TASKS[::-1], 2, tmp_path, workers=2)
    assert outcomes(again) == outcomes(evaluation)


def test_an_interrupted_evaluation_goes_on_where_it_was(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    first, second, *_ = evaluation.episodes
    header = json.dumps(EXPERT.to_json())
    lines = [header, first.to_json(), second.to_json()[:-20]]  # Killed while writing.
    (tmp_path / JOURNAL).write_text("\n".join(lines))
    ran: list[tuple[str, int]] = []
    again = evaluate(
        EXPERT,
        TASKS[:1],
        2,
        tmp_path,
        on_episode=lambda one, over, of: ran.append((one.task, over)),
    )
    assert ran == [("PressButton", 2)]
    assert outcomes(again) == outcomes(evaluation)[:2]
    assert again.episodes[0] == first


def test_the_journal_of_another_evaluation_is_left_alone(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    evaluate(EXPERT, (), 0, tmp_path)
    before = (tmp_path / JOURNAL).read_bytes()
    with pytest.raises(JournalError, match="policy was 'expert', now 'zero'"):
        evaluate(replace(EXPERT, policy="zero"), TASKS, 1, tmp_path)
    assert (tmp_path / JOURNAL).read_bytes() == before
    (tmp_path / JOURNAL).write_text(before.decode() + "nonsense\n")
    with pytest.raises(JournalError, match="line 2, is not JSON"):
        evaluate(EXPERT, TASKS, 1, tmp_path)


def test_results_count_what_the_episodes_say(evaluation: Evaluation, tmp_path: Path) -> None:
    *good, last = evaluation.episodes
    failed = replace(last, success=False, failure="fallen", fallen=True, wrong_object=True)
    path = write_results(Evaluation(EXPERT, evaluation.tasks, (*good, failed)), tmp_path)
    results = json.loads(path.read_text())
    assert results["config"]["policy"] == "expert"
    turning, everything = results["tasks"]["TurnToFace"], results["all"]
    assert turning["episodes"] == 2
    assert turning["success_rate"] == 0.5
    assert turning["wilson95"] == pytest.approx([0.0945, 0.9055], abs=1e-4)
    assert turning["following_rate"] == 0.5
    assert everything["falls"] == 1
    assert everything["failures"] == {"fallen": 1}
    assert everything["success_rate"] == 0.75


@pytest.mark.parametrize("policy", ["zero", "random"])
def test_what_knows_nothing_fails_and_does_so_the_same_way_twice(policy: str) -> None:
    config = replace(EXPERT, policy=policy)
    found: list[EpisodeResult] = []
    for _ in range(2):
        evaluator = Evaluator(config)
        found.append(evaluator.run("PressButton", FIRST_SEED))
        evaluator.close()
    assert not found[0].success
    assert found[0].failure
    assert found[0].outcome == found[1].outcome


def test_a_counterfactual_sentence_is_another_goal_in_the_same_scene(
    evaluation: Evaluation,
) -> None:
    evaluator = Evaluator(replace(EXPERT, words="counterfactual"))
    other = evaluator.run("PressButton", FIRST_SEED)
    evaluator.close()
    assert other.success
    assert other.instruction != evaluation.episodes[0].instruction
    assert not other.wrong_object


@pytest.mark.parametrize(
    ("config", "task", "said"),
    [
        (replace(EXPERT, policy="oracle"), "PickPlace", "expert, zero, random, replay:DEMOS"),
        (replace(EXPERT, policy="ws://127.0.0.1:9"), "PickPlace", "cannot be reached"),
        (replace(EXPERT, control_mode="right_arm"), "TurnToFace", "cannot walk in mode"),
        (replace(EXPERT, split="unseen_planet"), "PickPlace", "unseen_planet"),
        (EXPERT, "Juggle", "Juggle"),
    ],
)
def test_what_does_not_fit_is_refused_before_the_first_episode(
    config: EvaluationConfig, task: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        evaluate(config, (task,), 1, tmp_path)
