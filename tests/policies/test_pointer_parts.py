"""Parts of a policy that is told where things are: no words, a perceptron, a flat decoder."""

from dataclasses import replace

import pytest
import torch
from small_policies import GROUNDING, SENTENCES, composed, small_policy

from vla_humanoid.policies.decoder import FlatDecoder, QueryDecoder, make_decoder
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.fusion.registry import make_fusion
from vla_humanoid.policies.text.none import NoText, NoTokenizer
from vla_humanoid.policies.text.registry import text_kind

MLP = replace(composed(), fusion="mlp", latents=4, hidden=16)
OTHERS = 5
"""Other tokens of the small model with a grounding network: of plan, state and what is named."""


def others(seed: int = 0) -> torch.Tensor:
    return torch.randn(2, OTHERS, 8, generator=torch.Generator().manual_seed(seed))


def fused(tokens: torch.Tensor, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    fusion = make_fusion(replace(MLP, grounding=GROUNDING), 12)
    said = torch.randn(2, 3, 8, generator=torch.Generator().manual_seed(seed))
    return fusion(said[:, :0], said, torch.ones(2, 3, dtype=torch.bool), tokens)


def test_every_other_token_changes_what_the_perceptron_says_and_gets_gradients() -> None:
    given = others().requires_grad_()
    tokens, mask = fused(given)
    assert tokens.shape == (2, 4, 8)
    assert mask.all()
    assert mask.shape == (2, 4)
    tokens[:, 0].square().sum().backward()
    assert given.grad is not None
    assert (given.grad.abs().sum(dim=-1) > 0).all()
    for index in range(OTHERS):
        changed = others()
        changed[:, index] = others(1)[:, index]
        assert not torch.allclose(fused(changed)[0], tokens, atol=1e-5)


def test_the_perceptron_hears_and_sees_nothing() -> None:
    assert torch.equal(fused(others())[0], fused(others(), seed=1)[0])


def test_samples_do_not_mix_in_the_perceptron() -> None:
    mixed = torch.stack([others()[0], others(1)[1]])
    torch.testing.assert_close(fused(mixed)[0][0], fused(others())[0][0])


def test_the_perceptron_needs_tokens_for_the_plan() -> None:
    with pytest.raises(ModelError, match=r"latents is 2; the plan alone needs 3"):
        make_fusion(replace(MLP, latents=2), 12)


def test_the_flat_decoder_reads_all_tokens_for_every_step() -> None:
    torch.manual_seed(0)
    decoder = make_decoder(replace(MLP, decoder="flat"))
    assert isinstance(decoder, FlatDecoder)
    mask = torch.ones(2, 4, dtype=torch.bool)
    given = others()[:, :4].requires_grad_()
    features = decoder(given, mask)
    assert features.shape == (2, 4, 8)
    for step in range(4):
        (gradient,) = torch.autograd.grad(features[:, step].sum(), given, retain_graph=True)
        assert (gradient.abs().sum(dim=-1) > 0).all()
    assert not torch.allclose(features[:, 0], features[:, 1])


def test_decoders_are_chosen_by_name() -> None:
    assert isinstance(make_decoder(composed()), QueryDecoder)
    with pytest.raises(ModelError, match=r"no decoder 'spiral'. There are: queries, flat"):
        make_decoder(replace(MLP, decoder="spiral"))
    with pytest.raises(ModelError, match=r"flat reads the tokens of fusion mlp, not of cross_att"):
        make_decoder(replace(composed(), decoder="flat"))


def test_no_words_are_the_same_whatever_is_said() -> None:
    ids, mask = NoTokenizer()([*SENTENCES, "", "red " * 500])
    assert ids.shape == mask.shape == (4, 1)
    assert ids.dtype == torch.int64
    assert mask.all()
    tokens = NoText(8)(ids, mask)
    assert torch.equal(tokens, torch.zeros(4, 1, 8))
    assert text_kind("none").vocabulary(SENTENCES) == ()


def test_a_model_without_words_acts_the_same_whatever_is_said() -> None:
    policy = small_policy(composed(text="none"))
    images = {
        camera: torch.zeros(2, 32, 32, 3, dtype=torch.uint8) for camera in ("head", "right_wrist")
    }
    with torch.no_grad():
        features = policy(images, torch.zeros(2, 5), SENTENCES).features
    assert torch.isfinite(features).all()
    torch.testing.assert_close(features[0], features[1])


def test_features_are_in_full_precision_whatever_layers_compute_in() -> None:
    config = replace(MLP, decoder="flat", grounding=GROUNDING, cameras=())
    policy = small_policy(config).train()
    with torch.autocast("cpu", torch.bfloat16):
        named = torch.zeros(2, GROUNDING.features)
        features = policy({}, torch.zeros(2, 5), SENTENCES, named).features
    assert features.dtype == torch.float32
    policy.model.head.loss(features, torch.zeros(2, 4, 3)).sum().backward()
