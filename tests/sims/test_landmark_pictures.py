import math
from collections.abc import Iterator
from typing import get_args

import numpy as np
import pytest
from small_world import ready

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import FloorPath, Landmark, LandmarkShape, Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation

BEARINGS = np.deg2rad([28.0, 14.0, 0.0, -14.0, -28.0])
SCENE = Scene(
    landmarks=tuple(
        Landmark(shape, shape, "purple", COLORS["purple"], (3.5 * math.cos(a), 3.5 * math.sin(a)))
        for shape, a in zip(get_args(LandmarkShape), BEARINGS, strict=True)
    ),
    paths=(FloorPath("line", "red", COLORS["red"], ((0.5, 0.0), (2.0, 0.3))),),
)


@pytest.fixture(scope="module")
def simulation() -> Iterator[MujocoSimulation]:
    simulation = MujocoSimulation(build_world(SCENE), cameras=("head",))
    simulation.reset(ready(SCENE))
    yield simulation
    simulation.close()


def test_the_head_camera_sees_landmarks_and_lines_from_afar(simulation: MujocoSimulation) -> None:
    seen = simulation.render_segmentation("head")
    for name in (*get_args(LandmarkShape), "line"):
        pixels = seen == simulation.segments.index(name)
        assert pixels.sum() > 80, name
        image = simulation.render("head")[pixels].astype(float)
        red, green, blue = image.mean(axis=0)
        assert (red > 1.5 * green) if name == "line" else (blue > 1.2 * green), name


def test_every_shape_has_a_silhouette_of_its_own(simulation: MujocoSimulation) -> None:
    seen = simulation.render_segmentation("head")
    outlines = []
    for shape in get_args(LandmarkShape):
        rows, columns = np.nonzero(seen == simulation.segments.index(shape))
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        outlines.append((height / width, len(rows) / (height * width)))
    for i, one in enumerate(outlines):
        for other in outlines[:i]:
            assert max(np.abs(np.log(np.divide(one, other)))) > 0.1
