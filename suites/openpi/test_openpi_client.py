"""openpi's own client, as PyPI has it, asks our server in another process."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from openpi_client.action_chunk_broker import ActionChunkBroker
from openpi_client.websocket_client_policy import WebsocketClientPolicy

ACTION_DIM, HORIZON = 18, 16


@contextmanager
def served(policy: str, *options: str) -> Iterator[int]:
    """Serve a policy; yield the port. It has to end by itself when it is asked to."""
    command = [os.environ["VLA_HUMANOID"], "serve", "--policy", policy, "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        try:
            yield int(told.rpartition(":")[2])
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(30)
    assert status == 0


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served("random", "--image-size", "32") as port:
        yield port


def observation(client: WebsocketClientPolicy, **changes: object) -> dict[str, object]:
    described = json.loads(client.get_server_metadata()["vla_humanoid"])
    image = np.zeros((32, 32, 3), dtype=np.uint8)
    return {
        **{f"images/{camera}": image for camera in described["cameras"]},
        "state": np.zeros(len(described["state"])),
        "prompt": "lift the cube",
        **changes,
    }


def test_the_client_is_greeted_and_answered(port: int) -> None:
    client = WebsocketClientPolicy("127.0.0.1", port)
    for _ in range(3):
        answer = client.infer(observation(client))
        assert answer["actions"].shape == (HORIZON, ACTION_DIM)
        assert answer["actions"].dtype == np.float32
        assert answer["server_timing"]["infer_ms"] >= 0.0
    assert answer["server_timing"]["prev_total_ms"] > 0.0


def test_the_broker_hands_out_a_chunk_action_by_action(port: int) -> None:
    client = WebsocketClientPolicy("127.0.0.1", port)
    broker = ActionChunkBroker(client, action_horizon=HORIZON)
    actions = [broker.infer(observation(client))["actions"] for _ in range(2 * HORIZON)]
    assert {action.shape for action in actions} == {(ACTION_DIM,)}
    assert len({action.tobytes() for action in actions}) == 2 * HORIZON


def test_an_error_is_raised_and_the_client_may_ask_again(port: int) -> None:
    client = WebsocketClientPolicy("127.0.0.1", port)
    with pytest.raises(RuntimeError, match="invalid: state is"):
        client.infer(observation(client, state=np.zeros(3)))
    assert client.infer(observation(client))["actions"].shape == (HORIZON, ACTION_DIM)


@pytest.mark.parametrize("episode", [1, np.int64(1)])
def test_the_observation_may_say_which_episode_it_is(port: int, episode: int | np.int64) -> None:
    client = WebsocketClientPolicy("127.0.0.1", port)
    answer = client.infer(observation(client, episode=episode))
    assert answer["actions"].shape == (HORIZON, ACTION_DIM)
    with pytest.raises(RuntimeError, match="invalid: episode is a str"):
        client.infer(observation(client, episode="the first"))


def test_the_client_sends_its_key(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("secret\n")
    with served("zero", "--image-size", "32", "--api-key-file", str(file)) as port:
        client = WebsocketClientPolicy("127.0.0.1", port, api_key="secret")
        assert not client.infer(observation(client))["actions"].any()
