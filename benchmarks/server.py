"""What the server adds to asking a policy in the same process: ``python benchmarks/server.py``.

Two 224 px images, over loopback, one client after another question; the policy does nothing.
"""

import time

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.description import Description
from vla_humanoid.policy_runner.constant import ZeroPolicy
from vla_humanoid.policy_runner.policy import ChunkPolicy, Query
from vla_humanoid.policy_runner.serving.background import in_background
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
from vla_humanoid.policy_runner.wire.openpi import OpenpiPolicy
from vla_humanoid.schema import ActionSpec, Field

CAMERAS = ("head", "right_wrist")
SIZE = 224
QUESTIONS = 1000


def description() -> Description:
    """Return a policy's with two cameras, 109 numbers and 18 commands."""
    action = ActionSpec(
        "end_effector", tuple(Field(f"command_{i}", "1", -1.0, 1.0) for i in range(18))
    )
    state = tuple(Field(f"sensed_{i}", "1", -1.0, 1.0) for i in range(109))
    return Description(action, state, CAMERAS, SIZE, 20.0)


def latencies(policy: ChunkPolicy, questions: int) -> NDArray[np.float64]:
    """Ask a policy again and again; return how long each answer took [ms]."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    images = {f"images/{camera}": image for camera in CAMERAS}
    state = np.zeros(len(policy.description.state), dtype=np.float32)
    committed = np.zeros((0, policy.description.action.dim), dtype=np.float32)
    query = Query({**images, "state": state, "instruction": "lift the cube"}, committed)
    taken: list[float] = []
    for _ in range(questions):
        begin = time.perf_counter()
        policy.act(query)
        taken.append(1000.0 * (time.perf_counter() - begin))
    return np.array(taken)


def main() -> None:
    """Measure and print."""
    local = ZeroPolicy(description())
    with in_background(PolicyServer(lambda: local, ServerConfig(port=0))) as server:
        remote = OpenpiPolicy(server.url)
        latencies(remote, 20)
        served = latencies(remote, QUESTIONS)
        remote.close()
    here = float(np.median(latencies(local, QUESTIONS)))
    low, median, high = np.quantile(served, (0.05, 0.5, 0.95)) - here
    print(f"{QUESTIONS} questions: {median:.2f} ms more at the median, {low:.2f} to {high:.2f} ms")


if __name__ == "__main__":
    main()
