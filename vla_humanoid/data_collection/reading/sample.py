"""What a trainer gets for one step of one episode."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Sample:
    """A window around one step.

    Args:
        images: by camera, oldest first, shape (observation_steps, height, width, 3).
        told_images: by camera, what it saw when the robot was told its sentence, shape (height,
            width, 3).
        state: proprioception, oldest first, shape (observation_steps, S).
        observation_is_pad: where the first observation stands in for one before the episode, shape
            (observation_steps,).
        actions: the action chosen at the step and those after it, normalized to [-1, 1], shape
            (action_steps, A).
        action_is_pad: where the last action stands in for one after the episode, shape
            (action_steps,).
        action_mask: which entries of the actions its episode really has, shape (A,); others, of
            recordings that were imported, hold stand-ins.
        state_mask: likewise of the state, shape (S,).
        sentence: what the robot is told, or a paraphrase of it.
        subgoal: what is being worked on; empty once all is done.
        subgoal_index: of it within the episode; their number once all is done.
        progress: how much of the way to the goal lies behind, in [0, 1].
        task: name of the task.
        file: index into the files of the dataset.
        episode: its name in the file, such as ``demo_0``.
        step: of the newest observation and the first action.
    """

    images: Mapping[str, NDArray[np.uint8]]
    told_images: Mapping[str, NDArray[np.uint8]]
    state: NDArray[np.float32]
    observation_is_pad: NDArray[np.bool_]
    actions: NDArray[np.float32]
    action_is_pad: NDArray[np.bool_]
    action_mask: NDArray[np.bool_]
    state_mask: NDArray[np.bool_]
    sentence: str
    subgoal: str
    subgoal_index: int
    progress: float
    task: str
    file: int
    episode: str
    step: int
