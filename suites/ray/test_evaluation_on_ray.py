"""Evaluations on a real Ray cluster of two nodes find what those of one machine do."""

from dataclasses import replace
from pathlib import Path

import pytest
from nodes import TwoNodes

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.evaluation.conditions import Condition
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.run import JOURNAL, Evaluation, evaluate

EXPERT = EvaluationConfig("expert", randomization=("none",))
TASKS = ("PressButton",)
CONDITIONS = (Condition("robot_start", 1),)
EPISODES = 2


def outcomes(found: Evaluation) -> list[tuple[object, ...]]:
    return [one.outcome for one in (*found.episodes, *found.varied)]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    folder = tmp_path_factory.mktemp("here")
    return evaluate(EXPERT, TASKS, EPISODES, folder, conditions=CONDITIONS)


def test_the_results_of_one_machine(tmp_path: Path, two_nodes: TwoNodes, here: Evaluation) -> None:
    there = evaluate(
        EXPERT,
        TASKS,
        EPISODES,
        tmp_path,
        conditions=CONDITIONS,
        workers=2,
        ray=two_nodes.address,
    )
    assert outcomes(there) == outcomes(here)


def test_a_killed_node_costs_only_what_was_in_flight(
    tmp_path: Path, two_nodes: TwoNodes, here: Evaluation
) -> None:
    over: list[int] = []

    def kill(episode: EpisodeResult, count: int, total: int) -> None:
        over.append(count)
        if count == 1:
            two_nodes.kill_second()

    there = evaluate(
        EXPERT,
        TASKS,
        EPISODES,
        tmp_path,
        conditions=CONDITIONS,
        workers=2,
        ray=two_nodes.address,
        on_episode=kill,
    )
    assert over == [1, 2, 3, 4]
    assert outcomes(there) == outcomes(here)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (replace(EXPERT, policy="ws://127.0.0.1:9"), "does not start on .*cannot be reached"),
        (replace(EXPERT, split="unseen_planet"), "does not start on .*unseen_planet"),
    ],
)
def test_what_does_not_fit_there_is_told(
    config: EvaluationConfig, said: str, tmp_path: Path, two_nodes: TwoNodes
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        evaluate(config, TASKS, 1, tmp_path, ray=two_nodes.address)
    assert len((tmp_path / JOURNAL).read_text().splitlines()) == 1


def test_no_cluster_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No connection to a Ray cluster at 'nowhere'"):
        evaluate(EXPERT, TASKS, 1, tmp_path, ray="nowhere")
