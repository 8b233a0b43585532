"""Action heads on toys: who keeps two ways to act apart, who takes the middle."""

from dataclasses import replace

import pytest
import torch
from small_policies import composed

from vla_humanoid.policies.config import HeadOptions
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.heads.head import ActionHead
from vla_humanoid.policies.heads.registry import HEADS, make_head

H, WIDTH, ACTIONS = 3, 16, 2


OPTIONS = HeadOptions(layers=1, steps=8, modes=2, bins=20, style_width=2)


def head_of(name: str, *, top_k: int = 1, style_weight: float = 10.0) -> ActionHead:
    torch.manual_seed(0)
    settings = replace(OPTIONS, top_k=top_k, style_weight=style_weight)
    config = composed(head=name, width=WIDTH, head_options=settings)
    head = make_head(config, ACTIONS)
    head.set_bounds(torch.full((ACTIONS,), -2.0), torch.full((ACTIONS,), 2.0))
    return head


def demonstrated(share: float, batch: int, generator: torch.Generator) -> torch.Tensor:
    """Return chunks that are 1 all along in a share of the cases, and else -1."""
    up = torch.rand(batch, 1, 1, generator=generator) < share
    return torch.where(up, 1.0, -1.0).expand(-1, H, ACTIONS)


def fitted(head: ActionHead, share: float, steps: int = 150, rate: float = 1e-2) -> float:
    """Train a head that sees nothing; return its last loss."""
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam(head.parameters(), rate)
    last = 0.0
    for _ in range(steps):
        actions = demonstrated(share, 64, generator)
        loss = head.loss(torch.zeros(64, H, WIDTH), actions, None, generator).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        last = loss.item()
    return last


def drawn(head: ActionHead, count: int = 64, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        return head.sample(torch.zeros(count, H, WIDTH), generator)


@pytest.mark.parametrize(("name", "middle"), [("regression", 1.0), ("regression_l2", 0.5)])
def test_regression_takes_the_median_or_the_mean(name: str, middle: float) -> None:
    head = head_of(name)
    fitted(head, 0.75)
    torch.testing.assert_close(
        drawn(head), torch.full((64, H, ACTIONS), middle), atol=0.15, rtol=0.0
    )


@pytest.mark.parametrize("name", ["flow", "gmm"])
def test_whole_chunks_of_both_ways_to_act_are_kept(name: str) -> None:
    head = head_of(name)
    fitted(head, 0.5, steps=300)
    chunks = drawn(head, 100)
    up = chunks.mean(dim=(1, 2)) > 0
    assert 20 < up.sum() < 80
    near = (chunks - torch.where(up, 1.0, -1.0)[:, None, None]).abs().amax(dim=(1, 2)) < 0.5
    assert near.float().mean() > 0.85  # None in the middle, and none that changes its mind.


def test_bins_keep_both_values_of_each_entry_and_draw_only_among_the_best() -> None:
    head = head_of("discrete", top_k=2)
    fitted(head, 0.5)
    values = drawn(head)
    assert ((values.abs() - 1.0).abs() <= 0.1 + 1e-6).all()  # Within half of a bin of 0.2.
    assert 0.3 < (values > 0).float().mean() < 0.7


def test_one_bin_is_taken_if_there_is_nothing_to_draw() -> None:
    head = head_of("discrete", top_k=1)
    fitted(head, 0.8)
    assert ((drawn(head) - 1.0).abs() <= 0.1 + 1e-6).all()


def test_bins_reach_from_bound_to_bound() -> None:
    head = head_of("discrete")
    features = torch.zeros(1, H, WIDTH)
    inside = head.loss(features, torch.full((1, H, ACTIONS), 1.999))
    torch.testing.assert_close(head.loss(features, torch.full((1, H, ACTIONS), 50.0)), inside)
    assert (drawn(head).abs() <= 2.0).all()


def test_a_style_explains_what_is_not_seen_and_is_zero_when_acting() -> None:
    told = fitted(head_of("cvae", style_weight=0.01), 0.5)
    assert told < 0.5  # One action for both ways is 1 off at the least.
    head = head_of("cvae")
    assert torch.equal(drawn(head, seed=0), drawn(head, seed=1))


@pytest.mark.parametrize("name", HEADS)
def test_seeds_reproduce_losses_and_actions(name: str) -> None:
    head = head_of(name, top_k=4)
    features = torch.randn(5, H, WIDTH, generator=torch.Generator().manual_seed(1))
    actions = torch.randn(5, H, ACTIONS, generator=torch.Generator().manual_seed(2))

    def loss(seed: int) -> torch.Tensor:
        return head.loss(features, actions, None, torch.Generator().manual_seed(seed))

    assert loss(0).shape == (5, H)
    assert torch.equal(loss(0), loss(0))
    assert drawn(head).shape == (64, H, ACTIONS)
    assert torch.equal(drawn(head), drawn(head))
    if name in ("flow", "cvae"):
        assert not torch.equal(loss(0), loss(1))
    if name in ("flow", "gmm", "discrete"):
        assert not torch.equal(drawn(head, seed=0), drawn(head, seed=1))
        assert head.sample(features, None).shape == (5, H, ACTIONS)


@pytest.mark.parametrize("name", HEADS)
def test_what_padding_holds_changes_no_other_step(name: str) -> None:
    head = head_of(name)
    features = torch.randn(2, H, WIDTH, generator=torch.Generator().manual_seed(1))
    actions = torch.randn(2, H, ACTIONS, generator=torch.Generator().manual_seed(2))
    padding = torch.tensor([[False, False, True], [False] * 3])
    other = actions.clone()
    other[0, 2] = 7.0
    one, two = (
        head.loss(features, given, padding, torch.Generator().manual_seed(0))
        for given in (actions, other)
    )
    torch.testing.assert_close(one[~padding], two[~padding])


@pytest.mark.parametrize("name", HEADS)
def test_gradients_reach_every_weight_and_the_features(name: str) -> None:
    head = head_of(name)
    features = torch.randn(2, H, WIDTH, requires_grad=True)
    head.loss(features, torch.zeros(2, H, ACTIONS)).sum().backward()
    assert [one for one, weight in head.named_parameters() if weight.grad is None] == []
    assert features.grad is not None
    assert features.grad.abs().sum() > 0


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        ModelError, match=r"no action head 'feet'.*regression, .*flow, gmm, discrete"
    ):
        make_head(composed(head="feet"), ACTIONS)
