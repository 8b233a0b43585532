"""A policy of another embodiment, on openpi's own server, drives our robot through a mapping."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from droid_server import GOAL
from openpi_client import image_tools

HERE = Path(__file__).parent
SERVER_SHA256 = "1370d345e6c3c5b8f15573050e485e60a5b423d1df33e24b237805e6b442b026"
TOLERANCE = 0.03
"""Of a joint at the end [rad]."""


@contextmanager
def served(log: Path) -> Iterator[str]:
    """Serve the policy in a process of its own; yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(HERE / "droid_server.py"), str(port), str(log)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(HERE)}) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield f"ws://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not begin")


def evaluate(address: str, mapping: Path, output: Path) -> subprocess.CompletedProcess[str]:
    command = [os.environ["VLA_HUMANOID"], "evaluate", "--policy", address, "--task", "PointAt"]
    options = ["--mapping", str(mapping), "--episodes", "1", "--workers", "1"]
    return subprocess.run(
        [*command, *options, "--output", str(output)],
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
        env={**os.environ, "COLUMNS": "200"},
    )


def told(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_the_server_is_openpis() -> None:
    source = (HERE / "upstream" / "websocket_policy_server.py").read_bytes()
    assert hashlib.sha256(source).hexdigest() == SERVER_SHA256


def test_an_arms_policy_leads_our_arm_where_it_wants_it(tmp_path: Path) -> None:
    log, output = tmp_path / "told.jsonl", tmp_path / "report"
    with served(log) as address:
        done = evaluate(address, HERE / "droid.toml", output)
    assert done.returncode == 0, done.stderr
    assert "right_elbow_joint" in done.stdout
    assert "answers with 8 at 15 Hz" in done.stdout
    trial, first, *_, last = told(log)
    assert trial["prompt"] == "stand still"
    assert not any(trial["shades"])
    assert "point" in first["prompt"].lower()
    assert min(first["shades"]) > 1.0  # It sees something.
    start, end = np.array(first["joints"]), np.array(last["joints"])
    assert np.abs(start - GOAL).max() > 0.2
    np.testing.assert_allclose(end, GOAL, atol=TOLERANCE)
    assert first["gripper"] < 0.5 < last["gripper"]
    results = json.loads((output / "results.json").read_text())
    assert results["all"]["episodes"] == 1
    assert results["all"]["fallbacks"] == {}
    assert json.loads((output / "mapping.json").read_text())["control_mode"] == "arm_joints"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"observation/wrist_image_left"', '"wrist"', "told of"),
        ("size = 224", "size = 200", "observation/exterior_image_1_left is uint8"),
        ('"j7", "gripper"]', '"j7"]', "the policy's action has no 'gripper'"),
        ('unit = "rad" }', 'unit = "m" }', "one of rad, deg, not"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_before_the_first_episode(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = (HERE / "droid.toml").read_text()
    assert old in text
    mapping = tmp_path / "droid.toml"
    mapping.write_text(text.replace(old, new))
    with served(tmp_path / "told.jsonl") as address:
        done = evaluate(address, mapping, tmp_path / "report")
    assert done.returncode != 0
    assert message in done.stderr
    assert not (tmp_path / "report" / "results.json").exists()


SHAPING = """
import sys
import numpy as np
from vla_humanoid.policy_runner.mapped.images import shaped
images = np.load(sys.argv[1])
sizes = [tuple(map(int, name.split("_"))) for name in images]
np.savez(sys.argv[2], *[shaped(images[f"{h}_{w}"], 224, 224, "pad") for h, w in sizes])
"""


def test_images_are_padded_as_openpi_pads_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sizes = [(224, 224), (180, 320), (480, 640), (100, 31), (721, 1279)]
    images = {f"{h}_{w}": rng.integers(0, 256, (h, w, 3), dtype=np.uint8) for h, w in sizes}
    before, after = tmp_path / "before.npz", tmp_path / "after.npz"
    np.savez(before, **images)
    python = Path(os.environ["VLA_HUMANOID"]).with_name("python")
    subprocess.run([str(python), "-c", SHAPING, str(before), str(after)], check=True)
    for ours, image in zip(np.load(after).values(), images.values(), strict=True):
        np.testing.assert_array_equal(ours, image_tools.resize_with_pad(image, 224, 224))
