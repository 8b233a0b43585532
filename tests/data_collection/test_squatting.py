import pytest

from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import HumanoidEnv


def test_each_goal_is_reached_and_no_other() -> None:
    env = HumanoidEnv("SquatDown", cameras=())
    for index in range(4):
        env.reset(seed=3, options={"goal_index": index})
        scene = env.episode.scene
        others = [goal for goal in env.task.goals(scene) if goal != env.episode.goal]
        judges = [env.task.judge(goal, scene) for goal in others]
        expert, steps = Expert(env), 0
        expert.reset()
        while True:
            _, _, terminated, truncated, info = env.step(expert.act())
            steps += 1
            assert expert.gave_up is None
            assert not any(judge.update(env.world_state()).success for judge in judges)
            if terminated or truncated:
                break
        assert info["success"]
        assert steps < 120
    env.close()


@pytest.mark.parametrize("seed", [0, 1])
def test_it_picks_things_up_from_below_its_knees(seed: int) -> None:
    env = HumanoidEnv("PickFromFloor", cameras=())
    env.reset(seed=seed)
    expert = Expert(env)
    expert.reset()
    while True:
        _, _, terminated, truncated, info = env.step(expert.act())
        assert expert.gave_up is None
        if terminated or truncated:
            break
    env.close()
    assert info["success"]
