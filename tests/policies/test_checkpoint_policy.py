"""A checkpoint as a policy: it answers questions, and says what is wrong with them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from small_policies import DESCRIPTION, SENTENCES, composed, small_policy

from vla_humanoid.policies.checkpoint import Provenance, save_pretrained
from vla_humanoid.policies.checkpoint_policy import CheckpointPolicy
from vla_humanoid.policies.config import HeadOptions
from vla_humanoid.policies.loading import load_policy
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.policy_runner.policy import Observation, PolicyError, Query

IMAGE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
SEEN: Observation = {
    "images/head": IMAGE,
    "images/right_wrist": IMAGE[::-1],
    "images/left_wrist": IMAGE,
    "state": np.linspace(-1.0, 1.0, 5, dtype=np.float32),
    "instruction": SENTENCES[0],
}


def asked(seen: Observation) -> Query:
    return Query(seen, np.zeros((0, 3), dtype=np.float32))


def test_it_answers_with_a_chunk_and_draws_the_same_in_every_episode() -> None:
    config = composed(head="flow", head_options=HeadOptions(layers=1, steps=2))
    policy = CheckpointPolicy(small_policy(config), seed=3)
    policy.reset(SENTENCES[0])
    first, second = policy.act(asked(SEEN)), policy.act(asked(SEEN))
    policy.reset(SENTENCES[0])
    assert first.shape == (4, 3)
    assert first.dtype == np.float32
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(policy.act(asked(SEEN)), first)
    assert policy.description == DESCRIPTION


def test_it_tells_how_far_it_takes_itself_to_be() -> None:
    model = small_policy(composed())
    policy = CheckpointPolicy(model)
    policy.reset(SENTENCES[0])
    assert policy.outlook is None
    policy.act(asked(SEEN))
    shown = {view.name: torch.from_numpy(IMAGE)[None] for view in model.config.views}
    shown["right_wrist"] = torch.from_numpy(IMAGE[::-1].copy())[None]
    plan = model(shown, torch.linspace(-1.0, 1.0, 5)[None], [SENTENCES[0]]).plan
    assert policy.outlook is not None
    assert policy.outlook.progress == pytest.approx(plan.progress.item(), abs=1e-5)
    assert policy.outlook.subgoal == plan.subgoal_logits.argmax().item()
    policy.reset(SENTENCES[0])
    assert policy.outlook is None


def test_what_it_predicts_is_what_it_answers() -> None:
    policy = CheckpointPolicy(small_policy(composed()))
    policy.reset(SENTENCES[0])
    chunk = policy.predict(SEEN)
    np.testing.assert_array_equal(policy.act(asked(SEEN)), chunk.actions)
    assert policy.outlook == chunk.outlook
    with pytest.raises(PolicyError, match="has no state"):
        policy.predict({name: value for name, value in SEEN.items() if name != "state"})


def test_it_keeps_what_it_saw_when_it_was_told() -> None:
    views = (CameraInput("head", 16, 24, moment="told"), CameraInput("right_wrist", 16, 16))
    policy = CheckpointPolicy(small_policy(composed(cameras=views)))
    later: Observation = {**SEEN, "images/head": IMAGE[:, ::-1]}
    policy.reset(SENTENCES[0])
    first = policy.act(asked(SEEN))
    np.testing.assert_array_equal(policy.act(asked(later)), first)
    elsewhere: Observation = {**later, "images/right_wrist": IMAGE}
    assert not np.array_equal(policy.act(asked(elsewhere)), first)
    policy.reset(SENTENCES[0])
    assert not np.array_equal(policy.act(asked(later)), first)


def test_a_session_acts_by_the_same_model_and_remembers_for_itself() -> None:
    views = (CameraInput("head", 16, 24, moment="told"), CameraInput("right_wrist", 16, 16))
    config = composed(cameras=views, head="flow", head_options=HeadOptions(layers=1, steps=2))
    policy = CheckpointPolicy(small_policy(config), seed=3)
    later: Observation = {**SEEN, "images/head": IMAGE[:, ::-1]}
    first, second = policy.session(), policy.session()
    at_once = [first.act(asked(seen)) for seen in (SEEN, later)]
    other = second.act(asked(later))
    in_turns = policy.session()
    np.testing.assert_array_equal(in_turns.act(asked(SEEN)), at_once[0])
    np.testing.assert_array_equal(policy.session().act(asked(later)), other)
    np.testing.assert_array_equal(in_turns.act(asked(later)), at_once[1])


def test_what_was_seen_then_is_not_what_the_camera_writes_into_later() -> None:
    views = (CameraInput("head", 16, 24, moment="told"),)
    policy = CheckpointPolicy(small_policy(composed(cameras=views)))
    image = IMAGE.copy()
    first = policy.act(asked({**SEEN, "images/head": image}))
    image[:] = 0
    np.testing.assert_array_equal(policy.act(asked({**SEEN, "images/head": image})), first)


def test_a_saved_model_acts(tmp_path: Path) -> None:
    save_pretrained(small_policy(), tmp_path, Provenance())
    policy = load_policy(tmp_path)
    policy.reset(SENTENCES[0])
    np.testing.assert_array_equal(
        policy.act(asked(SEEN)), CheckpointPolicy(small_policy()).act(asked(SEEN))
    )


def test_what_is_no_checkpoint_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"cannot be read"):
        load_policy(tmp_path)


@pytest.mark.parametrize(
    ("entry", "value", "message"),
    [
        ("images/head", IMAGE[:30], r"head is of shape \(30, 32, 3\), not \(32, 32, 3\)"),
        ("images/head", IMAGE.astype(np.float32), r"head are torch.float32"),
        ("images/head", IMAGE[..., 0], r"head are torch.uint8 of shape \(1, 32, 32\)"),
        ("state", np.zeros(4, dtype=np.float32), r"state is of shape \(1, 4\), not \(1, 5\)"),
        ("instruction", "red " * 40, r"has 40 words.*takes 11"),
    ],
)
def test_an_observation_of_another_kind_is_refused(
    entry: str, value: np.ndarray | str, message: str
) -> None:
    policy = CheckpointPolicy(small_policy())
    with pytest.raises(PolicyError, match=message):
        policy.act(asked({**SEEN, entry: value}))


@pytest.mark.parametrize("entry", ["images/right_wrist", "state", "instruction"])
def test_an_observation_that_lacks_something_is_refused(entry: str) -> None:
    seen = {name: value for name, value in SEEN.items() if name != entry}
    with pytest.raises(PolicyError, match=rf"The observation has no {entry}"):
        CheckpointPolicy(small_policy()).act(asked(seen))


def test_an_empty_sentence_says_nothing_but_is_one() -> None:
    policy = CheckpointPolicy(small_policy())
    chunk = policy.act(asked({**SEEN, "instruction": ""}))
    assert np.isfinite(chunk).all()
    assert not np.array_equal(chunk, policy.act(asked(SEEN)))


def test_asking_leaves_the_observation_as_it_was() -> None:
    before = {name: np.copy(value) for name, value in SEEN.items()}
    with torch.inference_mode():
        CheckpointPolicy(small_policy()).act(asked(SEEN))
    for name, value in before.items():
        np.testing.assert_array_equal(SEEN[name], value)
