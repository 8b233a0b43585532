import pytest

from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import rollout
from vla_humanoid.envs.humanoid_env import HumanoidEnv


@pytest.mark.slow
@pytest.mark.parametrize("task", ["UseTool", "PourInto"])
@pytest.mark.parametrize(
    ("control_mode", "seed"),
    [("end_effector", 3), ("arm_joints", 4)],  # Arms and waist alone do not reach every jug.
)
def test_the_expert_uses_tools(task: str, control_mode: str, seed: int) -> None:
    env = make_env(f"VLAHumanoid-{task}-v0", {"cameras": (), "control_mode": control_mode})
    bare = env.unwrapped
    assert isinstance(bare, HumanoidEnv)
    outcome = rollout(env, Expert(bare), seed)
    env.close()
    assert outcome.success, outcome.failure
