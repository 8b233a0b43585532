"""The checkpoint that comes with the package: it is small, complete, and acts."""

from pathlib import Path

import pytest

from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.run import evaluate
from vla_humanoid.policies.checkpoint import from_pretrained
from vla_humanoid.policies.loading import SHIPPED, checkpoint_folder

EPISODES = 5


def shipped() -> Path:
    folder = checkpoint_folder(SHIPPED)
    assert folder is not None
    return folder


def test_it_is_small_and_tells_where_it_comes_from() -> None:
    assert sum(path.stat().st_size for path in shipped().iterdir()) <= 16 * 2**20
    model, provenance = from_pretrained(shipped())
    assert model.description.tasks == provenance.tasks == ("PickPlace",)
    assert model.description.cameras == ("head",)
    assert provenance.datasets
    assert provenance.grammar
    assert provenance.revision


@pytest.mark.slow
def test_it_does_what_it_is_told_more_often_than_not(tmp_path: Path) -> None:
    found = evaluate(EvaluationConfig(SHIPPED), ("PickPlace",), EPISODES, tmp_path, workers=2)
    assert sum(one.success for one in found.episodes) > EPISODES / 2
