import pytest

from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import HumanoidEnv


@pytest.mark.parametrize("seed", [0, 1])
def test_it_wipes_the_stain_that_is_named_and_no_other(seed: int) -> None:
    env = HumanoidEnv("Wipe", cameras=())
    env.reset(seed=seed)
    scene = env.episode.scene
    others = [goal for goal in env.task.goals(scene) if goal != env.episode.goal]
    judges = [env.task.judge(goal, scene) for goal in others]
    expert = Expert(env)
    expert.reset()
    while True:
        _, _, terminated, truncated, info = env.step(expert.act())
        assert expert.gave_up is None
        assert not any(judge.update(env.world_state()).success for judge in judges)
        if terminated or truncated:
            break
    env.close()
    assert info["success"]
