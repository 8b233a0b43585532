import numpy as np
import pytest

from vla_humanoid.assets.scene import Landmark, Scene, StaticBox, Table
from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.skills.ground import ground_of
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.tasks.core.stance import Stance

WALL = StaticBox("wall", "white", (1.0, 1.0, 1.0), (0.1, 2.0, 1.7), (1.0, 0.0, 0.85))
LINTEL = StaticBox("lintel", "red", (1.0, 0.0, 0.0), (0.1, 2.0, 0.2), (1.0, 0.0, 1.8))
CONE = Landmark("red_cone", "cone", "red", (1.0, 0.0, 0.0), (-1.0, 0.0))


def clearance(scene: Scene, x: float, y: float) -> float:
    ground = ground_of(scene, Stance(0.0, 0.0, 0.0), Stance(x, y, 0.0))
    return float(ground.clearance(np.array([[x, y]]))[0])


def test_the_map_knows_walls_tables_and_landmarks() -> None:
    assert clearance(Scene(boxes=(WALL,)), 0.5, 0.0) == pytest.approx(0.45, abs=0.08)
    assert clearance(Scene(table=Table((1.0, 0.0))), 0.5, 0.0) == pytest.approx(0.3, abs=0.08)
    assert clearance(Scene(landmarks=(CONE,)), -0.5, 0.0) == pytest.approx(0.26, abs=0.08)


def test_what_is_overhead_is_in_nobodys_way() -> None:
    assert clearance(Scene(boxes=(LINTEL,)), 1.0, 0.0) > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("name", ["FetchAndDeliver", "WalkThroughDoorway", "StepOver"])
def test_the_expert_solves_it_and_no_other_goal(name: str) -> None:
    env = HumanoidEnv(name, cameras=())
    env.reset(seed=1)
    episode = env.episode
    others = [goal for goal in env.task.goals(episode.scene) if goal != episode.goal]
    judges = [env.task.judge(goal, episode.scene) for goal in others]
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
