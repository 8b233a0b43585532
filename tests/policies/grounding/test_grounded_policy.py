"""Models with a grounding network: it looks once, when the robot is told, and stays as it is."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from small_policies import (
    CAMERAS,
    DESCRIPTION,
    GROUNDING,
    SENTENCES,
    composed,
    seen,
    small_grounder,
    small_policy,
    told,
)

from vla_humanoid.policies.checkpoint import Provenance, from_pretrained, save_pretrained
from vla_humanoid.policies.checkpoint_policy import CheckpointPolicy
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import InputError, ModelError
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.policies.weights import CheckpointError
from vla_humanoid.policy_runner.policy import Observation, PolicyError, Query

SEEING = composed(grounding=GROUNDING)
POINTER = replace(
    SEEING, cameras=(), text="none", fusion="mlp", latents=4, hidden=16, decoder="flat"
)
CONFIGS = {"seeing": SEEING, "pointer": POINTER}
IMAGE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
SEEN: Observation = {
    "images/head": IMAGE,
    "images/right_wrist": IMAGE[::-1],
    "state": np.linspace(-1.0, 1.0, 5, dtype=np.float32),
    "instruction": SENTENCES[0],
}
LATER: Observation = {**SEEN, "images/head": IMAGE[:, ::-1]}
MOVED: Observation = {**SEEN, "state": np.linspace(0.5, -1.0, 5, dtype=np.float32)}


def asked(observation: Observation) -> Query:
    return Query(observation, np.zeros((0, 3), dtype=np.float32))


def grounded(
    policy: PolicyModel, images: dict[str, torch.Tensor], state: torch.Tensor
) -> torch.Tensor:
    named = policy.ground(images, state, SENTENCES)
    assert named is not None
    return named


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
@torch.no_grad()
def test_to_be_told_is_to_look_oneself(config: ModelConfig) -> None:
    policy = small_policy(config)
    images, state = seen()
    named = grounded(policy, told(images), state)
    assert named.shape == (2, GROUNDING.features)
    alone = policy(told(images), state, SENTENCES)
    assert torch.equal(alone.features, policy(images, state, SENTENCES, named).features)
    elsewhere = grounded(policy, {"head_told": images["head"]}, state)
    assert not torch.allclose(named, elsewhere, atol=1e-6)


def test_a_model_without_one_is_told_nothing() -> None:
    images, state = seen()
    assert small_policy().ground(told(images), state, SENTENCES) is None


@torch.no_grad()
def test_it_feels_the_entries_that_it_names() -> None:
    policy = small_policy(POINTER)
    network = policy.grounder
    assert network is not None
    images, state = seen()
    named = grounded(policy, told(images), state)
    direct = network(told(images)["head_told"], state[:, [1, 4]], SENTENCES).features()
    assert torch.equal(named, direct)


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_checkpoint_has_its_network(config: ModelConfig, tmp_path: Path) -> None:
    policy = small_policy(config)
    assert policy.grounder is not None
    policy.grounder.load_state_dict(small_grounder(seed=3).state_dict())
    save_pretrained(policy, tmp_path, Provenance())
    again, _ = from_pretrained(tmp_path)
    assert again.config == config
    ours, theirs = policy.state_dict(), again.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert again.grounder is not None
    assert not any(weight.requires_grad for weight in again.grounder.parameters())
    images, state = seen()
    with torch.no_grad():
        actions, same = (
            one.actions(one(told(images), state, SENTENCES)) for one in (policy, again)
        )
    assert torch.equal(actions, same)


def test_a_checkpoint_without_its_network_is_refused(tmp_path: Path) -> None:
    save_pretrained(small_policy(POINTER), tmp_path, Provenance())
    without = replace(POINTER, grounding=None, cameras=CAMERAS)
    save_pretrained(small_policy(without), tmp_path / "other", Provenance())
    (tmp_path / "other" / "model.safetensors").replace(tmp_path / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"does not fit its model"):
        from_pretrained(tmp_path)


def test_its_weights_stay_when_the_model_learns() -> None:
    policy = small_policy(POINTER).train()
    assert policy.grounder is not None
    before = {name: one.clone() for name, one in policy.grounder.state_dict().items()}
    images, state = seen()
    trained = torch.optim.AdamW(policy.parameters(), lr=0.1)
    for _ in range(3):
        trained.zero_grad()
        policy(told(images), state, SENTENCES).features.square().sum().backward()
        trained.step()
    assert all(weight.grad is None for weight in policy.grounder.parameters())
    assert all(torch.equal(one, before[name]) for name, one in policy.grounder.state_dict().items())


@pytest.mark.parametrize(
    ("images", "state", "message"),
    [
        ({}, torch.zeros(2, 5), r"head_told is missing. There are: none"),
        ({"head": torch.zeros(2, 32, 32, 3)}, torch.zeros(2, 5), r"head_told is missing.*: head"),
        ({"head_told": torch.zeros(2, 32, 32, 3)}, torch.zeros(2, 5), r"head_told are torch.float"),
        (
            {"head_told": torch.zeros(3, 32, 32, 3, dtype=torch.uint8)},
            torch.zeros(2, 5),
            r"not torch.uint8 of shape \(2, height, width, 3\)",
        ),
        (
            {"head_told": torch.zeros(2, 32, 32, 3, dtype=torch.uint8)},
            torch.zeros(2, 4),
            r"state is of shape \(2, 4\), not \(2, 5\)",
        ),
    ],
)
def test_what_it_cannot_look_at_is_refused(
    images: dict[str, torch.Tensor], state: torch.Tensor, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        small_policy(POINTER).ground(images, state, SENTENCES)


def test_a_robot_that_lacks_what_it_needs_is_refused() -> None:
    blind = replace(
        POINTER,
        grounding=replace(
            GROUNDING, view=CameraInput("waist", 16, 16), state=("joint_1", "tail", "wing")
        ),
    )
    with pytest.raises(
        ModelError, match=r"needs what there is not: state entry tail, state entry wing, camera wai"
    ):
        PolicyModel.unfilled(blind, DESCRIPTION)


def test_a_model_that_neither_sees_nor_is_told_is_refused() -> None:
    with pytest.raises(ModelError, match=r"sees one camera or more"):
        replace(POINTER, grounding=None)


def test_a_view_that_both_look_at_is_one() -> None:
    both = replace(SEEING, cameras=(*CAMERAS, GROUNDING.view))
    assert both.views == (*CAMERAS, GROUNDING.view)
    assert both.cameras_at("told") == ("head",)
    assert SEEING.views == both.views
    assert SEEING.cameras_at("told") == ()


def test_a_policy_looks_once_for_each_sentence() -> None:
    policy = CheckpointPolicy(small_policy(POINTER))
    assert policy.remembers
    policy.reset(SENTENCES[0])
    first = policy.act(asked(SEEN))
    np.testing.assert_array_equal(policy.act(asked(LATER)), first)
    policy.reset(SENTENCES[0])
    assert not np.array_equal(policy.act(asked(LATER)), first)
    policy.reset(SENTENCES[1])
    other = policy.act(asked({**SEEN, "instruction": SENTENCES[1]}))
    assert not np.array_equal(other, first)


def test_a_policy_moves_on_but_not_what_it_was_told() -> None:
    model = small_policy(POINTER)
    policy = CheckpointPolicy(model)
    image, state = torch.from_numpy(IMAGE)[None], torch.from_numpy(np.array(SEEN["state"]))[None]
    with torch.no_grad():
        named = model.ground({"head_told": image}, state, SENTENCES[:1])
        moved = torch.from_numpy(np.array(MOVED["state"]))[None]
        wanted = model.actions(model({}, moved, SENTENCES[:1], named))[0].numpy()
    first = policy.act(asked(SEEN))
    later = policy.act(asked({**MOVED, "images/head": LATER["images/head"]}))
    np.testing.assert_array_equal(later, wanted)
    assert not np.array_equal(first, later)


def test_sessions_remember_for_themselves() -> None:
    policy = CheckpointPolicy(small_policy(POINTER))
    first, second = policy.session(), policy.session()
    one, other = first.act(asked(SEEN)), second.act(asked(LATER))
    assert not np.array_equal(one, other)
    np.testing.assert_array_equal(first.act(asked(LATER)), one)
    np.testing.assert_array_equal(second.act(asked(SEEN)), other)


@pytest.mark.parametrize(
    ("entry", "value", "message"),
    [
        ("images/head", IMAGE[:30], r"head is of shape \(30, 32, 3\)"),
        ("images/head", IMAGE.astype(np.float32), r"head_told are torch.float32"),
        ("state", np.zeros(4, dtype=np.float32), r"state is of shape \(1, 4\), not \(1, 5\)"),
        ("instruction", "red " * 40, r"has 40 words.*takes 11"),
    ],
)
def test_an_observation_of_another_kind_is_refused_and_forgotten(
    entry: str, value: np.ndarray | str, message: str
) -> None:
    policy = CheckpointPolicy(small_policy(POINTER))
    with pytest.raises(PolicyError, match=message):
        policy.act(asked({**SEEN, entry: value}))
    for name in ("images/head", "state", "instruction"):
        without = {key: one for key, one in SEEN.items() if key != name}
        with pytest.raises(PolicyError, match=rf"The observation has no {name}"):
            policy.act(asked(without))


def test_the_wrists_are_not_asked_for() -> None:
    without = {name: one for name, one in SEEN.items() if name != "images/right_wrist"}
    assert CheckpointPolicy(small_policy(POINTER)).act(asked(without)).shape == (4, 3)
