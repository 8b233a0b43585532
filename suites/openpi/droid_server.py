"""A policy of openpi's DROID embodiment, behind openpi's own server, unmodified.

It has never heard of this robot: it takes what ``openpi.policies.droid_policy`` takes, refuses
anything else, and answers with ten joint velocities and gripper positions at 15 Hz that lead its
arm to a place. What it was told goes to a file. Arguments: port, file.
"""

import json
import sys
from pathlib import Path

import numpy as np
from openpi_client.base_policy import BasePolicy
from upstream.websocket_policy_server import WebsocketPolicyServer

GOAL = np.array([-0.4, -0.5, -0.3, -1.2, 0.3, -0.2, 0.2])
"""Where it leads its joints [rad]."""
HORIZON, MAX_DELTA = 10, 0.2
GAIN, FASTEST = 0.1, 0.2
IMAGES = ("observation/exterior_image_1_left", "observation/wrist_image_left")
JOINTS, GRIPPER = "observation/joint_position", "observation/gripper_position"


class Reaching(BasePolicy):
    """Leads the joints to `GOAL` and closes the gripper.

    Args:
        log: gets a line for everything that it is told.
    """

    def __init__(self, log: Path) -> None:
        self._log = log

    def infer(self, obs: dict) -> dict:
        expected = {*IMAGES, JOINTS, GRIPPER, "prompt"}
        if set(obs) != expected:
            raise KeyError(f"told of {sorted(obs)}, not {sorted(expected)}")
        for key in IMAGES:
            if obs[key].shape != (224, 224, 3) or obs[key].dtype != np.uint8:
                raise ValueError(f"{key} is {obs[key].dtype} {obs[key].shape}")
        if obs[JOINTS].shape != (7,) or obs[GRIPPER].shape != (1,):
            raise ValueError("the state has another shape")
        told = {
            "joints": obs[JOINTS].tolist(),
            "gripper": float(obs[GRIPPER][0]),
            "prompt": obs["prompt"],
            "shades": [float(obs[key].std()) for key in IMAGES],
        }
        with self._log.open("a") as file:
            file.write(json.dumps(told) + "\n")
        return {"actions": self._actions(obs[JOINTS])}

    def _actions(self, joints: np.ndarray) -> np.ndarray:
        actions = np.ones((HORIZON, 8))
        for step in range(HORIZON):
            velocity = np.clip(GAIN * (GOAL - joints) / MAX_DELTA, -FASTEST, FASTEST)
            joints = joints + MAX_DELTA * velocity
            actions[step, :7] = velocity
        return actions


if __name__ == "__main__":
    server = WebsocketPolicyServer(
        Reaching(Path(sys.argv[2])), "127.0.0.1", int(sys.argv[1]), metadata={"policy": "droid"}
    )
    server.serve_forever()
