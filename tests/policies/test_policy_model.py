"""Models as a whole: composed by name, the same from the same seed, and the default as it was."""

import json
from dataclasses import asdict, replace

import pytest
import torch
from pydantic import TypeAdapter
from small_policies import (
    ACTION,
    CAMERAS,
    DESCRIPTION,
    SENTENCES,
    SMALL,
    composed,
    seen,
    small_policy,
)

from vla_humanoid.policies.config import HeadOptions, ModelConfig
from vla_humanoid.policies.errors import InputError, ModelError
from vla_humanoid.policies.views import CameraInput

OF_OLD = {
    "cameras": [{"camera": "head", "height": 64, "width": 64}],
    "state": ["joint_0"],
    "vision": "cnn_film",
    "vision_channels": [16, 32, 64],
    "text": "transformer",
    "text_layers": 2,
    "max_tokens": 64,
    "fusion": "cross_attention",
    "fusion_layers": 3,
    "latents": 12,
    "width": 128,
    "attention_heads": 4,
    "decoder_layers": 2,
    "horizon": 16,
    "head": "regression",
    "keyposes": 2,
    "subgoals": 12,
    "dropout": 0.0,
    "vocabulary": ["<pad>", "<unk>", "<s>"],
}
"""What a checkpoint of the first version says of its model."""
PARTS_OF_OLD = {
    "camera": 1,
    "decoder": 25,
    "fusion": 23,
    "head": 2,
    "planning": 9,
    "state": 4,
    "text": 18,
    "vision": 26,
}
"""How many weights each part of the small model had in the first version."""


def test_a_configuration_of_the_first_version_means_what_it_meant() -> None:
    config = TypeAdapter(ModelConfig).validate_json(json.dumps(OF_OLD))
    assert config == ModelConfig(
        (CameraInput("head", 64, 64),), ("joint_0",), vocabulary=("<pad>", "<unk>", "<s>")
    )
    assert (
        json.loads(json.dumps(asdict(config))).items()
        >= {name: value for name, value in OF_OLD.items() if name != "cameras"}.items()
    )


def test_the_default_model_has_the_weights_that_it_had() -> None:
    counts: dict[str, int] = {}
    for name, _ in small_policy().model.named_parameters():
        part = name.split(".")[0]
        counts[part] = counts.get(part, 0) + 1
    assert counts == PARTS_OF_OLD
    assert small_policy().model.get_parameter("vision.head.blocks.0.0.film.weight").shape == (16, 8)


@pytest.mark.parametrize(
    "config",
    [
        SMALL,
        composed(vision="vit", fusion="transformer", head="flow"),
        composed(vision="resnet", text="task_id", head="cvae"),
        composed(vision_shared=True, learned_tokens=2, fusion="concat", head="discrete"),
    ],
    ids=["default", "vit", "resnet", "shared"],
)
def test_a_model_is_what_its_names_say_and_the_same_from_the_same_seed(config: ModelConfig) -> None:
    images, state = seen()
    one, again = small_policy(config), small_policy(config)
    output = one(images, state, SENTENCES)
    assert output.features.shape == (2, config.horizon, config.width)
    assert output.plan.keyposes.shape == (2, 2, ACTION.dim)
    assert output.vision.shape[0] == output.text.shape[0] == output.fused.shape[0] == 2
    draws = [torch.Generator().manual_seed(0) for _ in range(2)]
    actions = one.actions(output, draws[0])
    assert actions.shape == (2, config.horizon, ACTION.dim)
    assert actions.abs().max() <= 1.0
    assert torch.equal(actions, again.actions(again(images, state, SENTENCES), draws[1]))


def test_a_sample_does_not_depend_on_its_company() -> None:
    policy = small_policy()
    images, state = seen()
    long = [SENTENCES[0], f"{SENTENCES[1]} and then pick it up"]
    both = policy(images, state, long)
    alone = policy({camera: one[:1] for camera, one in images.items()}, state[:1], long[:1])
    torch.testing.assert_close(both.features[:1], alone.features, atol=1e-5, rtol=1e-4)


def test_cameras_may_share_one_encoder() -> None:
    apart, shared = (small_policy(composed(vision_shared=one)) for one in (False, True))
    sizes = [
        sum(one.numel() for one in policy.model.vision.parameters()) for policy in (apart, shared)
    ]
    assert sizes[0] == 2 * sizes[1]


def test_bins_lie_between_the_bounds_of_normalized_actions() -> None:
    policy = small_policy(composed(head="discrete", head_options=HeadOptions(bins=4)))
    low, high = policy.model.head.get_buffer("low"), policy.model.head.get_buffer("high")
    torch.testing.assert_close(policy.processor.action.inverse(low), -torch.ones(3))
    torch.testing.assert_close(policy.processor.action.inverse(high), torch.ones(3))


def test_what_a_model_cannot_see_is_told() -> None:
    policy = small_policy()
    images, state = seen()
    with pytest.raises(InputError, match=r"image of right_wrist is missing. There are: head"):
        policy({"head": images["head"]}, state, SENTENCES)
    with pytest.raises(
        InputError, match=r"head are torch.float32 .* not torch.uint8 of shape \(2,"
    ):
        policy({**images, "head": images["head"].float()}, state, SENTENCES)
    with pytest.raises(InputError, match=r"of shape \(2, 32, 32, 1\)"):
        policy({**images, "head": images["head"][..., :1]}, state, SENTENCES)
    with pytest.raises(InputError, match=r"state is of shape \(2, 4\), not \(2, 5\)"):
        policy(images, state[:, :4], SENTENCES)
    with pytest.raises(InputError, match=r"has 20 words.*takes 11"):
        policy(images, state, ["red " * 20, "red"])


def test_a_model_that_needs_what_there_is_not_is_refused() -> None:
    with pytest.raises(ModelError, match=r"no joint_9. It has: joint_0"):
        small_policy(replace(SMALL, state=("joint_9",)))
    cameras = (*CAMERAS, CameraInput("ceiling", 8, 8))
    with pytest.raises(ModelError, match=r"no camera ceiling. There are: head, right_wrist"):
        small_policy(replace(SMALL, cameras=cameras))
    assert DESCRIPTION.cameras == ("head", "right_wrist")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 6}, "width is 6"),
        ({"attention_heads": 3}, "attention_heads, 3"),
        ({"horizon": 0}, "horizon is 0; it is to be at least 1"),
        ({"keyposes": -1}, "keyposes is -1; it is to be at least 0"),
        ({"vision_channels": ()}, r"vision_channels are \(\)"),
        ({"vision_channels": (4, 6)}, "the last a multiple of 4"),
        ({"dropout": 1.0}, "dropout is 1"),
        ({"cameras": ()}, "one camera or more"),
        ({"cameras": CAMERAS[:1] * 2}, "each once"),
    ],
)
def test_sizes_that_cannot_be_are_refused(change: dict[str, int], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        replace(SMALL, **change)


def test_settings_of_heads_and_views_that_cannot_be_are_refused() -> None:
    with pytest.raises(ModelError, match=r"bins is 0"):
        HeadOptions(bins=0)
    with pytest.raises(ModelError, match=r"top_k is 9, of 8 bins"):
        HeadOptions(bins=8, top_k=9)
    with pytest.raises(ModelError, match=r"nothing is kept"):
        CameraInput("head", 8, 8, top=0.5, bottom=0.5)
    with pytest.raises(ModelError, match=r"height is 0"):
        CameraInput("head", 0, 8)
