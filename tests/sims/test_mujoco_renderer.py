from collections.abc import Iterator
from pathlib import Path

import mujoco
import numpy as np
import pytest
from numpy.typing import NDArray
from small_world import SCENE, ready

from vla_humanoid.assets.world import build_world
from vla_humanoid.schema import CAMERAS, FloatArray
from vla_humanoid.sims.mujoco_renderer import MujocoRenderer
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation

SIZE = 160
THINGS = ("red_cube", "green_can", "blue_plate")
DRAWN_GROUPS = np.array([1, 1, 1, 0, 0, 0], dtype=np.uint8)
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def simulation() -> Iterator[MujocoSimulation]:
    simulation = MujocoSimulation(build_world(SCENE), cameras=CAMERAS, image_size=SIZE)
    simulation.reset(ready())
    yield simulation
    simulation.close()


def slopes(simulation: MujocoSimulation, camera: str) -> FloatArray:
    """How far each pixel's ray goes right and up per metre of depth, shape (size, size, 2)."""
    half = np.tan(0.5 * np.deg2rad(simulation.model.cam(camera).fovy[0]))
    across = half * ((np.arange(SIZE) + 0.5) / (0.5 * SIZE) - 1.0)
    return np.stack(np.meshgrid(across, -across), axis=-1)


def pixel_of(simulation: MujocoSimulation, camera: str, point: FloatArray) -> tuple[int, int]:
    """Row and column at which a point of the world is seen."""
    view = simulation.data.cam(camera)
    right, up, back = view.xmat.reshape(3, 3).T @ (point - view.xpos)
    gaps = slopes(simulation, camera) - np.array([right, up]) / -back
    row, column = np.unravel_index(np.square(gaps).sum(axis=-1).argmin(), (SIZE, SIZE))
    return int(row), int(column)


def cast_rays(simulation: MujocoSimulation, camera: str, step: int) -> FloatArray:
    """Depth along the optical axis and number of the body hit, of every ``step``-th pixel."""
    model, data, view = simulation.model, simulation.data, simulation.data.cam(camera)
    directions = slopes(simulation, camera)[::step, ::step].reshape(-1, 2)
    hits, geom = [], np.zeros(1, dtype=np.int32)
    for right, up in directions:
        ray = view.xmat.reshape(3, 3) @ (right, up, -1.0)
        share = mujoco.mj_ray(model, data, view.xpos, ray, DRAWN_GROUPS, True, -1, geom)
        hits.append((share, model.geom_bodyid[geom[0]]))
    return np.array(hits)


@pytest.mark.parametrize("camera", CAMERAS)
def test_images_are_pictures(simulation: MujocoSimulation, camera: str) -> None:
    image = simulation.render(camera)
    assert image.shape == (SIZE, SIZE, 3)
    assert image.dtype == np.uint8
    assert image.std() > 10.0
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 100


def test_things_are_drawn_in_their_colours_where_they_are(
    simulation: MujocoSimulation,
) -> None:
    image = simulation.render("external").astype(float)
    for name, channel in zip(THINGS, range(3), strict=True):
        where = pixel_of(simulation, "external", simulation.data.body(name).xpos)
        others = [color for color in range(3) if color != channel]
        assert image[where][channel] > 1.3 * image[where][others].max()


def test_two_renderers_draw_the_same(simulation: MujocoSimulation) -> None:
    pictures: list[NDArray[np.uint8]] = []
    for _ in range(2):
        other = MujocoSimulation(build_world(SCENE), cameras=CAMERAS, image_size=SIZE)
        other.reset(ready())
        pictures += [other.render("head"), other.render("head")]
        other.close()
    for picture in pictures:
        np.testing.assert_array_equal(picture, simulation.render("head"))


def test_other_kinds_of_image_leave_colours_as_they_were(simulation: MujocoSimulation) -> None:
    before = simulation.render("head")
    simulation.render_segmentation("head")
    simulation.render_depth("external")
    np.testing.assert_array_equal(simulation.render("head"), before)


@pytest.mark.parametrize("camera", CAMERAS)
def test_depth_is_metric_along_the_optical_axis(simulation: MujocoSimulation, camera: str) -> None:
    depth = simulation.render_depth(camera)
    assert depth.shape == (SIZE, SIZE)
    assert depth.dtype == np.float32
    expected = cast_rays(simulation, camera, 8)[:, 0]
    error = np.abs(depth[::8, ::8].ravel() - expected)
    # Where a pixel's centre grazes an edge, the two may see different things.
    assert np.mean(error < 0.01) > 0.97


@pytest.mark.parametrize("camera", ["head", "external"])
def test_a_things_surface_is_as_far_as_its_geometry_says(
    simulation: MujocoSimulation, camera: str
) -> None:
    view, cube = simulation.data.cam(camera), simulation.data.body("red_cube").xpos
    top = cube + np.array([0.0, 0.0, 0.027])
    distance = -(view.xmat.reshape(3, 3).T @ (top - view.xpos))[2]
    depth = simulation.render_depth(camera)[pixel_of(simulation, camera, top)]
    assert depth == pytest.approx(distance, abs=0.01)


def test_segments_are_the_robot_the_room_and_everything_in_the_scene(
    simulation: MujocoSimulation,
) -> None:
    assert set(simulation.segments) == {"robot", "world", "table", *THINGS}
    assert len(simulation.segments) == len(set(simulation.segments))


@pytest.mark.parametrize("camera", ["head", "external"])
def test_segmentation_covers_the_middle_of_each_thing_and_no_more(
    simulation: MujocoSimulation, camera: str
) -> None:
    segmentation = simulation.render_segmentation(camera)
    assert segmentation.shape == (SIZE, SIZE)
    assert segmentation.dtype == np.int32
    for name in THINGS:
        middle = simulation.data.body(name).xpos
        where = pixel_of(simulation, camera, middle)
        mine = segmentation == simulation.segments.index(name)
        assert mine[where]
        rows, columns = np.nonzero(mine)
        reach = max(np.ptp(rows), np.ptp(columns))
        assert 3 <= reach < 0.35 * SIZE
        assert np.abs(rows - where[0]).max() <= reach
        assert np.abs(columns - where[1]).max() <= reach


@pytest.mark.parametrize("camera", CAMERAS)
def test_segmentation_names_what_a_ray_hits(simulation: MujocoSimulation, camera: str) -> None:
    segments = simulation.render_segmentation(camera)[::8, ::8].ravel()
    bodies = cast_rays(simulation, camera, 8)[:, 1].astype(int)
    names = [simulation.model.body(int(simulation.model.body_rootid[b])).name for b in bodies]
    expected = ["robot" if name == "pelvis" else name for name in names]
    seen = [simulation.segments[i] for i in segments]
    assert (segments >= 0).all()
    assert np.mean(np.array(seen) == np.array(expected)) > 0.97


def test_what_moves_is_drawn_where_it_went(simulation: MujocoSimulation) -> None:
    state = simulation.state()
    before = simulation.render_segmentation("external") == simulation.segments.index("red_cube")
    cube = state.objects["red_cube"].pose.position
    cube[:2] += (0.05, 0.1)
    simulation.reset(state)
    after = simulation.render_segmentation("external") == simulation.segments.index("red_cube")
    where = pixel_of(simulation, "external", cube)
    simulation.reset(ready())
    assert after[where]
    assert not (before & after).all()


@pytest.mark.parametrize("kind", ["render", "render_depth", "render_segmentation"])
def test_an_unknown_camera_is_refused_with_the_valid_ones(
    simulation: MujocoSimulation, kind: str
) -> None:
    with pytest.raises(ValueError, match="Unknown camera 'chest'") as error:
        getattr(simulation, kind)("chest")
    for camera in CAMERAS:
        assert camera in str(error.value)


def test_nothing_is_drawn_after_closing() -> None:
    simulation = MujocoSimulation(build_world(SCENE), cameras=("head",), image_size=32)
    renderer = MujocoRenderer(simulation.model, 32)
    renderer.color(simulation.data, "head")
    renderer.close()
    renderer.close()  # Closing twice does no harm.
    with pytest.raises(RuntimeError, match="closed"):
        renderer.color(simulation.data, "head")
    simulation.close()
    with pytest.raises(RuntimeError, match="closed"):
        simulation.render("head")


def test_one_renderers_end_does_not_blind_another(simulation: MujocoSimulation) -> None:
    before = simulation.render("head")
    other = MujocoRenderer(simulation.model, SIZE)
    other.color(simulation.data, "external")
    other.close()
    np.testing.assert_array_equal(simulation.render("head"), before)


def resident_memory() -> float:
    """Of this process [MiB]."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / MEBIBYTE


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_renderers_made_one_after_another_leave_no_memory_behind() -> None:
    simulation = MujocoSimulation(build_world(SCENE))
    simulation.reset(ready())

    def make_and_close() -> None:
        renderer = MujocoRenderer(simulation.model, 224)
        renderer.color(simulation.data, "head")
        renderer.close()

    for _ in range(3):
        make_and_close()
    before = resident_memory()
    for _ in range(30):
        make_and_close()
    assert resident_memory() - before < 30.0
