"""A policy that is asked for chunks, under conditions: what it sees, hears, and how late it is."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.description import Description
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.acting import acting
from vla_humanoid.evaluation.conditions import AS_IT_IS, Condition
from vla_humanoid.evaluation.config import FIRST_SEED, EvaluationConfig
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.evaluation.perturbation import alteration, latency
from vla_humanoid.policy_runner.execution import RecedingHorizon
from vla_humanoid.policy_runner.inference import InStep
from vla_humanoid.policy_runner.policy import Query
from vla_humanoid.policy_runner.runner import PolicyRunner
from vla_humanoid.policy_runner.serving.background import in_background
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
from vla_humanoid.schema import action_spec, state_fields

DESCRIPTION = Description(
    action=action_spec("end_effector", JOINT_RANGES),
    state=state_fields(JOINT_NAMES),
    cameras=("head",),
    image_size=32,
    rate=20.0,
    tasks=("PressButton", "Stack"),
)
STEPS = 8


class Watching:
    """Asks for the middle of every range, and keeps what it sees and hears."""

    def __init__(self) -> None:
        self.description = DESCRIPTION
        self.told: list[str] = []
        self.images: list[NDArray[np.uint8]] = []

    def reset(self, instruction: str) -> None:
        self.told.append(instruction)

    def act(self, query: Query) -> NDArray[np.float32]:
        self.images.append(np.array(query.observation["images/head"], dtype=np.uint8))
        return np.zeros((16, DESCRIPTION.action.dim), dtype=np.float32)


def watched(condition: Condition) -> tuple[Watching, PolicyRunner, HumanoidEnv]:
    """Let a policy act for a while under a condition."""
    env = HumanoidEnv("PressButton", cameras=("head",), image_size=32, randomization="none")
    env.alteration = alteration(condition)
    observation, _ = env.reset(seed=FIRST_SEED)
    policy = Watching()
    runner = PolicyRunner(InStep(policy, latency(condition)), RecedingHorizon(4))
    acts = acting(runner, env, "PressButton", "own", condition)
    acts.policy.reset()
    for _ in range(STEPS):
        observation, *_ = env.step(acts.policy.act(observation))
    env.close()
    return policy, runner, env


@pytest.mark.parametrize("axis", ["camera", "light", "texture", "sensor_noise"])
def test_it_sees_something_else_and_hears_the_same(axis: str) -> None:
    plain, _, _ = watched(AS_IT_IS)
    seen, _, _ = watched(Condition(axis, 3))
    again, _, _ = watched(Condition(axis, 3))
    assert seen.told == plain.told
    assert len(seen.images) == len(plain.images) == STEPS // 4
    assert np.array_equal(seen.images, again.images)
    difference = np.abs(np.array(seen.images, float) - np.array(plain.images, float))
    assert difference.mean() > 5.0


def test_it_hears_something_else_and_sees_the_same() -> None:
    plain, _, env = watched(AS_IT_IS)
    told = {
        str(condition): watched(condition)[0]
        for condition in (Condition("language", 4), Condition("wording", 2))
    }
    for heard in told.values():
        assert np.array_equal(heard.images, plain.images)
        assert len(heard.told) == 1
        assert heard.told != plain.told
    assert told["wording:2"].told[0] in env.episode.instruction.paraphrases


def test_its_answers_are_late_by_steps() -> None:
    _, prompt, _ = watched(AS_IT_IS)
    _, late, _ = watched(Condition("latency", 3))
    assert prompt.report.stale == 0
    assert late.report.stale == 4
    assert late.report.fallbacks["late"] == 1


def test_what_it_was_trained_on_is_what_its_description_says() -> None:
    assert Description.from_json(DESCRIPTION.to_json()) == DESCRIPTION
    with in_background(PolicyServer(Watching, ServerConfig(port=0))) as running:
        evaluator = Evaluator(EvaluationConfig(running.url))
        taught = evaluator.run("PressButton", FIRST_SEED, condition=Condition("teacher"))
        evaluator.close()
    assert taught.trained is True
    assert taught.success
    assert taught.action_accuracy is not None
    assert 0.0 < taught.action_accuracy < 1.0
    assert taught.told == taught.instruction
