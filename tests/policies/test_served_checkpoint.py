"""A checkpoint that others ask over a server answers them as it would in their own process."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from small_policies import SENTENCES, STATE, composed, small_policy

from vla_humanoid.policies.checkpoint import Provenance, save_pretrained
from vla_humanoid.policies.checkpoint_policy import CheckpointPolicy
from vla_humanoid.policies.config import HeadOptions
from vla_humanoid.policies.loading import load_policy
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.policy_runner.policy import ChunkPolicy, Query
from vla_humanoid.policy_runner.serving.background import in_background
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig
from vla_humanoid.policy_runner.wire.openpi import OpenpiPolicy

CONFIG = composed(
    cameras=(CameraInput("head", 16, 24, moment="told"), CameraInput("right_wrist", 16, 16)),
    head="flow",
    head_options=HeadOptions(layers=1, steps=2),
)
"""Of a model that goes by what it saw when it was told, and draws something for every answer."""
STEPS = 3


def served(make: Callable[[], ChunkPolicy]) -> PolicyServer:
    return PolicyServer(make, ServerConfig(port=0))


def episode(seed: int) -> list[Query]:
    """Return what a robot asks in an episode."""
    rng = np.random.default_rng(seed)
    return [
        Query(
            {
                "images/head": rng.integers(0, 256, (32, 32, 3), dtype=np.uint8),
                "images/right_wrist": rng.integers(0, 256, (32, 32, 3), dtype=np.uint8),
                "state": rng.standard_normal(len(STATE)).astype(np.float32),
                "instruction": SENTENCES[0],
            },
            np.zeros((0, 3), dtype=np.float32),
        )
        for _ in range(STEPS)
    ]


def answers(model: PolicyModel, queries: list[Query]) -> list[NDArray[np.float32]]:
    """Return what the model answers in the process that asks."""
    policy = CheckpointPolicy(model)
    policy.reset(SENTENCES[0])
    return [policy.act(query) for query in queries]


def test_clients_that_take_turns_are_answered_as_in_their_own_process(tmp_path: Path) -> None:
    save_pretrained(small_policy(CONFIG), tmp_path, Provenance())
    model = small_policy(CONFIG)
    assert load_policy(tmp_path).remembers
    with in_background(served(lambda: load_policy(tmp_path))) as server:
        clients = [OpenpiPolicy(server.url) for _ in range(2)]
        for seeds in ((1, 2), (3, 4)):
            episodes = [episode(seed) for seed in seeds]
            expected = [answers(model, queries) for queries in episodes]
            assert not np.array_equal(expected[0][0], expected[1][0])
            for client in clients:
                client.reset(SENTENCES[0])
            for step in range(STEPS):
                for client, queries, right in zip(clients, episodes, expected, strict=True):
                    np.testing.assert_array_equal(client.act(queries[step]), right[step])
        for client in clients:
            client.close()


def test_how_far_a_model_is_is_told_to_its_client() -> None:
    model = small_policy(CONFIG)
    here = CheckpointPolicy(model)
    here.reset(SENTENCES[0])
    with in_background(served(lambda: CheckpointPolicy(model))) as server:
        client = OpenpiPolicy(server.url)
        client.reset(SENTENCES[0])
        for query in episode(1):
            here.act(query)
            client.act(query)
            assert here.outlook is not None
            assert client.outlook == here.outlook
        client.close()


def test_a_model_that_takes_the_place_knows_what_was_seen_at_first() -> None:
    queries = episode(1)
    begun, other = small_policy(CONFIG), small_policy(CONFIG, seed=1)
    with in_background(served(lambda: CheckpointPolicy(begun))) as server:
        client = OpenpiPolicy(server.url)
        np.testing.assert_array_equal(client.act(queries[0]), answers(begun, queries)[0])
        server.swap(lambda: CheckpointPolicy(other))
        right = answers(other, [queries[0], queries[2]])[1]
        assert not np.array_equal(answers(other, queries[2:])[0], right)
        np.testing.assert_array_equal(client.act(queries[2]), right)
        client.close()
