import numpy as np
import pytest

from vla_humanoid.assets.payload import Payload
from vla_humanoid.assets.scene import Scene
from vla_humanoid.envs.episode import Episode, sample_episode
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.randomization import AXES
from vla_humanoid.viewer.visual_world import WORLD, VisualShape, VisualWorld


def sampled(task: str, seed: int = 1) -> Episode:
    return sample_episode(load_task(task), seed, AXES, None)


def named(world: VisualWorld, body: str) -> tuple[VisualShape, ...]:
    return next(found.shapes for found in world.bodies if found.name == body)


@pytest.mark.parametrize("task", task_names())
def test_everything_in_a_scene_can_be_seen(task: str) -> None:
    scene = sampled(task).scene
    world = VisualWorld(scene)
    names = {body.name for body in world.bodies if body.shapes}
    things = (*scene.objects, *scene.containers, *scene.landmarks, *scene.paths)
    assert {thing.name for thing in things} <= names
    assert {"pelvis", "torso_link", "left_wrist_yaw_link"} <= names


@pytest.mark.parametrize("task", ["PickPlace", "WalkToTarget"])
def test_meshes_are_closed_and_look_outward(task: str) -> None:
    meshes = [
        shape
        for body in VisualWorld(sampled(task).scene).bodies
        for shape in body.shapes
        if shape.kind == "mesh"
    ]
    assert len(meshes) > 50
    for mesh in meshes:
        a, b, c = np.moveaxis(mesh.vertices[mesh.faces], 1, 0)
        # Six times the volume (the divergence theorem): negative if faces were turned inward.
        assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0.0


def test_colours_are_those_of_the_scene() -> None:
    scene = sampled("PickPlace").scene
    world = VisualWorld(scene)
    thing = scene.objects[0]
    assert any(np.allclose(shape.color, thing.rgb, atol=0.02) for shape in named(world, thing.name))
    for body in world.bodies:
        for shape in body.shapes:
            assert all(0.0 <= part <= 1.0 for part in (*shape.color, shape.opacity))


def test_a_texture_is_shown_as_its_mean_colour() -> None:
    plane = next(shape for shape in named(VisualWorld(Scene()), WORLD) if shape.kind == "plane")
    np.testing.assert_allclose(plane.color, Scene().floor_rgb, atol=0.05)


def test_walls_hide_nothing() -> None:
    kinds = [shape.kind for shape in named(VisualWorld(sampled("WalkToTarget").scene), WORLD)]
    assert kinds == ["plane"]


def test_bodies_follow_a_state_of_any_engine() -> None:
    episode = sampled("PickPlace")
    world = VisualWorld(episode.scene, episode.dynamics.payload)
    state = initial_state(episode.scene, episode.dynamics)
    poses = world.poses(state)
    assert set(poses) == {body.name for body in world.bodies}
    for name, body in state.objects.items():
        np.testing.assert_allclose(poses[name].position, body.pose.position)
    np.testing.assert_allclose(poses["pelvis"].position, state.robot.base.pose.position)
    np.testing.assert_array_equal(poses[WORLD].position, 0.0)


def test_a_state_of_another_world_is_refused() -> None:
    episode = sampled("PickPlace")
    other = sampled("TurnToFace")
    state = initial_state(other.scene, other.dynamics)
    with pytest.raises(ValueError, match=episode.scene.objects[0].name):
        VisualWorld(episode.scene).poses(state)


def test_a_payload_changes_nothing_to_see() -> None:
    scene = sampled("TurnToFace").scene
    loaded = VisualWorld(scene, Payload(1.5, (0.0, 0.0, 0.1)))
    assert named(loaded, "payload") == ()
