"""Reads all that tools read of a dataset file."""

from pathlib import Path

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.inspection import describe_dataset


def read_everything(path: Path) -> None:
    with open_dataset(path) as dataset:
        describe_dataset(dataset)
        dataset.masks()
        assert dataset.size
        for demo in dataset.demos():
            demo.actions()
            demo.all_states()
            demo.json_texts("paraphrases")
            demo.json_object("randomization")
            for path_inside in ("rewards", "obs/state", "balance/zmp"):
                demo.array(path_inside)
            for camera in demo.cameras:
                demo.image(camera, demo.steps - 1)
