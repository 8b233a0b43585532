"""Listens to an episode and turns it into what a dataset file holds about it."""

import json
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from zlib import compress

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.environment import (
    IMAGE_PREFIX,
    Action,
    DemonstrationWorld,
    Image,
)
from vla_humanoid.data_collection.rollout import Moment, Outcome
from vla_humanoid.schema import SIDES, WorldState

COMPRESSION_LEVEL = 5
"""Of zlib. A rendered frame of 224 x 224 pixels shrinks to 31 % in 1.2 ms with level 1, to 29 % in
2.5 ms with level 5, and to 28.5 % in 3.1 ms with level 6; reading takes the same time."""


@dataclass(frozen=True)
class CompressedFrames:
    """A video, each frame compressed on its own without loss.

    Args:
        shape: height, width, channels.
        frames: zlib streams, as HDF5's gzip filter stores them.
        checksum: SHA-256 of all that they hold, hexadecimal.
    """

    shape: tuple[int, ...]
    frames: tuple[bytes, ...]
    checksum: str


@dataclass(frozen=True)
class EpisodeRecord:
    """Everything that is stored about one episode.

    Args:
        attributes: of the demo's group.
        arrays: path in the demo's group to array, first axis time.
        videos: path in the demo's group to frames.
    """

    attributes: dict[str, str | int | bool]
    arrays: dict[str, NDArray[np.generic]]
    videos: dict[str, CompressedFrames]


class Recorder:
    """A subscriber of `rollout` that records one episode at a time.

    Frames are compressed as they come, so that an episode takes little memory whatever the size of
    its images.

    Args:
        task: name of the task.
        attempt: number of the attempt within its run.
    """

    def __init__(self, task: str, attempt: int) -> None:
        self._attributes: dict[str, str | int | bool] = {"task": task, "attempt": attempt}
        self._rows: dict[str, list[NDArray[np.generic]]] = {}
        self._frames: dict[str, list[bytes]] = {}
        self._frame_shapes: dict[str, tuple[int, ...]] = {}
        self._checksums = defaultdict(sha256)
        self._worlds: list[WorldState] = []
        self._said: list[tuple[int, str]] = []

    def on_reset(self, world: DemonstrationWorld) -> None:
        """Note what the episode is about."""
        episode = world.episode
        self._attributes |= {
            "seed": episode.seed,
            "instruction": episode.instruction.text,
            "paraphrases": json.dumps(episode.instruction.paraphrases),
            "subgoals": json.dumps(world.task.subgoals(episode.goal, episode.scene)),
            "randomization": json.dumps(episode.randomization),
        }

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        """Note what the policy saw, what it chose, and how the world was then."""
        self._worlds.append(moment.world)
        for key, value in moment.observation.items():
            if key.startswith(IMAGE_PREFIX):
                camera = key.removeprefix(IMAGE_PREFIX)
                self._add_frame(layout.image_path(camera), np.asarray(value, np.uint8))
            elif not isinstance(value, str):
                self._add(f"{layout.OBS}/{key}", np.float32(value))
        balance = moment.info["balance"]
        for key in layout.BALANCE_KEYS:
            self._add(f"{layout.BALANCE}/{key}", np.float32(balance[key]))
        self._add(layout.SUBGOAL, np.int64(moment.info["subgoal"]))
        self._add(layout.PROGRESS, np.float32(moment.info["progress"]))
        self._hear(moment.info["instruction"], len(self._worlds) - 1)
        self._add(layout.SENTENCE, np.int64(len(self._said) - 1))
        self._add(layout.ACTIONS, np.float32(action))
        self._add(layout.REWARDS, np.float32(reward))
        self._add(layout.DONES, np.int64(last))

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        """Note how it ended."""
        self._worlds.append(moment.world)
        self._attributes |= {
            "num_samples": outcome.steps,
            "success": outcome.success,
            "failure": outcome.failure or "",
            "said": json.dumps(self._said),
        }

    def record(self) -> EpisodeRecord:
        """Return the episode that has ended; it took at least one step."""
        arrays = {path: np.stack(rows) for path, rows in self._rows.items()}
        arrays[layout.DONES][-1] = 1  # Also where the policy gave up.
        arrays[layout.FOOT_WRENCHES] = np.stack([_wrenches(world) for world in self._worlds])
        for group, worlds in (
            (layout.STATES, self._worlds[:-1]),
            (layout.INITIAL_STATE, self._worlds[:1]),
            (layout.FINAL_STATE, self._worlds[-1:]),
        ):
            for path, values in layout.state_tree(worlds).items():
                arrays[f"{group}/{path}"] = values
        videos = {
            path: CompressedFrames(
                self._frame_shapes[path], tuple(frames), self._checksums[path].hexdigest()
            )
            for path, frames in self._frames.items()
        }
        return EpisodeRecord(self._attributes, arrays, videos)

    def _hear(self, sentence: str, step: int) -> None:
        """Note what the policy has been told from a step on."""
        if not self._said or self._said[-1][1] != sentence:
            self._said.append((step, sentence))

    def _add(self, path: str, value: NDArray[np.generic] | np.generic) -> None:
        self._rows.setdefault(path, []).append(np.array(value))

    def _add_frame(self, path: str, image: Image) -> None:
        self._frame_shapes[path] = image.shape
        content = image.tobytes()
        self._checksums[path].update(content)
        self._frames.setdefault(path, []).append(compress(content, COMPRESSION_LEVEL))


def _wrenches(world: WorldState) -> NDArray[np.float32]:
    return np.stack([world.robot.foot_wrenches[side] for side in SIDES]).astype(np.float32)
