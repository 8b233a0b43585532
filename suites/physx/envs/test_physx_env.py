"""Environments that PhysX simulates."""

import os
import subprocess
import sys
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from numpy.typing import NDArray

from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import Action, HumanoidEnv, Observation
from vla_humanoid.sims.engine_names import ENGINES
from vla_humanoid.sims.physx.library import PhysxUnavailable
from vla_humanoid.sims.physx.simulation import PhysxSimulation
from vla_humanoid.tasks import task_names
from vla_humanoid.tasks.core.randomization import AXES

PICK_PLACE = "VLAHumanoid-PickPlace-v0"


def bare(env: gymnasium.Env[Observation, Action]) -> HumanoidEnv:
    assert isinstance(env.unwrapped, HumanoidEnv)
    return env.unwrapped


def random_actions(seed: int, count: int) -> NDArray[np.float32]:
    """Small wishes that leave the robot on its feet."""
    rng = np.random.default_rng(seed)
    actions = 0.1 * rng.standard_normal((count, 18)).astype(np.float32)
    actions[:, 14:17] = 0.0
    return actions


def everything(env: HumanoidEnv, seed: int, actions: NDArray[np.float32]) -> bytes:
    """All that an episode yields, to the last bit."""
    observation, _ = env.reset(seed=seed)
    parts: list[bytes] = []
    for action in actions:
        world = env.world_state()
        parts += [np.asarray(observation["state"]).tobytes()]
        parts += [world.robot.joint_velocities.tobytes(), world.robot.base.twist.linear.tobytes()]
        parts += [wrench.tobytes() for wrench in world.robot.foot_wrenches.values()]
        parts += [body.pose.position.tobytes() for body in world.objects.values()]
        observation, *_ = env.step(action)
    return b"".join(parts)


def test_gymnasium_finds_nothing_to_complain_about() -> None:
    env = gymnasium.make(PICK_PLACE, engine="physx", cameras=("head",), image_size=32)
    assert bare(env).config.engine == "physx"
    check_env(env.unwrapped, skip_render_check=True)
    assert isinstance(bare(env).simulation, PhysxSimulation)
    env.close()


def test_an_unknown_engine_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'bullet'.*" + ", ".join(ENGINES)):
        gymnasium.make(PICK_PLACE, engine="bullet")


def test_an_episode_begins_as_in_mujoco() -> None:
    states = {}
    for engine in ENGINES:
        env = HumanoidEnv("PickPlace", cameras=(), engine=engine)
        env.reset(seed=5)
        states[engine] = env.world_state(), env.instruction, env.episode
        env.close()
    (theirs, sentence, episode), (ours, same_sentence, same_episode) = states.values()
    assert sentence == same_sentence
    assert episode == same_episode
    assert ours.robot.joint_positions == pytest.approx(theirs.robot.joint_positions, abs=1e-6)
    for name, body in theirs.objects.items():
        assert ours.objects[name].pose.position == pytest.approx(body.pose.position, abs=1e-6)


def test_a_seed_repeats_its_episode_bit_for_bit_whatever_else_the_process_simulates() -> None:
    actions = random_actions(0, 12)
    env = HumanoidEnv("PickPlace", cameras=(), engine="physx")
    first = everything(env, 7, actions)
    other = everything(env, 8, actions)
    assert other != first
    assert everything(env, 7, actions) == first
    env.close()
    # Beside another world that steps in turns with it.
    env, beside = (HumanoidEnv("PickPlace", cameras=(), engine="physx") for _ in range(2))
    beside.reset(seed=9)
    step, wishes = env.step, iter(actions)

    def step_both(action: Action) -> tuple[Observation, float, bool, bool, dict[str, object]]:
        beside.step(next(wishes))
        return step(action)

    env.step = step_both
    assert everything(env, 7, actions) == first
    env.close()
    beside.close()


def test_a_seed_repeats_its_episode_in_another_process() -> None:
    script = (
        "import hashlib, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from test_physx_env import *\n"
        "env = HumanoidEnv('PickPlace', cameras=(), engine='physx')\n"
        "print(hashlib.sha256(everything(env, 7, random_actions(0, 6))).hexdigest())\n"
    )
    folder = str(Path(__file__).parent)
    runs = [
        subprocess.run(
            [sys.executable, "-c", script, folder], capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    first, second = (run.stdout.split()[-1] for run in runs)
    assert first == second


def test_a_diverging_simulation_ends_the_episode_with_its_reason() -> None:
    env = HumanoidEnv("PickPlace", cameras=(), engine="physx", randomization="none")
    env.reset(seed=0)
    state = env.world_state()
    state.robot.base.twist.linear[0] = 1e3
    env.simulation.reset(state)
    observation, _, terminated, _, info = env.step(np.zeros(18, dtype=np.float32))
    assert terminated
    assert info["failure"] == "diverged"
    assert np.isfinite(observation["state"]).all()
    env.close()


@pytest.mark.parametrize("task", task_names())
def test_the_expert_does_every_task(task: str) -> None:
    env = HumanoidEnv(task, cameras=(), engine="physx", randomization="none")
    _, info = env.reset(seed=1)
    expert = Expert(env)
    expert.reset()
    over = False
    while not over:
        action = expert.act()
        assert expert.gave_up is None
        _, _, terminated, truncated, info = env.step(action)
        over = terminated or truncated
    assert info["success"], info["failure"]
    env.close()


@pytest.mark.parametrize("axis", AXES)
def test_every_axis_of_randomization_is_followed(axis: str) -> None:
    env = HumanoidEnv("WalkToTarget", cameras=(), engine="physx", randomization=(axis,))
    env.reset(seed=2)
    *_, info = env.step(random_actions(0, 1)[0])
    assert info["failure"] is None
    env.close()


def make_env() -> gymnasium.Env[Observation, Action]:
    return gymnasium.make(PICK_PLACE, engine="physx", cameras=())


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_vector_environments_step_worlds_in_processes_of_their_own(context: str) -> None:
    """In the process of the tests PhysX is loaded already, so another one starts them."""
    script = (
        "import sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from test_physx_env import *\n"
        "from gymnasium.vector import AsyncVectorEnv\n"
        "if __name__ == '__main__':\n"
        "    envs = AsyncVectorEnv([make_env] * 2, context=sys.argv[2])\n"
        "    observations, _ = envs.reset(seed=[3, 4])\n"
        "    envs.step(np.zeros((2, 18), np.float32))\n"
        "    print(observations['state'].shape[0])\n"
        "    envs.close()\n"
    )
    folder = str(Path(__file__).parent)
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, folder, context],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.split()[-1:] == ["2"], run.stderr


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # Of Python 3.12.
def test_a_fork_after_use_is_refused_with_what_to_do_instead() -> None:
    env = HumanoidEnv("StandStill", cameras=(), engine="physx")
    env.reset(seed=0)
    child = os.fork()
    if child == 0:
        try:
            HumanoidEnv("StandStill", cameras=(), engine="physx").reset(seed=0)
        except PhysxUnavailable as error:
            os._exit(0 if "context='spawn'" in str(error) else 2)
        os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    env.close()
