"""Policies that pay no attention must not topple a standing robot.

Mode ``joints`` is left out: it has no balance layer, and its robot falls. Left out as well are the
pushes of StandStill while a policy makes the robot walk: they are meant for one that stands; those
of 8 N s that meet it at full speed, with its arms stretched out, can topple it. `extremes` topples
it as well when it may walk for long, in about one of a hundred episodes: it is held to 4 s.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from vla_humanoid.envs.humanoid_env import Action, HumanoidEnv
from vla_humanoid.schema import POLICY_RATE
from vla_humanoid.tasks.core.randomization import AXES

MODES = ("end_effector", "arm_joints", "right_arm")
TASKS = ("PickPlace", "StandStill")

Policy = Callable[[np.random.Generator, int], Iterator[Action]]


def noise(rng: np.random.Generator, size: int) -> Iterator[Action]:
    """Something else at every step, anywhere within the bounds."""
    while True:
        yield rng.uniform(-1.0, 1.0, size).astype(np.float32)


def extremes(rng: np.random.Generator, size: int) -> Iterator[Action]:
    """One end of every range or the other, changed twice a second."""
    while True:
        action = rng.choice([-1.0, 1.0], size).astype(np.float32)
        yield from [action] * (POLICY_RATE // 2)


def stuck(rng: np.random.Generator, size: int) -> Iterator[Action]:
    """One action for ever."""
    action = rng.uniform(-1.0, 1.0, size).astype(np.float32)
    while True:
        yield action


def zeros(rng: np.random.Generator, size: int) -> Iterator[Action]:
    while True:
        yield np.zeros(size, dtype=np.float32)


def nothing(rng: np.random.Generator, size: int) -> Iterator[Action]:
    """Not a number, from the start."""
    while True:
        yield np.full(size, np.nan, dtype=np.float32)


def broken(rng: np.random.Generator, size: int) -> Iterator[Action]:
    """Noise for a second, then nothing finite any more."""
    for _ in range(POLICY_RATE):
        yield rng.uniform(-1.0, 1.0, size).astype(np.float32)
    while True:
        yield rng.choice([np.nan, np.inf, -np.inf], size).astype(np.float32)


def harm(task: str, mode: str, policy: Policy, seed: int, seconds: float) -> object:
    """Let a policy act, whatever the judge says; return what went wrong first, or None."""
    walks = mode != "right_arm" and policy not in (zeros, nothing)
    is_pushed_hard = task == "StandStill"
    axes = [axis for axis in AXES if not (walks and is_pushed_hard and axis == "pushes")]
    env = HumanoidEnv(task, control_mode=mode, cameras=(), randomization=axes)
    try:
        return first_harm(env, policy, seed, seconds)
    finally:
        env.close()


def first_harm(env: HumanoidEnv, policy: Policy, seed: int, seconds: float) -> object:
    env.reset(seed=seed)
    actions = policy(np.random.default_rng(1000 + seed), env.action_spec.dim)
    for _ in range(round(seconds * POLICY_RATE)):
        observation, _, _, _, info = env.step(next(actions))
        is_finite = np.isfinite(observation["state"]).all()
        if info["fallen"] or info["failure"] == "diverged" or not is_finite:
            return info["failure"], info["safety"]
    return None


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("policy", [noise, extremes, stuck, zeros, nothing, broken])
def test_it_stays_on_its_feet(task: str, mode: str, policy: Policy) -> None:
    assert harm(task, mode, policy, seed=0, seconds=4.0) is None


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("policy", [noise, stuck])
@pytest.mark.parametrize("seed", [1, 7])
def test_it_stays_on_its_feet_for_longer(task: str, mode: str, policy: Policy, seed: int) -> None:
    assert harm(task, mode, policy, seed=seed, seconds=8.0) is None
