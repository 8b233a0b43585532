"""Looks at the scene of an environment."""

from collections.abc import Mapping
from typing import Protocol, cast

import numpy as np

from vla_humanoid.assets.camera_view import CameraView, camera_view
from vla_humanoid.assets.scene import CameraOffset, Scene
from vla_humanoid.control.rotations import (
    matrix_to_quat,
    quat_conjugate,
    quat_multiply,
    quat_to_matrix,
)
from vla_humanoid.data_collection.environment import DemonstrationEnv, Observation
from vla_humanoid.data_collection.scenes.scene import Mounted, Request, SceneRecord, Texts, Thing
from vla_humanoid.envs.episode import Episode
from vla_humanoid.schema import FloatArray, Pose, WorldState
from vla_humanoid.tasks.core.task import Task


class SceneWorld(Protocol):
    """The environment, bare."""

    @property
    def task(self) -> Task[object]:
        """What there is to be done."""
        ...

    @property
    def episode(self) -> Episode:
        """What was sampled."""
        ...

    def world_state(self) -> WorldState:
        """Return everything at this moment."""
        ...


def look(env: DemonstrationEnv, seed: int, cameras: tuple[str, ...]) -> SceneRecord:
    """Begin an episode and return what there is to be seen and asked for.

    Args:
        env: with the cameras.
        seed: of the episode.
        cameras: on the robot.

    Raises:
        PlacementError: if no scene was found for the seed.
    """
    observation, _ = env.reset(seed=seed)
    world = cast(SceneWorld, env.unwrapped)
    return SceneRecord(
        seed,
        {camera: _image(observation, camera) for camera in cameras},
        np.asarray(observation["state"], dtype=np.float32),
        _texts(world, cameras),
    )


def _image(observation: Observation, camera: str) -> np.ndarray:
    return np.asarray(observation[f"images/{camera}"], dtype=np.uint8)


def _texts(world: SceneWorld, cameras: tuple[str, ...]) -> Texts:
    state, offsets = world.world_state(), world.episode.scene.cameras
    views = {
        name: camera_view(state.robot.links, name, offsets.get(name, CameraOffset()))
        for name in cameras
    }
    base, kinds = state.robot.base.pose, _kinds(world.episode.scene)
    poses = {name: body.pose for name, body in state.objects.items()}
    poses |= {name: fixture.pose for name, fixture in state.fixtures.items()}
    return Texts(
        {name: _thing(kinds[name], base, pose, views) for name, pose in sorted(poses.items())},
        {name: _mounted(base, view) for name, view in views.items()},
        _requests(world.task, world.episode),
    )


def _kinds(scene: Scene) -> dict[str, str]:
    shapes = {one.name: one.shape for one in (*scene.objects, *scene.containers)}
    return shapes | {fixture.name: fixture.kind for fixture in scene.fixtures}


def _thing(kind: str, base: Pose, pose: Pose, views: Mapping[str, CameraView]) -> Thing:
    position, quat = _seen_from(base, pose)
    places = {camera: view.project(pose.position[None])[0] for camera, view in views.items()}
    seen = {camera: _fractions(place) for camera, place in places.items()}
    return Thing(kind, position, quat, seen)


def _mounted(base: Pose, view: CameraView) -> Mounted:
    return Mounted(*_seen_from(base, Pose(view.position, matrix_to_quat(view.axes))), view.fovy)


def _seen_from(
    base: Pose, pose: Pose
) -> tuple[tuple[float, float, float], tuple[float, float, float, float]]:
    x, y, z = (quat_to_matrix(base.quat_wxyz).T @ (pose.position - base.position)).tolist()
    quat = quat_multiply(quat_conjugate(base.quat_wxyz), pose.quat_wxyz)
    w, i, j, k = quat.tolist()
    return (x, y, z), (w, i, j, k)


def _fractions(row: FloatArray) -> tuple[float, float] | None:
    x, y = row.tolist()
    return None if np.isnan(x) else (x, y)


def _requests(task: Task[object], episode: Episode) -> tuple[Request, ...]:
    told = [(episode.goal, episode.instruction)]
    told += [(other.goal, other.instruction) for other in task.counterfactuals(episode)]
    return tuple(
        Request(task.parts(goal, episode.scene), (said.text, *said.paraphrases))
        for goal, said in told
    )
