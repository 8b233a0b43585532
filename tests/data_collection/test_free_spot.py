from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject
from vla_humanoid.data_collection.skills.body import Body
from vla_humanoid.data_collection.skills.free_spot import free_spot
from vla_humanoid.envs.episode import Episode
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import Pose, WorldState

Spot = tuple[float, float]
AWAY = 0.04


@dataclass(frozen=True)
class Rearranged:
    """The world of an environment, but one thing stands in the container."""

    env: HumanoidEnv
    thing: GraspableObject
    spot: Spot

    @property
    def episode(self) -> Episode:
        return self.env.episode

    def world_state(self) -> WorldState:
        state = self.env.world_state()
        box = self.episode.scene.containers[0]
        center = state.objects[box.name].pose.position
        height = box.scale * CONTAINERS[box.shape].floor_height
        height += self.thing.scale * OBJECTS[self.thing.shape].half_height
        pose = Pose(center + np.array([*self.spot, height]), np.array([1.0, 0.0, 0.0, 0.0]))
        moved = replace(state.objects[self.thing.name], pose=pose)
        return replace(state, objects={**state.objects, self.thing.name: moved})


@pytest.fixture(scope="module")
def env() -> Generator[HumanoidEnv, None, None]:
    env = HumanoidEnv("Sort", cameras=(), randomization="none")
    env.reset(seed=0)
    yield env
    env.close()


def test_an_empty_container_takes_things_where_they_were_planned(env: HumanoidEnv) -> None:
    scene = env.episode.scene
    thing, box = scene.objects[0], scene.containers[0]
    assert free_spot(Body(env), scene, thing, box, "left", (0.0, AWAY)) == (0.0, AWAY)


def test_the_middle_is_the_middle_whatever_lies_there(env: HumanoidEnv) -> None:
    scene = env.episode.scene
    thing, other, box = *scene.objects[:2], scene.containers[0]
    body = Body(Rearranged(env, other, (0.0, 0.0)))
    assert free_spot(body, scene, thing, box, "left", (0.0, 0.0)) == (0.0, 0.0)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("taken", [(0.0, AWAY), (0.0, -AWAY)])
def test_what_lies_there_already_is_kept_clear_of(env: HumanoidEnv, side: str, taken: Spot) -> None:
    scene = env.episode.scene
    thing, other, box = *scene.objects[:2], scene.containers[0]
    body = Body(Rearranged(env, other, taken))
    spot = free_spot(body, scene, thing, box, side, (0.0, AWAY))
    assert np.hypot(*spot) == pytest.approx(AWAY)
    assert np.linalg.norm(np.subtract(spot, taken)) > 1.4 * AWAY
