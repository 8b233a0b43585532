"""Losses and figures of a grounding network: what counts, and that right is better than wrong."""

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from written_scenes import QUICK, TINY, tiny_grounder

from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.grounding.grounded import Grounded
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.standardization import Standardization
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.training.grounding.batches import Answer, Questions
from vla_humanoid.training.grounding.losses import GroundingLosses, grounding_losses, spread
from vla_humanoid.training.grounding.scenes import KnownScene, opened
from vla_humanoid.training.grounding.validation import validate

SURE = 20.0
"""Logit of what an answer is sure of."""


@given(
    rows=st.integers(2, 6),
    columns=st.integers(2, 6),
    along=st.floats(0.0, 1.0),
    down=st.floats(0.0, 1.0),
)
def test_a_place_is_spread_over_the_cells_around_it(
    rows: int, columns: int, along: float, down: float
) -> None:
    config = replace(TINY, view=CameraInput("head", 8 * rows, 8 * columns))
    place = torch.tensor([[[along * columns, down * rows]]])
    weights = spread(place, config)
    assert weights.shape == (1, 1, rows * columns)
    assert (weights >= 0.0).all()
    assert (weights > 0.0).sum() <= 4
    assert weights.sum().item() == pytest.approx(1.0, abs=1e-5)
    mean = weights @ Grounder.unfilled(config).network.middles
    # Beyond the middles of the outermost cells there is no cell.
    size = torch.tensor([columns, rows])
    wanted = torch.minimum(place.clamp(min=0.5), size - 0.5)
    torch.testing.assert_close(mean, wanted, atol=2e-3, rtol=0.0)


def answer() -> Answer:
    """Two sentences: one names two things, the second out of view; the other names one."""
    generator = torch.Generator().manual_seed(0)
    named = torch.tensor([[True, True], [True, False]])
    return Answer(
        cells=torch.tensor([[[1.0, 2.5], [2.0, 2.0]], [[3.2, 0.7], [2.0, 2.0]]]),
        in_view=torch.tensor([[True, False], [True, False]]),
        named=named,
        position=torch.randn(2, 2, 3, generator=generator) * named[..., None],
        angles=torch.rand(2, 2, 6, generator=generator) * named[..., None],
        kinds=named.long(),
        tasks=torch.zeros(2, dtype=torch.int64),
        camera=torch.randn(2, 13, generator=generator),
    )


def right(grounder: Grounder, truth: Answer) -> Grounded:
    """Return what says all that is right, and is sure of it."""
    config = grounder.config
    weights = spread(truth.cells, config)
    return Grounded(
        cell_logits=weights.clamp(min=1e-9).log(),
        cells=weights @ grounder.network.middles,
        position=grounder.position(truth.position),
        angles=truth.angles,
        kind_logits=SURE * torch.nn.functional.one_hot(truth.kinds, len(config.kinds)).float(),
        task_logits=SURE * torch.nn.functional.one_hot(truth.tasks, len(config.tasks)).float(),
        camera=grounder.camera(truth.camera),
    )


def parts(losses: GroundingLosses) -> dict[str, float]:
    return {field.name: getattr(losses, field.name).item() for field in fields(losses)}


def two_tasks() -> Grounder:
    config: GroundingConfig = replace(TINY, tasks=("PickPlace", "Stack"))
    unit = Standardization([0.0] * 3, [1.0] * 3)
    camera = Standardization([0.0] * 13, [1.0] * 13)
    return Grounder(config, Standardization([0.0], [1.0]), unit, camera)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("cell_logits", "cells"),
        ("position", "place"),
        ("angles", "place"),
        ("kind_logits", "kinds"),
        ("task_logits", "tasks"),
        ("camera", "camera"),
    ],
)
def test_each_wrong_answer_costs_in_its_own_part(name: str, part: str) -> None:
    grounder, truth = two_tasks(), answer()
    best = right(grounder, truth)
    wrong = replace(best, **{name: getattr(best, name).flip(-1) + 0.1})
    good, bad = grounding_losses(grounder, best, truth), grounding_losses(grounder, wrong, truth)
    assert parts(bad)[part] > parts(good)[part] + 0.01
    assert {**parts(bad), part: 0.0} == pytest.approx({**parts(good), part: 0.0}, abs=1e-6)
    assert bad.total() > good.total()


def test_what_is_right_costs_no_more_than_its_spread() -> None:
    grounder, truth = two_tasks(), answer()
    found = parts(grounding_losses(grounder, right(grounder, truth), truth))
    assert {name: one for name, one in found.items() if name != "cells"} == pytest.approx(
        {"place": 0.0, "kinds": 0.0, "tasks": 0.0, "camera": 0.0}, abs=1e-5
    )
    assert 0.0 <= found["cells"] <= 1.4  # The entropy of four cells is at most log(4).


def changed(values: torch.Tensor, sentence: int, mention: int) -> torch.Tensor:
    other = values.clone()
    other[sentence, mention] = -other[sentence, mention] + 3.0 * torch.arange(other.shape[-1])
    return other


@pytest.mark.parametrize(
    ("name", "sentence", "mention", "counts"),
    [
        ("cell_logits", 0, 0, True),
        ("cell_logits", 0, 1, False),  # Out of view.
        ("cell_logits", 1, 1, False),  # Not named.
        ("position", 0, 1, True),  # It is somewhere, though out of view.
        ("position", 1, 1, False),
        ("angles", 0, 1, True),
        ("angles", 1, 1, False),
        ("kind_logits", 1, 1, True),  # That nothing is named is to be told.
    ],
)
def test_places_count_of_what_is_named_and_cells_of_what_is_in_view(
    name: str, sentence: int, mention: int, counts: bool
) -> None:
    grounder, truth = two_tasks(), answer()
    best = right(grounder, truth)
    other = replace(best, **{name: changed(getattr(best, name), sentence, mention)})
    before, after = (grounding_losses(grounder, one, truth).total() for one in (best, other))
    assert bool(before != after) == counts


def test_a_batch_in_which_nothing_is_named_has_a_loss() -> None:
    grounder, truth = two_tasks(), answer()
    none = replace(truth, named=torch.zeros(2, 2, dtype=torch.bool), kinds=truth.kinds * 0)
    found = right(grounder, none)
    losses = grounding_losses(grounder, found, none)
    assert losses.cells == losses.place == 0.0
    assert losses.total().isfinite()


class Fake(Grounder):
    """Says of each scene what one of its goals means, whatever it is asked.

    Args:
        truth: what is said.
    """

    def __init__(self, truth: Answer) -> None:
        plain = tiny_grounder()
        super().__init__(TINY, plain.state, plain.position, plain.camera)
        self._truth = truth

    def forward(
        self, images: torch.Tensor, state: torch.Tensor, sentences: Sequence[str]
    ) -> Grounded:
        assert len(images) == len(self._truth.tasks)
        return right(self, self._truth)


def judged(path: Path, goal: int) -> dict[str, float]:
    """Return the figures of who always means the goal of a number."""
    with opened((path,), TINY.view, TINY.mentions, QUICK.held_back) as scenes:
        questions = Questions(scenes, TINY)
        meant = [
            KnownScene(one.file, one.index, one.task, one.state, one.camera, one.meanings[goal:])
            for one in scenes.held_back
        ]
        return validate(Fake(questions.first(meant)[1]), questions, scenes.held_back)


def test_who_is_right_is_told_so(squares: Path) -> None:
    found = judged(squares, 0)
    assert found["pointed_1"] == found["kinds_right_1"] == found["tasks_right"] == 1.0
    assert found["median_cm_1"] == pytest.approx(0.0, abs=1e-3)


def test_who_points_at_the_other_thing_is_never_right(squares: Path) -> None:
    found = judged(squares, 1)
    assert found["pointed_1"] == 0.0
    assert found["median_cm_1"] == pytest.approx(100.0, abs=1e-3)
    assert found["p90_cm_1"] == pytest.approx(100.0, abs=1e-3)
    assert found["kinds_right_1"] == 1.0  # Both are squares.
