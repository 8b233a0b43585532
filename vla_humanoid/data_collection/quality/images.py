"""Checks by rendering that images show the states they stand beside."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.world import build_world
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.quality.check import EpisodeCheck, Examined, NotChecked
from vla_humanoid.data_collection.quality.finding import Finding
from vla_humanoid.schema import WorldState
from vla_humanoid.sims.engine_names import ENGINES
from vla_humanoid.sims.graphics import select_backend
from vla_humanoid.sims.mujoco_simulation import ActuatorModel, MujocoSimulation

FRAMES = 6
"""That are rendered of each episode and camera."""
TOLERANCE = 1.0
"""Mean absolute difference of two images, of 255; what float32 states and another machine cost."""


class ImageCheck(EpisodeCheck):
    """Renders stored states again, those at which most moves, and compares them with the record."""

    name = "images"
    is_costly = True

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Look at an episode.

        Raises:
            GraphicsUnavailable: if nothing can be rendered here.
            NotChecked: if it has no images, or they are not MuJoCo's.
        """
        demo = episode.demo
        engine = str(episode.rebuilt.kwargs.get("engine", "mujoco"))
        if not demo.cameras:
            raise NotChecked("it has no images")
        if engine not in ENGINES:
            raise NotChecked(f"its images were rendered by {engine}")
        steps = _lively_steps(demo)
        worlds = [episode.worlds[step] for step in steps]
        for camera in demo.cameras:
            rendered = _render(episode, camera, worlds)
            yield from _compare(demo, camera, steps, rendered)


def _compare(
    demo: Demo, camera: str, steps: Sequence[int], rendered: Sequence[NDArray[np.uint8]]
) -> Iterator[Finding]:
    shifts = (0, -1, 1)
    left: dict[int, list[float]] = {shift: [] for shift in shifts}
    for step, image in zip(steps, rendered, strict=True):
        for shift in shifts:
            near = demo.image(camera, min(max(step + shift, 0), demo.steps - 1))
            left[shift].append(_difference(image, near))
    typical = {shift: float(np.median(values)) for shift, values in left.items()}
    best = min(shifts, key=lambda shift: typical[shift])
    if best != 0 and typical[best] < 0.5 * typical[0]:
        yield Finding(
            f"the images of {camera} are shifted: states[t] look like image t{best:+d} "
            f"(difference {typical[best]:.2f} of 255, against {typical[0]:.2f})"
        )
    elif (worst := int(np.argmax(left[0]))) >= 0 and left[0][worst] > TOLERANCE:
        yield Finding(
            f"image {steps[worst]} of {camera} does not show its state: rendered again it differs "
            f"by {left[0][worst]:.2f} of 255"
        )


def _lively_steps(demo: Demo) -> list[int]:
    """Return the first step, the last one, and those at which the robot moves fastest."""
    speeds = np.abs(demo.states("states")["articulation/robot/joint_velocity"]).sum(axis=1)
    fastest = np.argsort(-speeds, kind="stable")[: FRAMES - 2].tolist()
    return sorted({0, demo.steps - 1, *map(int, fastest)})


def _render(
    episode: Examined, camera: str, worlds: Sequence[WorldState]
) -> list[NDArray[np.uint8]]:
    select_backend()
    rebuilt, dynamics = episode.rebuilt, episode.rebuilt.episode.dynamics
    robot = "menagerie" if rebuilt.kwargs.get("robot") == "menagerie" else "primitives"
    simulation = MujocoSimulation(
        build_world(rebuilt.scene, robot, dynamics.payload),
        cameras=(camera,),
        image_size=int(episode.demo.frames(camera).shape[1]),
        actuators=ActuatorModel(dynamics.strength, dynamics.friction_scale),
    )
    try:
        images: list[NDArray[np.uint8]] = []
        for world in worlds:
            simulation.reset(world)
            images.append(simulation.render(camera))
        return images
    finally:
        simulation.close()


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    if one.shape != other.shape:
        return 255.0
    return float(np.abs(one.astype(np.int16) - other.astype(np.int16)).mean())
