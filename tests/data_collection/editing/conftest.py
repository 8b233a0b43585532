"""Real episodes, made once."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from episode_again import rebuilt
from h5_content import h5_dataset, h5_group

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig


@pytest.fixture(scope="session")
def real_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two episodes of PickPlace with all axes of randomization; read only."""
    path = tmp_path_factory.mktemp("real") / "pick.hdf5"
    generate(GenerationConfig("PickPlace", 2, seed=0, image_size=32), path, workers=1)
    return path


@pytest.fixture(scope="session")
def missed_dataset(real_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, but the first episode is said to have missed another goal; read only."""
    path = tmp_path_factory.mktemp("missed") / "missed.hdf5"
    path.write_bytes(real_dataset.read_bytes())
    about = rebuilt(path)
    task, scene = about.task, about.scene
    goals = task.goals(scene)
    wrong = next(k for k, goal in enumerate(goals) if goal != about.episode.goal)
    with open_dataset(path) as dataset:
        masks = {name: list(demos) for name, demos in dataset.masks().items()}
    with h5py.File(path, "r+") as file:
        attributes = h5_group(file, "data/demo_0").attrs
        attributes["goal_index"] = wrong
        attributes["success"] = False
        attributes["failure"] = "wrong_object"
        told = about.task.counterfactuals(about.episode)
        text = next(other.instruction.text for other in told if other.goal_index == wrong)
        attributes["instruction"] = text
        attributes["said"] = json.dumps([[0, text]])
        h5_dataset(file, "data/demo_0/rewards")[:] = 0.0
        del file["mask"]
        for name, demos in (masks | {"failed": ["demo_0"]}).items():
            kept = [demo for demo in demos if name == "failed" or demo != "demo_0"]
            file[f"mask/{name}"] = np.array(kept, dtype="S" if kept else "S1")
    return path
