"""Files of scenes that were never simulated: two coloured squares, each of which may be named."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from vla_humanoid.data_collection.scenes.file import new_scene_file
from vla_humanoid.data_collection.scenes.scene import Mounted, Request, SceneRecord, Texts, Thing
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.standardization import Standardization
from vla_humanoid.policies.text.tokenizer import vocabulary
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.training.grounding.config import GroundingTraining

COLORS = {"red": (220, 20, 20), "blue": (20, 20, 220)}
STATE = ("right_wrist_y", "wrist_velocity")
SIZE = 24
UPRIGHT = (1.0, 0.0, 0.0, 0.0)


def said(color: str) -> tuple[str, ...]:
    """Return what asks for a square."""
    return f"reach the {color} square", f"go to the {color} square"


def scene(seed: int, camera: str = "head", state: Sequence[str] = STATE) -> SceneRecord:
    """Return a scene: red is on the left or on the right, and either may be asked for first."""
    rng = np.random.default_rng(seed)
    left, right = rng.permutation(list(COLORS)).tolist()
    first, second = rng.permutation(list(COLORS)).tolist()
    image, half = rng.integers(0, 20, (SIZE, SIZE, 3), dtype=np.uint8), SIZE // 2
    image[-half:, 1 : half - 1] += np.array(COLORS[left], np.uint8)
    image[-half:, half + 1 : -1] += np.array(COLORS[right], np.uint8)
    things = {
        left: Thing("square", (0.4, 0.5, 0.0), UPRIGHT, {camera: (0.25, 0.75)}),
        right: Thing("square", (0.4, -0.5, 0.0), UPRIGHT, {camera: (0.75, 0.75)}),
    }
    requests = tuple(Request(({"object": color},), said(color)) for color in (first, second))
    mounted = Mounted((0.1, 0.0, 0.5), UPRIGHT, 60.0)
    return SceneRecord(
        seed,
        {camera: image},
        rng.normal(0.0, 0.1, len(state)).astype(np.float32),
        Texts(things, {camera: mounted}, requests),
    )


def write_scenes(
    path: Path,
    count: int,
    *,
    first: int = 0,
    camera: str = "head",
    state: Sequence[str] = STATE,
    task: str = "PickPlace",
) -> Path:
    """Write scenes of successive seeds."""
    write_records(
        path, [scene(first + index, camera, state) for index in range(count)], state, task
    )
    return path


def write_records(
    path: Path,
    records: Sequence[SceneRecord],
    state: Sequence[str] = STATE,
    task: str = "PickPlace",
) -> None:
    """Write scenes as they are given."""
    told = {"config": json.dumps({"task": task}), "state": json.dumps(list(state))}
    with new_scene_file(path, len(records), told) as writer:
        for record in records:
            writer.add(record)


TINY = GroundingConfig(
    view=CameraInput("head", 32, 32, moment="told"),
    state=("right_wrist_y",),
    tasks=("PickPlace",),
    kinds=("", "square"),
    vocabulary=vocabulary(text for color in COLORS for text in said(color)),
    channels=(8, 8, 16),
    width=16,
    text_layers=1,
    attention_heads=2,
    max_tokens=12,
)
QUICK = GroundingTraining(
    steps=400, pictures=8, sentences=2, learning_rate=5e-3, warmup=10, held_back=0.2
)


def tiny_grounder(seed: int = 0, *, hears: bool = True) -> Grounder:
    """Return a network of milliseconds for these scenes."""
    torch.manual_seed(seed)
    position = Standardization([0.4, 0.0, 0.0], [0.01, 0.5, 0.01])
    camera = Standardization([0.0] * 13, [1.0] * 13)
    config = replace(TINY, hears=hears)
    return Grounder(config, Standardization([0.0], [0.1]), position, camera)
