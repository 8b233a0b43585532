"""A tiny network learns to point at what is named; its twin that hears nothing does not."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from learned_pointing import Learned, learned
from written_scenes import QUICK, TINY, said

from vla_humanoid.training.grounding.scenes import opened
from vla_humanoid.training.optimization import NotFiniteError


def test_a_network_learns_to_point_at_what_is_named(pointing: Learned, squares: Path) -> None:
    found = pointing.figures
    assert found["pointed_1"] >= 0.95
    assert found["kinds_right_1"] == 1.0
    assert found["median_cm_1"] < 10.0  # Of 100 between the squares.
    assert found["tasks_right"] == 1.0
    assert not any(name.endswith("_2") for name in found)  # Nothing is named second.
    with opened((squares,), TINY.view, TINY.mentions, 0.2) as scenes, torch.no_grad():
        images = scenes.pictures(scenes.held_back[:20])
    words = [said(color)[1] for _ in range(20) for color in ("red", "blue")]
    with torch.no_grad():
        cells = pointing.grounder(images, torch.zeros(20, 1), words).cells[:, 0, 0]
    middle = TINY.columns / 2
    assert ((cells[::2] < middle) != (cells[1::2] < middle)).float().mean() >= 0.9


def test_a_twin_that_hears_nothing_stays_at_chance(squares: Path) -> None:
    found = learned(squares, replace(QUICK, blind_to_words=True, steps=150)).figures
    assert 0.2 <= found["pointed_1"] <= 0.8  # Of 40 scenes.


def test_a_seed_gives_the_same_network(squares: Path) -> None:
    few = replace(QUICK, steps=3)
    once, again = (learned(squares, few).grounder.state_dict() for _ in range(2))
    other = learned(squares, replace(few, seed=1)).grounder.state_dict()
    assert all(torch.equal(once[name], again[name]) for name in once)
    assert not all(torch.equal(once[name], other[name]) for name in once)


def test_a_loss_that_is_no_number_is_told_with_what_to_do(squares: Path) -> None:
    with pytest.raises(NotFiniteError, match=r"loss of step \d+ is nan. Lower the learning rate"):
        learned(squares, replace(QUICK, steps=30, learning_rate=1e20, clip=1e20, warmup=1))
