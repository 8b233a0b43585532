"""Random samples per second from LeRobot's `LeRobotDataset`, for `benchmarks/data.py`.

Run in an environment that has LeRobot; it imports nothing of ours. For each number of samples on
its standard input it prints a rate. The time is that of all threads that decode video.
"""

# The types are checked where LeRobot is not installed.
# pyright: reportMissingImports=false

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch

if torch.__version__.startswith("2.13"):  # For which torchvision has no compiled part.
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from lerobot.datasets.lerobot_dataset import LeRobotDataset


def main() -> None:
    """Answer until there are no more questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--backend", default="pyav")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    dataset = LeRobotDataset(
        arguments.folder.name,
        root=arguments.folder,
        delta_timestamps={"action": [step / arguments.rate for step in range(16)]},
        video_backend=arguments.backend,
    )
    rng = np.random.default_rng(0)
    for line in sys.stdin:
        chosen = rng.integers(len(dataset), size=int(line)).tolist()
        start = time.process_time()
        for index in chosen:
            dataset[index]
        print(len(chosen) / (time.process_time() - start), flush=True)


if __name__ == "__main__":
    main()
