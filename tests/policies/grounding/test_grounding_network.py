"""A grounding network: what it says depends on picture, words and posture, and nothing else."""

from dataclasses import fields, replace

import pytest
import torch
from small_policies import GROUNDING, SENTENCES, small_grounder

from vla_humanoid.policies.errors import InputError, ModelError
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.grounding.grounded import Grounded
from vla_humanoid.policies.text.tokenizer import TooLongError
from vla_humanoid.policies.views import CameraInput

SAID = (*SENTENCES, "pick up", "")
"""Of different lengths."""


def pictures(count: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images of 32 pixels, and states."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 32, 32, 3), generator=generator, dtype=torch.uint8)
    return images, torch.randn(count, len(GROUNDING.state), generator=generator)


def require_close(one: Grounded, other: Grounded) -> None:
    for field in fields(Grounded):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def joined(several: list[Grounded]) -> Grounded:
    names = [field.name for field in fields(Grounded)]
    return Grounded(**{name: torch.cat([getattr(one, name) for one in several]) for name in names})


@torch.no_grad()
def test_sentences_of_a_picture_give_what_they_give_alone() -> None:
    grounder = small_grounder()
    images, state = pictures(3)
    together = grounder(images, state, SAID * 3)
    for sentence in range(len(SAID)):
        alone = grounder(images, state, [SAID[sentence]] * 3)
        torch.testing.assert_close(together.features()[sentence :: len(SAID)], alone.features())
        torch.testing.assert_close(
            together.cell_logits[sentence :: len(SAID)], alone.cell_logits, atol=1e-5, rtol=1e-4
        )
        torch.testing.assert_close(together.camera, alone.camera)


@torch.no_grad()
def test_pictures_of_a_batch_give_what_they_give_alone() -> None:
    grounder = small_grounder()
    images, state = pictures(3)
    alone = [grounder(images[[one]], state[[one]], SAID) for one in range(3)]
    require_close(joined(alone), grounder(images, state, SAID * 3))


@torch.no_grad()
def test_words_of_padding_change_nothing() -> None:
    network = small_grounder().network
    generator = torch.Generator().manual_seed(0)
    pixels, state = torch.randn(2, 3, 24, 32, generator=generator), torch.zeros(2, 2)
    ids = torch.randint(3, len(GROUNDING.vocabulary), (2, 5), generator=generator)
    longer = torch.cat([ids, torch.tensor([[4, 5, 6], [7, 8, 3]])], dim=1)
    mask = torch.arange(8).expand(2, -1) < 5
    plain = network(pixels, ids, mask[:, :5], state)
    require_close(plain, network(pixels, longer, mask, state))


@torch.no_grad()
def test_picture_words_and_posture_each_matter() -> None:
    grounder = small_grounder()
    images, state = pictures(1)
    said = SENTENCES[:1]
    meant = grounder(images, state, said).features()
    others = (
        grounder(255 - images, state, said),
        grounder(images, state + 1.0, said),
        grounder(images, state, SENTENCES[1:]),
    )
    for other in others:
        assert not torch.allclose(meant, other.features(), atol=1e-6)


@torch.no_grad()
def test_shapes_are_as_told() -> None:
    grounder = small_grounder()
    images, state = pictures(2)
    found = grounder(images, state, SAID * 2)
    sentences, cells = 2 * len(SAID), GROUNDING.rows * GROUNDING.columns
    assert (GROUNDING.rows, GROUNDING.columns) == (3, 4)
    assert found.cell_logits.shape == (sentences, 2, cells)
    assert found.cells.shape == (sentences, 2, 2)
    assert found.position.shape == (sentences, 2, 3)
    assert found.angles.shape == (sentences, 2, 6)
    assert found.kind_logits.shape == (sentences, 2, 3)
    assert found.task_logits.shape == (sentences, 2)
    assert found.camera.shape == (2, 13)
    assert found.features().shape == (sentences, GROUNDING.features)
    assert (found.cells >= 0.5).all()
    assert (found.cells <= torch.tensor([3.5, 2.5])).all()


def test_a_thing_that_is_not_mentioned_is_nowhere() -> None:
    kinds = torch.tensor([[[30.0, 0.0, 0.0], [-30.0, 0.0, 30.0]]])
    one = torch.ones(1, 2, 3)
    found = Grounded(
        one, one, one, torch.ones(1, 2, 6), kinds, torch.zeros(1, 2), torch.zeros(1, 13)
    )
    first, second, tasks = found.features().split([12, 12, 2], dim=-1)
    torch.testing.assert_close(first, torch.tensor([[0.0] * 9 + [1.0, 0.0, 0.0]]))
    torch.testing.assert_close(second, torch.tensor([[1.0] * 9 + [0.0, 0.0, 1.0]]))
    torch.testing.assert_close(tasks, torch.tensor([[0.5, 0.5]]))


def test_sentences_that_do_not_fit_the_pictures_are_refused() -> None:
    grounder = small_grounder()
    images, state = pictures(2)
    for said in ((), SENTENCES[:1], (*SENTENCES, "pick up")):
        with pytest.raises(InputError, match=rf"{len(said)} sentences are not as many for 2"):
            grounder(images, state, said)
    with pytest.raises(TooLongError, match=r"has 40 words.*the model takes 11"):
        grounder(images, state, ["red " * 40] * 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"view": CameraInput("head", 20, 32)}, r"head is 20 x 32.*multiples of 8"),
        ({"view": CameraInput("head", 8, 32)}, r"head is 8 x 32.*16 at least"),
        ({"width": 9}, r"width a multiple of attention_heads"),
        ({"channels": (4, 0, 8)}, r"at least 1"),
        ({"mentions": 0}, r"at least 1"),
        ({"attention_heads": 0}, r"at least 1"),
        ({"kinds": ("can",)}, r"kinds, of which '' is the first"),
        ({"kinds": ()}, r"kinds, of which '' is the first"),
        ({"tasks": ()}, r"tells tasks apart"),
    ],
)
def test_a_network_that_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        GroundingConfig(**{**GROUNDING.__dict__, **change})


def test_another_tokenizer_is_refused() -> None:
    with pytest.raises(ModelError, match=r"vocabulary begins with nothing"):
        small_grounder(replace(GROUNDING, vocabulary=()))


@torch.no_grad()
def test_a_twin_that_does_not_hear_makes_the_same_of_every_sentence() -> None:
    images, state = pictures(1)
    for hears in (True, False):
        grounder = small_grounder(replace(GROUNDING, hears=hears))
        one, other = (grounder(images, state, [said]).features() for said in SENTENCES)
        assert torch.equal(one, other) is not hears
