"""Fusions: what comes out depends on what is seen, on what is said and on the state."""

import pytest
import torch
from small_policies import SENTENCES, composed, seen, small_policy

from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.fusion.registry import FUSIONS, make_fusion

VISION_WIDTH = 12


def parts(seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    shapes = {"vision": (2, 6, VISION_WIDTH), "text": (2, 5, 8), "others": (2, 3, 8)}
    return {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}


def mask() -> torch.Tensor:
    return torch.tensor([[True] * 5, [True] * 3 + [False] * 2])


SEEING = [name for name in FUSIONS if name != "mlp"]
"""Those that look at images and words themselves."""


@pytest.mark.parametrize("name", SEEING)
@pytest.mark.parametrize("modality", ["vision", "text", "others"])
def test_every_modality_changes_what_comes_out_and_gets_gradients(name: str, modality: str) -> None:
    torch.manual_seed(0)
    fusion = make_fusion(composed(fusion=name), VISION_WIDTH).eval()
    given = {key: one.requires_grad_() for key, one in parts().items()}
    tokens, _ = fusion(given["vision"], given["text"], mask(), given["others"])
    tokens[:, :3].square().sum().backward()
    gradient = given[modality].grad
    assert gradient is not None
    assert (gradient[0].abs().sum(dim=-1) > 0).all()  # Of each token.
    changed = {**given, modality: parts(1)[modality]}
    others, _ = fusion(changed["vision"], changed["text"], mask(), changed["others"])
    assert not torch.allclose(tokens[:, :3], others[:, :3], atol=1e-4)


@pytest.mark.parametrize("name", SEEING)
def test_the_tokens_of_padding_change_nothing(name: str) -> None:
    fusion = make_fusion(composed(fusion=name), VISION_WIDTH).eval()
    given = parts()
    tokens, there = fusion(given["vision"], given["text"], mask(), given["others"])
    given["text"][1, 3:] = 100.0
    again, _ = fusion(given["vision"], given["text"], mask(), given["others"])
    assert tokens.shape[:2] == there.shape
    assert there[0].all()
    torch.testing.assert_close(tokens[there], again[there])


@pytest.mark.parametrize("name", SEEING)
def test_a_model_sees_hears_and_feels(name: str) -> None:
    policy = small_policy(composed(fusion=name))
    images, state = seen(1)
    actions = policy.actions(policy(images, state, SENTENCES[:1]))
    black = {camera: torch.zeros_like(one) for camera, one in images.items()}
    for others in [
        policy(images, state, SENTENCES[1:]),
        policy(black, state, SENTENCES[:1]),
        policy(images, state + 1.0, SENTENCES[:1]),
        *(policy({**images, one: black[one]}, state, SENTENCES[:1]) for one in images),
    ]:
        assert not torch.equal(actions, policy.actions(others))


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        ModelError, match=r"no fusion 'soup'. There are: concat, transformer, cross"
    ):
        make_fusion(composed(fusion="soup"), VISION_WIDTH)
