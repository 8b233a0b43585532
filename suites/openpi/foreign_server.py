"""Policies of openpi's DROID and LIBERO embodiments, behind a server of its protocol.

They have never heard of this robot: they take what ``openpi.policies.droid_policy`` and
``libero_policy`` take, refuse anything else, and answer with ten actions that lead their arm to a
place. What they were told goes to a file. Arguments: droid or libero, port, file.
"""

import json
import sys
from pathlib import Path
from typing import ClassVar

import numpy as np
from openpi_client.base_policy import BasePolicy
from protocol_server import serve_policy

HORIZON, GAIN, FASTEST = 10, 0.1, 0.2
TRIAL = "stand still"


class Reaching(BasePolicy):
    """Leads its arm to a place and closes its hand.

    Args:
        log: gets a line for everything that it is told.
    """

    images: tuple[str, str]
    vectors: ClassVar[dict[str, int]]

    def __init__(self, log: Path) -> None:
        self._log = log

    def infer(self, obs: dict) -> dict:
        expected = {*self.images, *self.vectors, "prompt"}
        if set(obs) != expected:
            raise KeyError(f"told of {sorted(obs)}, not {sorted(expected)}")
        for key in self.images:
            if obs[key].shape != (224, 224, 3) or obs[key].dtype != np.uint8:
                raise ValueError(f"{key} is {obs[key].dtype} {obs[key].shape}")
        for key, size in self.vectors.items():
            if obs[key].shape != (size,):
                raise ValueError(f"{key} has the shape {obs[key].shape}")
        told = {
            "state": np.concatenate([obs[key] for key in self.vectors]).tolist(),
            "prompt": obs["prompt"],
            "shades": [float(obs[key].std()) for key in self.images],
        }
        with self._log.open("a") as file:
            file.write(json.dumps(told) + "\n")
        return {"actions": self.actions(np.array(told["state"]), obs["prompt"])}

    def actions(self, state: np.ndarray, prompt: str) -> np.ndarray:
        """Return actions that lead on from a state."""
        raise NotImplementedError


class Droid(Reaching):
    """Answers with velocities of joints, of which a controller makes steps of up to 0.2 rad."""

    images = ("observation/exterior_image_1_left", "observation/wrist_image_left")
    vectors: ClassVar = {"observation/joint_position": 7, "observation/gripper_position": 1}
    goal = np.array([-0.4, -0.5, -0.3, -1.2, 0.3, -0.2, 0.2])
    full_step = 0.2

    def actions(self, state: np.ndarray, prompt: str) -> np.ndarray:
        return led(state[:7], self.goal, np.full(7, self.full_step), closing=1.0)


class Libero(Reaching):
    """Answers with steps of its hand's pose; a full one is 5 cm, or 0.5 rad about an axis.

    Its goal is a way off from where its hand is at first. As long as it turns about the axis that
    it is turned about already, rotation vectors add up.
    """

    images = ("observation/image", "observation/wrist_image")
    vectors: ClassVar = {"observation/state": 8}
    way, turn = np.array([0.06, -0.05, 0.08]), 0.3
    full_step = np.array([0.05, 0.05, 0.05, 0.5, 0.5, 0.5])

    def __init__(self, log: Path) -> None:
        super().__init__(log)
        self._goal: np.ndarray | None = None

    def actions(self, state: np.ndarray, prompt: str) -> np.ndarray:
        if prompt == TRIAL:
            return np.zeros((HORIZON, 7))
        if self._goal is None:
            self._goal = self.goal_from(state)
        return led(state[:6], self._goal, self.full_step, closing=1.0)

    @classmethod
    def goal_from(cls, state: np.ndarray) -> np.ndarray:
        """Return the pose that it goes to from its first one."""
        angle = np.linalg.norm(state[3:6])
        return np.concatenate([state[:3] + cls.way, state[3:6] * (1.0 + cls.turn / angle)])


def led(start: np.ndarray, goal: np.ndarray, full_step: np.ndarray, closing: float) -> np.ndarray:
    """Return actions that lead from a start towards a goal, as parts of full steps."""
    actions = np.full((HORIZON, len(start) + 1), closing)
    at = start
    for action in actions:
        action[:-1] = np.clip(GAIN * (goal - at) / full_step, -FASTEST, FASTEST)
        at = at + full_step * action[:-1]
    return actions


POLICIES = {"droid": Droid, "libero": Libero}

if __name__ == "__main__":
    name, port, log = sys.argv[1:]
    policy = POLICIES[name](Path(log))
    serve_policy(policy, "127.0.0.1", int(port), {"policy": name})
