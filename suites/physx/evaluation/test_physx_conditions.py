"""Perturbed episodes, and the energy of motors, in PhysX."""

import numpy as np
import pytest

from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.conditions import AXES, UNSEEN_AXES, Condition
from vla_humanoid.evaluation.config import FIRST_SEED, EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.evaluation.perturbation import alteration
from vla_humanoid.policy_runner.holding import HoldAction
from vla_humanoid.schema import FloatArray
from vla_humanoid.sims.engine_names import ENGINES


def held(env: HumanoidEnv, steps: int = 10) -> FloatArray:
    """Let the robot stand, and return where its joints and the things are."""
    observation, _ = env.reset(seed=FIRST_SEED)
    state = np.asarray(observation["state"], dtype=np.float32)
    action = HoldAction(env.action_spec, env.state_fields).at(state)
    for _ in range(steps):
        env.step(action)
    world = env.world_state()
    bodies = [body.pose.position for body in world.objects.values()]
    return np.concatenate([world.robot.joint_positions, *bodies])


def test_every_axis_that_alters_the_world_does_so() -> None:
    env = HumanoidEnv("PickPlace", cameras=("head",), image_size=64, engine="physx")
    plain = held(env)
    image = env.simulation.render("head")
    for axis in AXES:
        env.alteration = alteration(Condition(axis, 5))
        if env.alteration is None:
            assert axis in ("sensor_noise", "latency", "language")
            continue
        altered = held(env, 45 if axis == "pushes" else 10)
        assert np.isfinite(altered).all()
        if axis in UNSEEN_AXES:
            assert np.array_equal(altered, plain)
            assert not np.array_equal(env.simulation.render("head"), image)
        else:
            assert not np.array_equal(altered, plain)
    env.close()


def test_motors_turn_over_as_much_energy_as_in_mujoco_and_actions_come_late_alike() -> None:
    found: list[EpisodeResult] = []
    for engine in ENGINES:
        evaluator = Evaluator(EvaluationConfig("expert", engine=engine))
        found.append(evaluator.run("PressButton", FIRST_SEED, condition=Condition("latency", 1)))
        evaluator.close()
    first, second = found
    assert first.success
    assert second.success
    assert first.energy > 20.0
    assert second.energy == pytest.approx(first.energy, rel=0.1)


def test_the_expert_is_pushed() -> None:
    evaluator = Evaluator(EvaluationConfig("expert", engine="physx"))
    pushed = evaluator.run("PressButton", FIRST_SEED, condition=Condition("push"))
    evaluator.close()
    assert pushed.event_at is not None
    assert not pushed.fallen
