"""Training of tiny grounding networks on scenes of two squares."""

from dataclasses import dataclass
from pathlib import Path

from written_scenes import TINY, tiny_grounder

from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.training.grounding.batches import Questions
from vla_humanoid.training.grounding.config import GroundingTraining
from vla_humanoid.training.grounding.scenes import opened
from vla_humanoid.training.grounding.trainer import GroundingTrainer
from vla_humanoid.training.grounding.validation import validate


@dataclass(frozen=True)
class Learned:
    """A network after its training, and its figures on scenes that were held back."""

    grounder: Grounder
    figures: dict[str, float]


def learned(path: Path, told: GroundingTraining) -> Learned:
    """Train a network from the same weights every time."""
    trainer = GroundingTrainer(tiny_grounder(hears=not told.blind_to_words), told)
    with opened((path,), TINY.view, TINY.mentions, told.held_back) as scenes:
        questions = Questions(scenes, TINY)
        for _ in trainer.train(questions, scenes.train):
            pass
        return Learned(trainer.model, validate(trainer.model, questions, scenes.held_back))
