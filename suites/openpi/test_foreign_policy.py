"""A policy of another embodiment, behind openpi's protocol, drives our robot through a mapping."""

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
from foreign_server import TRIAL, Droid, Libero
from openpi_client import image_tools

HERE = Path(__file__).parent


@contextmanager
def served(name: str, log: Path) -> Iterator[str]:
    """Serve the policy in a process of its own; yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(HERE / "foreign_server.py"), name, str(port), str(log)]
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


def driven(name: str, folder: Path) -> tuple[list[dict], str]:
    """Let a policy drive our robot for an episode; return what it was told, and the printed."""
    log, output = folder / "told.jsonl", folder / "report"
    with served(name, log) as address:
        done = evaluate(address, HERE / f"{name}.toml", output)
    assert done.returncode == 0, done.stderr
    trial, *rest = told(log)
    assert trial["prompt"] == TRIAL
    assert not any(trial["shades"])
    assert "point" in rest[0]["prompt"].lower()
    assert min(rest[0]["shades"]) > 1.0  # It sees something.
    results = json.loads((output / "results.json").read_text())
    assert results["all"]["episodes"] == 1
    assert results["all"]["fallbacks"] == {}
    assert (output / "mapping.json").is_file()
    return rest, done.stdout


def test_a_policy_of_droid_leads_our_arm_where_it_wants_its_own(tmp_path: Path) -> None:
    (first, *_, last), printed = driven("droid", tmp_path)
    assert "actions[gripper], open 0, closed 1" in printed
    assert "answers with 8 at 15 Hz" in printed
    start, end = np.array(first["state"]), np.array(last["state"])
    assert np.abs(start[:7] - Droid.goal).max() > 0.2
    np.testing.assert_allclose(end[:7], Droid.goal, atol=0.03)
    assert start[7] < 0.5 < end[7]


def test_a_policy_of_libero_leads_our_hand_where_it_wants_its_own(tmp_path: Path) -> None:
    (first, *_, last), printed = driven("libero", tmp_path)
    assert "actions[0, 1, 2], m x 0.05 of hand, relative to previous" in printed
    start, end = np.array(first["state"]), np.array(last["state"])
    goal = Libero.goal_from(start)
    np.testing.assert_allclose(end[:3], goal[:3], atol=0.01)
    np.testing.assert_allclose(end[3:6], goal[3:6], atol=0.05)
    np.testing.assert_allclose(start[6:], [0.04, -0.04], atol=0.01)
    np.testing.assert_allclose(end[6:], [0.0, 0.0], atol=0.01)


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
    with served("droid", tmp_path / "told.jsonl") as address:
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
