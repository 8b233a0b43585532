import pytest

from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import PushOpen
from vla_humanoid.tasks.core.room_doors import is_hinged_left


@pytest.mark.slow
@pytest.mark.parametrize("hinged_left", [True, False])
def test_it_pushes_doors_open_and_walks_through(hinged_left: bool) -> None:
    env = HumanoidEnv("OpenDoorAndEnter", cameras=())
    door = ""
    for seed in range(20):
        env.reset(seed=seed)
        scene = env.episode.scene
        _, push, _ = env.task.plan(env.episode.goal, scene)
        assert isinstance(push, PushOpen)
        door = push.door
        if is_hinged_left(named(scene.fixtures, door)) == hinged_left:
            break
    expert = Expert(env)
    expert.reset()
    while True:
        _, _, terminated, truncated, info = env.step(expert.act())
        assert expert.gave_up is None
        if terminated or truncated:
            break
    state = env.world_state()
    env.close()
    assert info["success"]
    assert state.fixtures[door].position > 1.2
    assert all(it.position < 0.02 for name, it in state.fixtures.items() if name != door)
