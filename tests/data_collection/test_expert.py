from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import SIDES, Pose, RigidBodyState, Twist
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import Pick
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.pick_place import PickPlaceGoal

CLOSED = 0.9


@dataclass(frozen=True)
class Attempt:
    """What became of an episode."""

    actions: NDArray[np.float32]
    states: NDArray[np.float32]
    success: bool
    failure: str | None


def open_env(control_mode: str = "end_effector", randomization: str = "default") -> HumanoidEnv:
    return HumanoidEnv(
        "PickPlace", control_mode=control_mode, cameras=(), randomization=randomization
    )


@pytest.fixture(scope="module")
def env() -> Iterator[HumanoidEnv]:
    env = open_env()
    yield env
    env.close()


def goal_of(env: HumanoidEnv) -> PickPlaceGoal:
    goal = env.episode.goal
    assert isinstance(goal, PickPlaceGoal)
    return goal


def carry_out(
    env: HumanoidEnv,
    choose: Callable[[], NDArray[np.float32] | None],
    watch: Callable[[NDArray[np.float32]], None] = lambda action: None,
) -> Attempt:
    """Act in the episode that the environment is in until it is over or there is no action."""
    actions, states, over, info = [], [], False, dict[str, object]()
    while not over and (action := choose()) is not None:
        observation, _, terminated, truncated, info = env.step(action)
        actions.append(action)
        states.append(observation["state"])
        watch(action)
        over = terminated or truncated
    failure = info.get("failure")
    return Attempt(
        np.array(actions),
        np.array(states),
        bool(info.get("success")),
        None if failure is None else str(failure),
    )


def follow(
    env: HumanoidEnv,
    expert: Expert,
    watch: Callable[[NDArray[np.float32]], None] = lambda action: None,
) -> Attempt:
    """Let an expert act in the episode that the environment is in."""
    expert.reset()

    def choose() -> NDArray[np.float32] | None:
        action = expert.act()
        return None if expert.gave_up else action

    return carry_out(env, choose, watch)


def solve(env: HumanoidEnv, seed: int) -> Attempt:
    env.reset(seed=seed)
    return follow(env, Expert(env))


def grips(env: HumanoidEnv, attempt: Attempt) -> dict[str, NDArray[np.float64]]:
    names = [field.name for field in env.action_spec.fields]
    physical = np.array([env.action_spec.to_physical(action) for action in attempt.actions])
    return {side: physical[:, names.index(f"{side}_grip")] for side in SIDES}


def seed_for(env: HumanoidEnv, side: str) -> int:
    """A seed whose object stands well on one side of the robot."""
    sign = 1.0 if side == "left" else -1.0
    for seed in range(100):
        env.reset(seed=seed)
        position = named(env.episode.scene.objects, goal_of(env).object).position
        if 0.12 < sign * position[1] < 0.25:
            return seed
    raise AssertionError(f"No object stands on the {side}.")


@pytest.mark.parametrize("side", SIDES)
def test_it_solves_episodes_with_the_hand_that_is_nearer(env: HumanoidEnv, side: str) -> None:
    attempt = solve(env, seed_for(env, side))
    assert attempt.success
    other = SIDES[1 - SIDES.index(side)]
    assert grips(env, attempt)[side].max() > CLOSED
    assert grips(env, attempt)[other].max() < CLOSED


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["arm_joints", "right_arm"])
def test_it_speaks_the_other_balanced_modes_as_well(mode: str) -> None:
    env = open_env(mode, "none")
    attempt = solve(env, seed_for(env, "right"))
    env.close()
    assert attempt.success
    assert attempt.actions.shape[1] == env.action_spec.dim


def test_its_actions_alone_bring_about_the_success(env: HumanoidEnv) -> None:
    attempt = solve(env, 0)
    assert attempt.success
    assert attempt.actions.dtype == np.float32
    assert env.action_space.contains(attempt.actions[0])
    assert np.abs(attempt.actions).max() <= 1.0
    # Open loop, without an expert.
    env.reset(seed=0)
    recorded = iter(attempt.actions)
    replayed = carry_out(env, lambda: next(recorded, None))
    assert replayed.success
    np.testing.assert_array_equal(replayed.states, attempt.states)


def test_the_same_seed_gives_the_same_actions_whatever_came_before(env: HumanoidEnv) -> None:
    used = Expert(env)
    env.reset(seed=9)
    used.reset()
    for _ in range(10):
        env.step(used.act())
    env.reset(seed=0)
    again = follow(env, used)
    fresh = open_env()
    first = solve(fresh, 0)
    fresh.close()
    np.testing.assert_array_equal(again.actions, first.actions)


def clear_way(env: HumanoidEnv, name: str, distance: float) -> NDArray[np.float64]:
    """The step on the table that takes a thing farthest from everything else."""
    bodies = env.world_state().objects
    here = bodies[name].pose.position[:2]
    others = [body.pose.position[:2] for other, body in bodies.items() if other != name]
    angles = np.linspace(-np.pi, np.pi, 24, endpoint=False)
    steps = distance * np.column_stack([np.cos(angles), np.sin(angles)])
    steps = [step for step in steps if 0.28 < here[0] + step[0] < 0.44]
    return max(steps, key=lambda step: min(np.linalg.norm(here + step - o) for o in others))


@pytest.mark.parametrize("side", SIDES)
def test_it_tries_again_where_the_object_is_gone_when_the_hand_closes(side: str) -> None:
    env = open_env(randomization="object_pose")
    env.reset(seed=seed_for(env, side))
    name, moved = goal_of(env).object, []
    closing = [field.name for field in env.action_spec.fields].index(f"{side}_grip")

    def snatch(action: NDArray[np.float32]) -> None:
        if action[closing] > CLOSED and not moved:
            moved.append(clear_way(env, name, 0.10))
            assert isinstance(env.simulation, MujocoSimulation)
            env.simulation.data.joint(f"{name}_joint").qpos[:2] += moved[0]

    attempt = follow(env, Expert(env), snatch)
    closed = grips(env, attempt)[side] > CLOSED
    env.close()
    assert moved
    assert attempt.success
    # It closed, opened and closed again.
    assert np.count_nonzero(np.diff(closed.astype(int)) == 1) >= 2


@pytest.mark.slow
def test_it_gives_up_what_is_out_of_reach_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    env = open_env()
    env.reset(seed=0)
    monkeypatch.setattr(env.task, "time_limit", 60.0)  # Its tries may take longer than the task's.
    state, name = env.world_state(), goal_of(env).object
    table, pose = table_of(env.episode.scene), state.objects[name].pose
    far = np.array([table.position[0] + 0.25, -0.5, pose.position[2]])
    at_rest = Twist(np.zeros(3), np.zeros(3))
    moved = RigidBodyState(Pose(far, pose.quat_wxyz), at_rest)
    env.restore(replace(state, objects={**state.objects, name: moved}))
    expert = Expert(env)
    attempt = follow(env, expert)
    assert not attempt.success
    assert expert.gave_up == "grasp missed"
    assert attempt.failure is None  # The robot still stands, and nothing else went wrong.
    assert env.world_state().objects[name].pose.position == pytest.approx(far, abs=0.02)
    env.close()


def test_a_mode_without_balance_is_refused_with_those_it_speaks() -> None:
    env = open_env("joints")
    with pytest.raises(ValueError, match=r"'joints'.*end_effector, arm_joints or right_arm"):
        Expert(env)
    env.close()


def test_a_plan_that_only_picks_is_carried_out_and_held(
    env: HumanoidEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    env.reset(seed=5)
    name = goal_of(env).object
    monkeypatch.setattr(env.task, "plan", lambda goal, scene: (Pick(name),))
    expert = Expert(env)
    expert.reset()
    for _ in range(160):
        env.step(expert.act())
    assert expert.gave_up is None
    resting = named(env.episode.scene.objects, name).position[2]
    assert env.world_state().objects[name].pose.position[2] > resting + 0.05
