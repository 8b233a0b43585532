"""What is served under which name."""

from pathlib import Path

import numpy as np
import pytest

from vla_humanoid.data_collection import Dataset
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.replayed_policy import HORIZON, ReplayedPolicy
from vla_humanoid.data_collection.served_policies import (
    Surroundings,
    policy_maker,
    read_api_key,
)
from vla_humanoid.policy_runner.policy import ChunkPolicy, PolicyError, Query

BLIND = Surroundings("PickPlace", "end_effector", (), 224)


def test_a_recorded_step_is_answered_with_what_followed_it(small_dataset: Path) -> None:
    policy = ReplayedPolicy(small_dataset)
    with Dataset(small_dataset, mask=None, cameras=()) as dataset:
        for episode in dataset.episodes():
            for step in range(episode.steps):
                state, sentence = episode.state[step], episode.told(step)
                query = Query({"state": state, "instruction": sentence}, episode.actions[:0])
                answer = policy.act(query)
                assert answer.shape == (HORIZON, episode.actions.shape[1])
                same = np.flatnonzero((episode.state == state).all(axis=1))
                assert any(np.array_equal(answer[0], episode.actions[at]) for at in same)
    assert policy.description.cameras == ("head", "right_wrist")
    assert policy.description.image_size == 24


def test_a_sentence_that_was_never_said_is_named(small_dataset: Path) -> None:
    policy = ReplayedPolicy(small_dataset)
    state = np.zeros(len(policy.description.state), dtype=np.float32)
    nothing = np.zeros((0, policy.description.action.dim), dtype=np.float32)
    with pytest.raises(PolicyError, match="no episode with the sentence 'fly'"):
        policy.act(Query({"state": state, "instruction": "fly"}, nothing))


def test_random_differs_from_step_to_step_and_zero_does_not() -> None:
    def chunk(policy: ChunkPolicy) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        dim = policy.description.action.dim
        return policy.act(Query({"instruction": ""}, np.zeros((0, dim), dtype=np.float32)))

    assert not chunk(policy_maker("zero", BLIND)()).any()
    drawn = chunk(policy_maker("random", BLIND)())
    assert len(np.unique(drawn)) == drawn.size
    assert np.abs(drawn).max() <= 1.0


@pytest.mark.parametrize("name", ["expert", "replay", "ws://127.0.0.1:8000"])
def test_a_policy_that_there_is_not_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match="choose shipped, zero, random, replay"):
        policy_maker(name, BLIND)


def test_a_folder_that_is_no_checkpoint_says_what_one_holds(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    with pytest.raises(PolicyError, match=r"a folder with model\.json and model\.safetensors"):
        policy_maker(str(tmp_path), BLIND)()


def test_a_task_that_there_is_not_is_named() -> None:
    with pytest.raises(ConfigurationError, match="Nope"):
        policy_maker("zero", Surroundings("Nope", "end_effector", (), 224))


@pytest.mark.parametrize("text", ["", "two words", "sn\N{SNOWMAN}w"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="holds no API key"):
        read_api_key(path)
    path.write_text("secret\n")
    assert read_api_key(path) == "secret"
