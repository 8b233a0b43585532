"""Steps per second of robosuite 1.5.2's floating GR1 humanoid, for comparison with our environment.

Run in an environment of its own, since robosuite 1.5.2 fails with MuJoCo 3.12 and newer; it imports
nothing of ours:

    python3 -m venv peer && peer/bin/pip install robosuite==1.5.2 mujoco==3.9.0 'numpy<2'
    python benchmarks/environment.py --peer-python peer/bin/python
"""

# The types are checked where robosuite is not installed.
# pyright: reportMissingImports=false

import argparse
import os
import time

os.environ.setdefault("MUJOCO_GL", "egl")

import numpy as np
import robosuite

CAMERAS = ["agentview", "frontview"]


def measure(cameras: list[str], steps: int) -> float:
    """Return steps per second of TwoArmLift at 20 Hz with random actions."""
    env = robosuite.make(
        "TwoArmLift",
        robots="GR1FloatingBody",
        has_renderer=False,
        has_offscreen_renderer=bool(cameras),
        use_camera_obs=bool(cameras),
        camera_names=cameras or "agentview",
        camera_heights=224,
        camera_widths=224,
        control_freq=20,
        horizon=10 * steps,
    )
    env.reset()
    low, high = env.action_spec
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(steps):
        env.step(rng.uniform(low, high))
    rate = steps / (time.perf_counter() - start)
    env.close()
    return rate


def main() -> None:
    """Print the rate without and with two cameras, separated by a space."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=60)
    steps = parser.parse_args().steps
    print(f"{measure([], steps):.2f} {measure(CAMERAS, steps):.2f}")


if __name__ == "__main__":
    main()
