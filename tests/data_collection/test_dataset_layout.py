"""What robomimic, Isaac Lab and a plain reader find in a finished file."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from fake_environment import FakeConfig, FakeEnv, FakeExpert
from h5_content import h5_dataset, h5_group

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.attempts import AttemptResult, PartsFolder, attempt_seed
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.dataset_index import write_index
from vla_humanoid.data_collection.environment import Action, DemonstrationWorld
from vla_humanoid.data_collection.rollout import Moment, Outcome, rollout
from vla_humanoid.data_collection.run_config import GenerationConfig, RunDescription


def test_header(small_dataset: Path, small_config: GenerationConfig) -> None:
    with open_dataset(small_dataset) as dataset:
        assert dataset.integer("total") == sum(demo.steps for demo in dataset.demos())
        assert dataset.complete
        assert dataset.env_args == {
            "env_name": "VLAHumanoid-PickPlace-v0",
            "type": 2,
            "env_kwargs": {
                "control_mode": "end_effector",
                "cameras": ["head", "right_wrist"],
                "image_size": 24,
                "randomization": list(small_config.randomization),
                "engine": "mujoco",
            },
            "sim_args": {"dt": 0.002, "decimation": 25, "render_interval": 25, "num_envs": 1},
        }
        assert dataset.json_object("config")["seed"] == small_config.seed
        assert dataset.json_object("env_config")["image_size"] == small_config.image_size
        assert {"mujoco", "mink", "daqp", "gymnasium"} <= dataset.json_object("versions").keys()
        action, state = json.loads(dataset.text("action")), json.loads(dataset.text("state"))
    with h5py.File(small_dataset) as file:
        assert file.attrs["format_version"] == 1
    assert [field["name"] for field in action] == ["push", "turn"]
    assert state[0] == {"name": "slide", "unit": "m", "low": None, "high": None, "frame": ""}


def arrays(group: h5py.Group) -> dict[str, h5py.Dataset]:
    """Every dataset below a group, by path."""
    found: dict[str, h5py.Dataset] = {}

    def note(path: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            found[path] = item

    group.visititems(note)
    return found


def test_a_demo_is_self_consistent(small_dataset: Path) -> None:
    with open_dataset(small_dataset) as dataset, h5py.File(small_dataset) as file:
        for demo in dataset.demos():
            found = arrays(h5_group(file, f"data/{demo.name}"))
            lengths = {path: len(values) for path, values in found.items()}
            one = {path for path in found if path.startswith(("initial_state/", "final_state/"))}
            assert {lengths[path] for path in one} == {1}
            assert lengths.pop(layout.FOOT_WRENCHES) == demo.steps + 1
            assert {lengths[path] for path in lengths.keys() - one} == {demo.steps}
            assert {path.partition("/")[0] for path in found} == {
                *(
                    "actions",
                    "rewards",
                    "dones",
                    "subgoal",
                    "progress",
                    "sentence",
                    "obs",
                    "balance",
                ),
                *("states", "initial_state", "final_state", "foot_wrenches"),
            }
            assert demo.array("dones").tolist() == [0] * (demo.steps - 1) + [1]
            assert demo.array("rewards").tolist() == [0.0] * (demo.steps - 1) + [1.0]
            assert set(demo.array("subgoal").tolist()) == {0, 1}


def test_observation_keys_suit_robomimic(small_dataset: Path) -> None:
    with h5py.File(small_dataset) as file:
        obs = h5_group(file, "data/demo_0/obs")
        assert all(isinstance(obs[key], h5py.Dataset) for key in obs)
        assert set(obs) == {"head_image", "right_wrist_image", "state"}


def test_images_are_stored_frame_by_frame_without_plugins(small_dataset: Path) -> None:
    with h5py.File(small_dataset) as file:
        images = h5_dataset(file, "data/demo_0/obs/head_image")
        assert images.dtype == np.uint8
        assert images.shape[1:] == (24, 24, 3)
        assert images.chunks == (1, 24, 24, 3)
        assert images.compression == "gzip"


def test_there_are_no_texts_but_in_attributes(small_dataset: Path) -> None:
    with h5py.File(small_dataset) as file:
        assert {item.dtype.kind for item in arrays(h5_group(file, "data")).values()} <= set("fiu")
    with open_dataset(small_dataset) as dataset:
        demo = dataset.demo("demo_0")
        assert demo.text("task") == "PickPlace"
        assert demo.text("instruction").startswith("push the cube to the ")
        assert len(demo.json_texts("paraphrases")) == 2
        assert demo.json_texts("subgoals")[0] == "reach the cube"
        assert demo.json_object("randomization").keys() == {"cart"}
        assert demo.text("failure") == ""


class Truth:
    """What really happened, kept without a recorder."""

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self.actions: list[Action] = []

    def on_reset(self, world: DemonstrationWorld) -> None: ...

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        self.moments.append(moment)
        self.actions.append(action)

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        self.moments.append(moment)


def test_frames_states_and_actions_belong_to_the_same_moment(
    small_dataset: Path, small_config: GenerationConfig
) -> None:
    env = FakeEnv(FakeConfig(small_config.cameras, small_config.image_size))
    with open_dataset(small_dataset) as dataset:
        for demo in dataset.demos():
            truth = Truth()
            seed = attempt_seed(small_config.seed, demo.integer("attempt"))
            assert seed == demo.integer("seed")
            rollout(env, FakeExpert(env), seed, [truth])
            np.testing.assert_array_equal(demo.actions(), truth.actions)
            for step, moment in enumerate(truth.moments[:-1]):
                for camera in small_config.cameras:
                    np.testing.assert_array_equal(
                        demo.image(camera, step), moment.observation[f"images/{camera}"]
                    )
            expected = layout.state_tree([moment.world for moment in truth.moments])
            for path, rows in demo.states("states").items():
                np.testing.assert_array_equal(rows, expected[path][:-1])
            for path, rows in demo.states("final_state").items():
                np.testing.assert_array_equal(rows, expected[path][-1:])
            for path, rows in demo.states("initial_state").items():
                np.testing.assert_array_equal(rows, expected[path][:1])
            zmp = np.stack([moment.info["balance"]["zmp"] for moment in truth.moments[:-1]])
            np.testing.assert_array_equal(demo.array("balance/zmp"), zmp.astype(np.float32))


def masks(path: Path) -> dict[str, list[str]]:
    with h5py.File(path) as file:
        return {
            name: [demo.decode() for demo in h5_dataset(file, f"mask/{name}")[:]]
            for name in map(str, h5_group(file, "mask"))
        }


def test_masks_split_the_successes(small_dataset: Path) -> None:
    split = masks(small_dataset)
    assert set(split) == {"train", "valid"}
    with open_dataset(small_dataset) as dataset:
        assert sorted(split["train"] + split["valid"]) == list(dataset.demo_names())


@pytest.mark.parametrize("run_seed", range(5))
@pytest.mark.parametrize(("successes", "least"), [(1, 0), (2, 1), (5, 1), (10, 1), (20, 2)])
def test_from_two_successes_on_one_is_for_validation(
    tmp_path: Path, run_seed: int, successes: int, least: int
) -> None:
    output = tmp_path / "demos.hdf5"
    parts = PartsFolder(output)
    parts.path.mkdir()
    config = GenerationConfig("PickPlace", successes, run_seed)
    results = [AttemptResult(k, k, True, None, 9, True) for k in range(successes)]
    write_index(output, parts, config, RunDescription("{}", "[]", "[]", "[]", "1", "{}"), results)
    split = masks(output)
    assert len(split["valid"]) == least
    assert len(split["train"]) == successes - least


def test_one_success_in_ten_is_for_validation_and_failures_are_apart(
    dataset_with_failures: Path,
) -> None:
    split = masks(dataset_with_failures)
    assert 1 <= len(split["valid"]) <= 2
    assert len(split["valid"]) + len(split["train"]) == 12
    with open_dataset(dataset_with_failures) as dataset:
        failed = [demo.name for demo in dataset.demos() if not demo.success]
        attempts = [demo.integer("attempt") for demo in dataset.demos()]
        counted = dataset.json_object("failures")
        assert all(demo.text("failure") in counted for demo in dataset.demos() if not demo.success)
        assert all(demo.array("dones")[-1] == 1 for demo in dataset.demos())
    assert failed
    assert sorted(split["failed"]) == sorted(failed)
    assert attempts == list(range(len(attempts)))


@pytest.mark.parametrize("run_seed", [0, 1, 12345])
def test_attempt_seeds_are_distinct_and_depend_on_the_run_and_the_attempt_only(
    run_seed: int,
) -> None:
    seeds = [attempt_seed(run_seed, attempt) for attempt in range(500)]
    assert len(set(seeds)) == 500
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert not set(seeds) & {attempt_seed(run_seed + 1, attempt) for attempt in range(500)}
