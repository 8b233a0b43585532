"""Noise on what a model feels and is told: how much there is of it, and that it can be repeated."""

from dataclasses import replace

import pytest
import torch
from shared_step import batch, model

from vla_humanoid.training.augmentation import blur_states
from vla_humanoid.training.batches import Seen
from vla_humanoid.training.config import TrainingConfig
from vla_humanoid.training.draws import Draws
from vla_humanoid.training.objective import Objective
from vla_humanoid.training.trainer import Trainer

MANY = 20_000
DEVIATION = torch.tensor([1.0, 0.1, 5.0])


def noise(most: float, seed: int = 0) -> torch.Tensor:
    """Return the noise on many states, in deviations."""
    state = torch.tensor([3.0, -2.0, 0.5]).repeat(MANY, 1)
    return (blur_states(state, DEVIATION, most, Draws(seed, 7, MANY)) - state) / DEVIATION


def test_states_are_blurred_by_up_to_as_many_deviations_as_is_told() -> None:
    found = noise(0.3)
    torch.testing.assert_close(found.mean(dim=0), torch.zeros(3), atol=0.01, rtol=0.0)
    # Of u * n, u uniform in [0, 0.3) and n normal, the variance is 0.03.
    torch.testing.assert_close(found.std(dim=0), torch.full((3,), 0.03**0.5), atol=0.01, rtol=0.0)


def test_how_much_noise_there_is_is_drawn_for_each_sample() -> None:
    size = noise(1.0).abs()
    together = torch.corrcoef(size.T)
    assert (together[~torch.eye(3, dtype=torch.bool)] > 0.2).all()
    signed = torch.corrcoef(noise(1.0).T)
    assert (signed[~torch.eye(3, dtype=torch.bool)].abs() < 0.05).all()


def test_noise_follows_from_seed_and_step() -> None:
    state = torch.zeros(4, 3)
    first = blur_states(state, DEVIATION, 1.0, Draws(0, 7, 4))
    assert torch.equal(first, blur_states(state, DEVIATION, 1.0, Draws(0, 7, 4)))
    for other in (Draws(1, 7, 4), Draws(0, 8, 4)):
        assert not torch.equal(first, blur_states(state, DEVIATION, 1.0, other))
    assert torch.equal(blur_states(state, DEVIATION, 0.0, Draws(0, 7, 4)), state)


def test_processes_draw_their_parts_of_the_same_noise() -> None:
    whole = Draws(0, 7, 6).normal(3)
    parts = [Draws(0, 7, 2, rank, 3).normal(3) for rank in range(3)]
    assert torch.equal(torch.cat(parts), whole)
    many = Draws(0, 7, MANY).normal(2)
    torch.testing.assert_close(many.mean(dim=0), torch.zeros(2), atol=0.03, rtol=0.0)
    torch.testing.assert_close(many.std(dim=0), torch.ones(2), atol=0.03, rtol=0.0)


def shown(config: TrainingConfig, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Return what a model is shown of a batch at the first step."""
    kept: list[Seen] = []

    def keep(self: Objective, seen: Seen, truth: object) -> None:
        kept.append(seen)
        raise InterruptedError

    monkeypatch.setattr(Objective, "forward", keep)
    given, truth = batch(slice(None))
    given = replace(given, named=torch.zeros(len(given.state), 500))
    with pytest.raises(InterruptedError):
        next(Trainer(model(), config).train(iter([(given, truth)])))
    return kept[0]


def test_a_model_is_shown_what_it_is_told_with_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = TrainingConfig(steps=1, batch_size=6, precision="float32", state_dropout=0.0)
    before, _ = batch(slice(None))
    without = shown(plain, monkeypatch)
    assert torch.equal(without.state, before.state)
    assert without.named is not None
    assert torch.equal(without.named, torch.zeros(6, 500))
    noisy = replace(plain, named_noise=0.2, state_noise=0.5)
    found, again = shown(noisy, monkeypatch), shown(noisy, monkeypatch)
    other = shown(replace(noisy, seed=1), monkeypatch)
    assert found.named is not None
    assert again.named is not None
    assert other.named is not None
    assert found.named.std().item() == pytest.approx(0.2, rel=0.1)
    assert not torch.equal(found.state, before.state)
    assert torch.equal(found.named, again.named)
    assert torch.equal(found.state, again.state)
    assert not torch.equal(found.named, other.named)
    assert found.sentences == before.sentences
