"""Real episodes under conditions."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vla_humanoid.assets.figures import is_finger
from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.conditions import Condition
from vla_humanoid.evaluation.config import FIRST_SEED, EvaluationConfig
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.evaluation.late_actions import Late
from vla_humanoid.evaluation.recovery import disturbed
from vla_humanoid.evaluation.results import write_results
from vla_humanoid.evaluation.run import evaluate

EXPERT = EvaluationConfig("expert")
ZERO = EvaluationConfig("zero")


class Counting:
    """Says which call this is."""

    gave_up: str | None = None

    def __init__(self, env: HumanoidEnv) -> None:
        self._dim = env.action_spec.dim

    def reset(self) -> None:
        self._calls = 0

    def act(self, observation: Observation) -> Action:
        self._calls += 1
        return np.full(self._dim, 0.01 * self._calls, dtype=np.float32)


def test_conditions_are_added_to_an_evaluation_that_stays_as_it_was(tmp_path: Path) -> None:
    config = replace(EXPERT, randomization=("pushes", "initial_posture"))
    plain = evaluate(config, ("PressButton",), 1, tmp_path)
    conditions = (Condition("robot_start", 2), Condition("latency", 1), Condition("push"))
    ran: list[str] = []
    both = evaluate(
        config,
        ("PressButton",),
        1,
        tmp_path,
        conditions=conditions,
        on_episode=lambda one, over, of: ran.append(one.condition),
    )
    assert ran == [str(one) for one in conditions]
    assert both.episodes == plain.episodes
    (as_it_is,) = plain.episodes
    start, late, pushed = both.varied
    assert {one.instruction for one in both.varied} == {as_it_is.instruction}
    assert as_it_is.energy > 5.0
    assert start.energy != as_it_is.energy
    assert late.steps > as_it_is.steps
    assert pushed.event_at == pytest.approx(2.0, abs=0.06)
    results = json.loads(write_results(both, tmp_path).read_text())
    assert [point["level"] for point in results["curves"]["all"]["latency"]] == [0, 1]
    assert results["recovery"]["PressButton"]["push"]["episodes"] == 1
    assert results["tasks"]["PressButton"]["energy"]["mean"] == pytest.approx(as_it_is.energy)


def test_late_actions_begin_with_the_robot_as_it_is() -> None:
    env = HumanoidEnv("PressButton", cameras=(), randomization="none")
    observation, _ = env.reset(seed=1)
    late = Late(Counting(env), env, 2)
    late.reset()
    first, second, third = (late.act(observation) for _ in range(3))
    assert np.array_equal(first, second)
    assert third == pytest.approx(np.full(env.action_spec.dim, 0.01))
    env.step(first)
    moved = env.world_state().robot.joint_velocities
    body = [not is_finger(name) for name in env.joint_names]  # Hands open, as they are told.
    assert np.abs(moved[body]).max() < 0.5


def test_the_expert_acts_where_a_policy_only_looks_on() -> None:
    evaluator = Evaluator(ZERO)
    taught = evaluator.run("PressButton", FIRST_SEED, condition=Condition("teacher"))
    evaluator.close()
    assert taught.success
    assert taught.action_error is not None
    assert taught.action_error > 0.05
    assert taught.action_accuracy is not None
    assert 0.0 < taught.action_accuracy < 0.9


def test_a_thing_that_is_dropped_by_force_lies_there_again() -> None:
    evaluator = Evaluator(EXPERT)
    dropped = evaluator.run("PickPlace", FIRST_SEED, condition=Condition("drop"))
    evaluator.close()
    assert dropped.event_at is not None
    assert 0.5 < dropped.event_at < 10.0


def test_a_switch_is_told_as_a_plain_sentence_of_the_new_goal() -> None:
    evaluator = Evaluator(replace(EXPERT, words="switch"))
    switched = evaluator.run("PressButton", FIRST_SEED)
    evaluator.close()
    assert switched.success
    assert switched.event_at is not None
    assert switched.event_at > 0.0
    assert " - " in switched.instruction
    assert " - " not in switched.told != ""


def test_hands_without_grips_cannot_be_opened_by_force() -> None:
    env = HumanoidEnv("PickPlace", cameras=(), control_mode="joints")
    with pytest.raises(ConfigurationError, match="mode 'joints' does not have"):
        disturbed("drop", Counting(env), env)
