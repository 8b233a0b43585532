"""Writes episodes of a dataset file with LeRobot's own writer; runs in LeRobot's environment.

FILE OUTPUT CODEC: prints a line of JSON with the frames and the seconds that writing them took.
"""

# The types are checked where LeRobot is not installed.
# pyright: reportMissingImports=false, reportIndexIssue=false, reportArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportGeneralTypeIssues=false

import json
import resource
import sys
import time
from pathlib import Path

import h5py
import torch

if torch.__version__.startswith("2.13"):  # For which torchvision has no compiled part.
    _library = torch.library.Library("torchvision", "DEF")
    _library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from lerobot.datasets.lerobot_dataset import LeRobotDataset

RATE = 20


def cpu_seconds() -> float:
    """Of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(path: Path, output: Path, codec: str) -> None:
    """Write them and say what it took."""
    with h5py.File(path) as file:
        demos = list(file["data"].values())
        cameras = [key for key in demos[0]["obs"] if key.endswith("_image")]
        features = {
            "observation.state": vector(demos[0]["obs/state"].shape[1]),
            "action": vector(demos[0]["actions"].shape[1]),
            **{f"observation.images.{key}": image(demos[0]["obs"][key].shape) for key in cameras},
        }
        start, busy = time.perf_counter(), cpu_seconds()
        dataset = LeRobotDataset.create(
            "local/written", RATE, features, root=output, use_videos=True, vcodec=codec
        )
        frames = 0
        for demo in demos:
            for step in range(len(demo["actions"])):
                frame = {f"observation.images.{key}": demo["obs"][key][step] for key in cameras}
                frame["observation.state"] = demo["obs/state"][step]
                frame["action"] = demo["actions"][step]
                dataset.add_frame({**frame, "task": demo.attrs["instruction"]})
                frames += 1
            dataset.save_episode()
        dataset.finalize()
        measured = {
            "frames": frames,
            "seconds": time.perf_counter() - start,
            "cpu_seconds": cpu_seconds() - busy,
        }
    sys.stdout.write(json.dumps(measured) + "\n")


def vector(size: int) -> dict[str, object]:
    """Describe a vector of numbers."""
    return {"dtype": "float32", "shape": (size,), "names": [str(i) for i in range(size)]}


def image(shape: tuple[int, ...]) -> dict[str, object]:
    """Describe the images of a camera, recorded as (steps, height, width, 3)."""
    return {"dtype": "video", "shape": shape[1:], "names": ["height", "width", "channels"]}


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
