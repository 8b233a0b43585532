"""What becomes of results under conditions, from made-up episodes."""

from dataclasses import replace

import pytest
from made_episodes import made

from vla_humanoid.evaluation.conditions import Condition
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.curves import (
    accuracies,
    consistencies,
    curves,
    recoveries,
    switches,
    transfer,
)
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.rates import mean
from vla_humanoid.evaluation.run import Evaluation

CONFIG = EvaluationConfig("ws://localhost:1")


def episodes(task: str, row: str, condition: str = "") -> tuple[EpisodeResult, ...]:
    """An episode for each letter: + a success, - a failure."""
    ended = (made(task, seed, letter == "+", condition) for seed, letter in enumerate(row))
    return tuple(replace(one, fallen=not one.success) for one in ended)


def evaluation(plain: tuple[EpisodeResult, ...], *varied: tuple[EpisodeResult, ...]) -> Evaluation:
    tasks = tuple(sorted({one.task for one in plain}))
    return Evaluation(CONFIG, tasks, plain, tuple(one for group in varied for one in group))


def test_a_curve_begins_at_level_0_and_pairs_every_level_with_it() -> None:
    found = curves(
        evaluation(
            (*episodes("Sort", "++++++++"), *episodes("Wipe", "++")),
            episodes("Sort", "-----+++", "camera:4"),
            episodes("Sort", "+++++++-", "camera:1"),
            episodes("Wipe", "++", "camera:4"),
            episodes("Wipe", "+-", "camera:1"),
        )
    )
    assert set(found) == {"Sort", "Wipe", "all"}
    points = found["Sort"]["camera"]
    assert [point["level"] for point in points] == [0, 1, 4]
    assert [point["success_rate"] for point in points] == [1.0, 7 / 8, 3 / 8]
    assert points[0]["difference"] == 0.0
    assert points[2]["difference"] == -5 / 8
    assert points[2]["difference95"][1] < 0.0
    assert points[2]["p_value"] == pytest.approx(2 / 2**5)
    assert points[2]["falls"] == 5
    low, high = points[1]["wilson95"]
    assert low < 7 / 8 < high
    assert found["all"]["camera"][2]["episodes"] == 10
    assert curves(evaluation(episodes("Sort", "++"))) == {}


def test_recovery_counts_only_those_that_were_truly_disturbed() -> None:
    dropped = [
        replace(one, event_at=1.5 if one.seed else None) for one in episodes("Sort", "++--", "drop")
    ]
    found = recoveries(evaluation(episodes("Sort", "-+++"), tuple(dropped)))["Sort"]["drop"]
    assert (found["tried"], found["episodes"]) == (4, 3)
    assert found["success_rate"] == pytest.approx(1 / 3)
    assert found["undisturbed"]["success_rate"] == 1.0
    assert found["failures"] == {"timeout": 2}


def test_wordings_are_consistent_where_all_end_alike() -> None:
    found = consistencies(
        evaluation(
            episodes("Sort", "++--"),
            episodes("Sort", "+--+", "wording:1"),
            episodes("Sort", "++--", "wording:2"),
        )
    )["Sort"]
    assert (found["wordings"], found["episodes"], found["success_rate"]) == (3, 4, 0.5)
    assert found["success_of_wordings"]["episodes"] == 8


def test_accuracy_is_a_mean_with_an_interval() -> None:
    taught = [
        replace(one, action_error=0.1 * one.seed, action_accuracy=1.0 - 0.1 * one.seed)
        for one in episodes("Sort", "+++", "teacher")
    ]
    found = accuracies(evaluation(episodes("Sort", "---"), tuple(taught)))["Sort"]
    assert found["action_error"]["mean"] == pytest.approx(0.1)
    low, high = found["action_accuracy"]["mean95"]
    assert 0.8 <= low < 0.9 < high <= 1.0
    assert mean([2.0]) == {"mean": 2.0, "mean95": (2.0, 2.0)}


def test_switches_are_judged_where_they_came() -> None:
    plain = tuple(
        replace(one, event_at=0.9 if one.seed < 3 else None) for one in episodes("Sort", "++-+")
    )
    assert switches(evaluation(plain)) == {}
    switched = replace(evaluation(plain), config=replace(CONFIG, words="switch"))
    found = switches(switched)["all"]
    assert (found["tried"], found["episodes"]) == (4, 3)
    assert found["success_rate"] == pytest.approx(2 / 3)


def test_transfer_is_known_where_the_policy_says_what_it_was_trained_on() -> None:
    plain = (*episodes("Sort", "++"), *episodes("Wipe", "+-"))
    assert transfer(evaluation(plain)) is None
    told = tuple(replace(one, trained=one.task == "Sort") for one in plain)
    found = transfer(evaluation(told))
    assert found is not None
    assert found["tasks"] == {"Sort": True, "Wipe": False}
    assert found["trained"] is not None
    assert found["trained"]["success_rate"] == 1.0
    assert found["untrained"] is not None
    assert found["untrained"]["success_rate"] == 0.5


def test_conditions_are_told_apart_in_journals() -> None:
    (one,) = episodes("Sort", "+", "light:2")
    assert one.job.condition == Condition("light", 2)
    assert EpisodeResult.from_json(one.to_json()) == one
