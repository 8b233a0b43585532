"""Images rendered again: other looks, the same physics."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import content, h5_dataset, h5_group

from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.checksum import computed_checksum, recorded_checksum
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.editing.appearance import LOOKS, Looks
from vla_humanoid.data_collection.editing.criteria import Criteria
from vla_humanoid.data_collection.editing.filtering import filter_dataset
from vla_humanoid.data_collection.editing.relabelling import relabel
from vla_humanoid.data_collection.editing.rerendering import View, rerender
from vla_humanoid.data_collection.editing.wish import Wish
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.randomization import AXES, EpisodeRandom

VARYING = ("edits", "origin", "randomization", "rerendered", "config", "env_args", "env_config")


@pytest.fixture(scope="module")
def episode(real_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shorter one of the two; read only."""
    path = tmp_path_factory.mktemp("one") / "one.hdf5"
    with open_dataset(real_dataset) as dataset:
        shortest = min(demo.steps for demo in dataset.demos())
    filter_dataset(real_dataset, path, Criteria(steps=(0, shortest)))
    return path


def images(path: Path, camera: str) -> np.ndarray:
    with h5py.File(path) as file:
        return h5_dataset(file, f"data/demo_0/obs/{camera}_image")[:].astype(np.int64)


def rest(path: Path) -> dict[str, object]:
    """All but images, and what says how they were made."""
    return {
        name: value
        for name, value in content(path).items()
        if "_image" not in name and name.partition("@")[2] not in VARYING
    }


@pytest.mark.slow
def test_the_same_view_gives_the_same_images(episode: Path, tmp_path: Path) -> None:
    exact, stored = tmp_path / "exact.hdf5", tmp_path / "stored.hdf5"
    rerender(episode, exact, View(exact=True))
    rerender(episode, stored, View())
    for camera in ("head", "right_wrist"):
        np.testing.assert_array_equal(images(exact, camera), images(episode, camera))
        # States are stored in single precision: here and there a pixel of an edge goes over.
        changed = np.any(images(stored, camera) != images(episode, camera), axis=-1)
        assert changed.mean() < 1e-3
    assert rest(exact) == rest(stored) == rest(episode)


def test_a_frame_shows_the_state_of_its_step(episode: Path, tmp_path: Path) -> None:
    output = tmp_path / "seen.hdf5"
    rerender(episode, output, View(("right_wrist",)))
    seen, recorded = images(output, "right_wrist"), images(episode, "right_wrist")
    own = np.abs(seen - recorded).mean(axis=(1, 2, 3))
    before = np.abs(seen[1:] - recorded[:-1]).mean(axis=(1, 2, 3))
    assert own.mean() < 0.01
    assert before.mean() > 50 * own.mean()


def test_other_cameras_and_sizes(episode: Path, tmp_path: Path) -> None:
    output = tmp_path / "seen.hdf5"
    assert rerender(episode, output, View(("external",), 40)) == 1
    assert rest(output) == rest(episode)
    with open_dataset(output) as dataset, h5py.File(output) as file:
        demo = dataset.demo("demo_0")
        assert demo.cameras == ("external",)
        frames = h5_dataset(file, "data/demo_0/obs/external_image")
        assert frames.shape == (demo.steps, 40, 40, 3)
        assert frames.chunks == (1, 40, 40, 3)
        assert recorded_checksum(frames) == computed_checksum(frames)
        kwargs = dataset.env_args["env_kwargs"]
        assert isinstance(kwargs, dict)
        assert (kwargs["cameras"], kwargs["image_size"]) == (["external"], 40)
        assert dataset.json_object("env_config")["image_size"] == 40
        assert not demo.has_attribute("rerendered")


def test_other_looks_are_drawn_by_seed_and_recorded(episode: Path, tmp_path: Path) -> None:
    outputs = {name: tmp_path / f"{name}.hdf5" for name in "abc"}
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        rerender(episode, outputs[name], View(("head",), looks=Looks(("lighting", "colors"), seed)))
    assert outputs["a"].read_bytes() == outputs["b"].read_bytes()
    pictures = [images(path, "head") for path in (episode, outputs["a"], outputs["c"])]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(pictures[one] - pictures[other]).mean() > 2.0
    assert rest(outputs["a"]) == rest(episode)
    with open_dataset(outputs["a"]) as dataset, open_dataset(episode) as before:
        demo, old = dataset.demo("demo_0"), before.demo("demo_0")
        assert demo.json_list("rerendered") == [{"axes": ["lighting", "colors"], "seed": 1}]
        drawn, was = demo.json_object("randomization"), old.json_object("randomization")
        assert drawn["dynamics"] == was["dynamics"]
        scene, scene_was = drawn["scene"], was["scene"]
        assert isinstance(scene, dict)
        assert isinstance(scene_was, dict)
        assert scene["lighting"] != scene_was["lighting"]
        assert scene["cameras"] == scene_was["cameras"]
        assert scene["floor_texture"] == scene_was["floor_texture"]
    # What was rendered again can be rendered again, and relabelled.
    again = tmp_path / "again.hdf5"
    rerender(outputs["a"], again, View(looks=Looks(("camera",), 5)))
    relabel(again, tmp_path / "told.hdf5", Wish(copies=1))
    with open_dataset(tmp_path / "told.hdf5") as dataset:
        assert len(dataset.demo("demo_1").json_list("rerendered")) == 2


def test_states_that_do_not_come_again_are_told(episode: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.hdf5"
    changed.write_bytes(episode.read_bytes())
    with h5py.File(changed, "r+") as file:
        h5_dataset(file, "data/demo_0/states/articulation/robot/joint_position")[2, 7] += 1e-6
    with pytest.raises(DatasetError, match=r"departs from the record at step 2, .*leave out --ex"):
        rerender(changed, tmp_path / "seen.hdf5", View(exact=True))
    assert list(tmp_path.iterdir()) == [changed]


def test_bad_views_are_refused(episode: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="pushes would change what happens"):
        Looks(("lighting", "pushes"))
    with pytest.raises(ConfigurationError, match="Unknown axis gravity; choose some of lighting"):
        Looks(("gravity",))
    with pytest.raises(ConfigurationError, match="Unknown camera nose; choose some of head"):
        View(("nose",))
    with pytest.raises(ConfigurationError, match="one or more cameras"):
        View(())
    with pytest.raises(ConfigurationError, match="between 16 and 1024"):
        View(image_size=8)
    blind = tmp_path / "blind.hdf5"
    blind.write_bytes(episode.read_bytes())
    with h5py.File(blind, "r+") as file:
        group = h5_group(file, "data/demo_0/obs")
        for name in [name for name in map(str, group) if name.endswith("_image")]:
            del group[name]
    with pytest.raises(ConfigurationError, match="name the --cameras"):
        rerender(blind, tmp_path / "seen.hdf5", View())


def stripped(scene: Scene) -> str:
    """A scene without what is only seen."""
    data = json.loads(json.dumps(scene, default=vars))

    def strip(item: object) -> object:
        if isinstance(item, dict):
            hidden = ("rgb", "floor_rgb", "texture", "floor_texture", "lighting", "cameras")
            return {key: strip(value) for key, value in item.items() if key not in hidden}
        return [strip(each) for each in item] if isinstance(item, list) else item

    return json.dumps(strip(data))


@pytest.mark.parametrize("task", task_names())
def test_looks_of_every_task_can_be_drawn_and_change_nothing_else(task: str) -> None:
    scene = load_task(task).sample_scene(EpisodeRandom(3, frozenset(AXES)))
    other = Looks(LOOKS, 1).applied(scene, 3)
    assert other != scene
    assert stripped(other) == stripped(scene)
